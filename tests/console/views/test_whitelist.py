import pytest
from pydantic import ValidationError

from tallyward.console.views.whitelist import NewWhitelistEntry


@pytest.mark.parametrize("left_out", ["reach", "target", "reason", "until"])
def test_reason_and_expiry_are_required(left_out: str) -> None:
    whole = {"reach": "card", "target": "8986", "reason": "trial", "until": "2026-03-02T00:00:00Z"}
    assert NewWhitelistEntry.model_validate(whole).rule is None
    with pytest.raises(ValidationError):
        NewWhitelistEntry.model_validate({key: value for key, value in whole.items() if key != left_out})
