from datetime import UTC, date, datetime

import pytest

from tallyward.kernel.clock import SECONDS_PER_DAY, FixedClock, SystemClock, day_of, day_start


def test_the_system_clock_tells_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_stands_still_until_moved() -> None:
    clock = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.set(datetime(2026, 3, 2, tzinfo=UTC))
    assert clock.now().day == 2


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(datetime(2026, 3, 1))  # noqa: DTZ001  the point of the test


def test_a_day_holds_its_first_and_last_second_and_not_the_next() -> None:
    start = day_start(date(2026, 3, 1))
    assert day_of(start) == day_of(start + SECONDS_PER_DAY - 1) == date(2026, 3, 1)
    assert day_of(start + SECONDS_PER_DAY) == date(2026, 3, 2)
