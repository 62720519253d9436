import pytest
from pydantic import ValidationError

from tallyward.console.views.rule_baselines import ClassBaselineRows

NONE: dict[str, object] = {
    "version": None,
    "computed_at": None,
    "days": [],
    "card_days": 0,
    "enough": 1,
    "rows": [],
    "damaged": None,
    "uses": [],
}


def test_before_the_first_computation_version_and_time_are_null() -> None:
    shown = ClassBaselineRows.model_validate(NONE)
    assert shown.model_dump(mode="json")["computed_at"] is None


def test_no_field_is_added_by_accident() -> None:
    with pytest.raises(ValidationError):
        ClassBaselineRows.model_validate({**NONE, "more": 1})
