"""Which period a scheduled inspection speaks of: the last whole UTC day, week (from Monday) or month. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tallyward.kernel.clock import SECONDS_PER_DAY, day_start
from tallyward.kernel.errors import InvalidError

_LONGEST_DAYS = 3660


class Cadence(StrEnum):
    """How often inspections are made by schedule."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both ends included; refuses with `registry.period`."""

    since: date
    until: date

    def __post_init__(self) -> None:
        """Refuse what ends before it begins, and what is longer than ten years."""
        if not 0 <= (self.until - self.since).days < _LONGEST_DAYS:
            raise InvalidError("registry.period", since=self.since.isoformat(), until=self.until.isoformat())

    @property
    def seconds(self) -> tuple[int, int]:
        """First second, and the first one after it."""
        return day_start(self.since), day_start(self.until) + SECONDS_PER_DAY


def last_whole(cadence: Cadence, today: date) -> Period:
    """The newest period of a cadence that is over on `today`."""
    if cadence is Cadence.DAILY:
        return Period(today - timedelta(days=1), today - timedelta(days=1))
    if cadence is Cadence.WEEKLY:
        monday = today - timedelta(days=today.weekday())
        return Period(monday - timedelta(days=7), monday - timedelta(days=1))
    last = today.replace(day=1) - timedelta(days=1)
    return Period(last.replace(day=1), last)
