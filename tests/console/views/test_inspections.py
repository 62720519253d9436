import pytest
from pydantic import ValidationError

from tallyward.console.views.inspections import LateCardRow
from tests.console.fakes import NOON


def test_a_late_card_says_all_of_it() -> None:
    told = {"card": 1, "iccid": "8986", "real_name": "none", "joined_at": NOON, "days": 3, "in_use": True}
    row = LateCardRow.model_validate({**told, "assumed": False})
    assert row.model_dump(mode="json")["joined_at"] == "2026-03-02T12:00:00Z"
    with pytest.raises(ValidationError):
        LateCardRow.model_validate(told)
