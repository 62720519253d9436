from datetime import date, timedelta

import pytest

from tallyward.records.retention import KEEP_DAYS, expires_before


@pytest.mark.parametrize(
    ("today", "keep", "first"),
    [
        (date(2026, 3, 20), 30, date(2026, 2, 18)),
        (date(2026, 3, 31), 30, date(2026, 3, 1)),
        (date(2026, 4, 1), 30, date(2026, 3, 1)),  # March is not read to its end yet
        (date(2026, 4, 2), 30, date(2026, 3, 1)),
        (date(2026, 4, 3), 30, date(2026, 3, 4)),
        (date(2026, 3, 1), 30, date(2026, 1, 30)),
        (date(2026, 4, 1), 7, date(2026, 3, 25)),  # asked for less than a month: exactly that
        (date(2026, 4, 1), 90, date(2026, 1, 1)),
    ],
)
def test_the_first_day_that_stays(today: date, keep: int, first: date) -> None:
    assert expires_before(today, keep) == first


def test_a_day_never_stays_more_than_three_days_longer_than_told() -> None:
    for number in range(800):
        today = date(2026, 1, 1) + timedelta(days=number)
        over = today - timedelta(days=KEEP_DAYS) - expires_before(today, KEEP_DAYS)
        assert timedelta() <= over <= timedelta(days=3)
