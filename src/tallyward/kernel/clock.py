"""Time is passed in, never taken: a decision that reads no clock can be replayed."""

from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """Whoever needs the present asks for one of these."""

    def now(self) -> datetime:
        """The present, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved: for tests and simulations."""

    def __init__(self, moment: datetime) -> None:
        """Start at `moment`, which must carry a time zone."""
        if moment.tzinfo is None:
            raise ValueError("moment needs a time zone")
        self._moment = moment

    def now(self) -> datetime:
        """The moment it was last set to."""
        return self._moment

    def set(self, moment: datetime) -> None:
        """Move to another moment."""
        self._moment = moment


SECONDS_PER_DAY = 86_400


def day_of(ts: int) -> date:
    """The UTC day that holds `ts`, seconds since the epoch."""
    return datetime.fromtimestamp(ts, UTC).date()


def day_start(day: date) -> int:
    """The first second of a UTC day, seconds since the epoch."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
