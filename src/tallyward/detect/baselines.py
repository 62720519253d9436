"""Baselines of the classes of cards: counted from stored days, kept, and set into rules as limits by name."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.usual_limits import asks_for_usual, set_into
from tallyward.detect.ports import Records
from tallyward.detect.usual import Baselines, Counts, baselines
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import NotFoundError, TallywardError
from tallyward.records.model import UNKNOWN_BUCKET, SegmentRef
from tallyward.registry.profile_schema import ProfileSnapshot

USUAL_DAYS: Final = 7
Progress: TypeAlias = Callable[[int, int], None]
"""Told (buckets of days done, all)."""


class Counter(Protocol):
    """An engine that counts what cards did."""

    def count(self, profile: Path | None, segments: Sequence[SegmentRef]) -> dict[int, Counts]:
        """By class, of one bucket and day."""
        ...


class Kept(Protocol):
    """Where baselines are kept."""

    def keep(self, given: Baselines) -> str:
        """Make these the newest; gives their version."""
        ...

    def newest(self) -> tuple[str, Baselines] | None:
        """(version, baselines); None before the first. Refuses with `detect.baselines_*` what is damaged."""
        ...

    def last_good(self) -> tuple[str, Baselines] | None:
        """The newest that can be used, whatever damaged a newer one; None for none."""
        ...


@dataclass(slots=True)
class ClassBaselines:
    """Computes one at a time. `enough`: card-days that a class needs. `tell` hears once of each damage."""

    counter: Counter
    kept: Kept
    records: Records
    profiles: Callable[[], ProfileSnapshot]
    clock: Clock
    enough: int
    tell: Callable[[TallywardError], None] = lambda _refusal: None
    _told: TallywardError | None = None
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def compute(
        self, since: date | None = None, until: date | None = None, progress: Progress | None = None
    ) -> tuple[str, Baselines]:
        """Count the stored days from `since` to `until`, both included, and keep what comes out: (version, baselines).

        Usually the last seven complete UTC days; a day that is not over is left out, as its card-days are not whole.
        Classes are those of now. Refuses with `detect.baselines_no_days` where no such day is stored.
        """
        with self._one_at_a_time:
            days = self._days(since, until)
            profiles, counted = self.profiles(), dict[int, Counts]()
            parts = [
                (bucket, segments)
                for day in days
                for snapshot in (self.records.snapshot(day),)
                for bucket in sorted(snapshot.buckets())
                if bucket != UNKNOWN_BUCKET and (segments := snapshot.bucket(bucket))
            ]
            for done, (bucket, segments) in enumerate(parts, start=1):
                for number, counts in self.counter.count(profiles.profiles.get(bucket), segments).items():
                    counted.setdefault(number, Counts()).merge(counts)
                if progress:
                    progress(done, len(parts))
            made = baselines(counted, days, self.clock.now(), self.enough)
            return self.kept.keep(made), made

    def compute_daily(self) -> bool:
        """Compute unless that was done today (UTC); what can't be read is made anew. Tells whether it did."""
        try:
            newest = self.kept.newest()
        except TallywardError:
            newest = None
        if newest and newest[1].computed_at.date() == self.clock.now().date():
            return False
        self.compute()
        return True

    def newest(self) -> tuple[str, Baselines] | None:
        """(version, baselines) computed last; None before the first. Refuses damaged ones."""
        return self.kept.newest()

    def in_force(self) -> tuple[str, Baselines] | None:
        """What rules go by: the newest, or the last good ones where those are damaged, which is told.

        Refuses as `newest` does where there are no good ones.
        """
        damage = self.damage()
        if damage is None:
            return self.kept.newest()
        good = self.kept.last_good()
        if good is None:
            raise damage
        return good

    def damage(self) -> TallywardError | None:
        """What keeps the newest baselines from being used; None where nothing does."""
        try:
            self.kept.newest()
        except TallywardError as refusal:
            if self._told is None or self._told.parameters != refusal.parameters:
                self._told = refusal
                self.tell(refusal)
            return refusal
        self._told = None
        return None

    def set_into(self, book: RuleBook) -> RuleBook:
        """The book with the numbers of now in its limits by baseline; a book without such limits is left as it is."""
        newest = self.in_force() if asks_for_usual(book) else None
        return set_into(book, newest[1].by_name, newest[0]) if newest else book

    def _days(self, since: date | None, until: date | None) -> tuple[date, ...]:
        yesterday = self.clock.now().date() - timedelta(days=1)
        last = min(until or yesterday, yesterday)
        first = since or date.fromordinal(max(last.toordinal() - USUAL_DAYS + 1, 1))
        days = tuple(sorted(day for day in self.records.days() if first <= day <= last))
        if not days:
            raise NotFoundError("detect.baselines_no_days", since=first.isoformat(), until=last.isoformat())
        return days
