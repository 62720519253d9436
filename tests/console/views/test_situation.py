import pytest
from pydantic import ValidationError

from tallyward.console.views.situation import RecordTotals


@pytest.mark.parametrize("hours", [23, 25])
def test_a_day_has_twenty_four_hours(hours: int) -> None:
    with pytest.raises(ValidationError):
        RecordTotals(total=0, by_hour=[0] * hours)
