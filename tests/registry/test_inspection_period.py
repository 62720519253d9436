from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.kernel.errors import InvalidError
from tallyward.registry.inspection_period import Cadence, Period, last_whole


@pytest.mark.parametrize(
    ("cadence", "today", "since", "until"),
    [
        (Cadence.DAILY, date(2026, 3, 1), date(2026, 2, 28), date(2026, 2, 28)),
        (Cadence.WEEKLY, date(2026, 3, 2), date(2026, 2, 23), date(2026, 3, 1)),  # a Monday
        (Cadence.WEEKLY, date(2026, 3, 8), date(2026, 2, 23), date(2026, 3, 1)),  # the Sunday after
        (Cadence.MONTHLY, date(2026, 1, 1), date(2025, 12, 1), date(2025, 12, 31)),
        (Cadence.MONTHLY, date(2024, 3, 31), date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_the_last_whole_period(cadence: Cadence, today: date, since: date, until: date) -> None:
    assert last_whole(cadence, today) == Period(since, until)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(Cadence))
def test_periods_of_a_cadence_follow_each_other_without_a_gap(today: date, cadence: Cadence) -> None:
    period = last_whole(cadence, today)
    assert period.until < today
    assert last_whole(cadence, period.until + timedelta(days=1)) == period
    assert last_whole(cadence, period.since).until == period.since - timedelta(days=1)


def test_a_period_is_whole_days() -> None:
    first, after = Period(date(2026, 3, 1), date(2026, 3, 2)).seconds
    assert after - first == 2 * 86_400


@pytest.mark.parametrize(
    ("since", "until"), [(date(2026, 3, 2), date(2026, 3, 1)), (date(2000, 1, 1), date(2026, 3, 1))]
)
def test_what_is_no_period(since: date, until: date) -> None:
    with pytest.raises(InvalidError, match=r"registry\.period"):
        Period(since, until)
