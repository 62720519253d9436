import pytest
from pydantic import ValidationError

from tallyward.console.views.dry_runs import DryRunWish


def test_a_text_is_bounded() -> None:
    assert DryRunWish.model_validate({"text": "x" * 40_000, "since": "2026-03-02"}).until is None
    with pytest.raises(ValidationError):
        DryRunWish.model_validate({"text": "x" * 40_001, "since": "2026-03-02"})
