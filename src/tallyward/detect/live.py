"""What is wrong with the cards of a day while its records arrive: what each batch adds, seconds after it was stored.

All that is kept between batches is made of stored segments: after a restart, or when registry or rules have changed,
the day so far is taken up again, and the findings are those that were there before (their keys are the same).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.explain import Names, findings_of
from tallyward.detect.cards.finding import Finding
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.verdict import FaultHit
from tallyward.detect.files import files_of
from tallyward.detect.ports import Live, Records
from tallyward.kernel.catalogue import LANGUAGES, keys
from tallyward.records.model import UNKNOWN_BUCKET
from tallyward.registry.profile_schema import ProfileSnapshot

OpenLive: TypeAlias = Callable[[tuple[Rule, ...], ProfileSnapshot, Records], Live]


@dataclass(slots=True)
class _Day:
    live: Live
    versions: tuple[int, str]
    newest_intake: int = 0


@dataclass(frozen=True, slots=True)
class LiveReport:
    """What one look at a day gave: findings that are new, and how many records were taken up."""

    findings: tuple[Finding, ...]
    records: int


@dataclass(slots=True)
class LiveScan:
    """Follows the days whose records arrive. Slower cards, and records of unknown ones, are left to the traversal."""

    open_live: OpenLive
    records: Records
    profiles: Callable[[], ProfileSnapshot]
    rulebook: Callable[[], RuleBook]
    _days: dict[date, _Day] = field(default_factory=dict)

    def take(self, day: date) -> LiveReport:
        """Take up what came for a day since the last look."""
        profiles, rulebook = self.profiles(), self.rulebook()
        state = self._of(day, profiles, rulebook)
        hits: list[FaultHit] = []
        taken, newest = 0, state.newest_intake
        for files in files_of(self.records, day, profiles):
            if files.bucket == UNKNOWN_BUCKET or not files.segments:
                continue
            found, count, last = state.live.take(files, state.newest_intake)
            hits, taken, newest = hits + found, taken + count, max(newest, last)
        state.newest_intake = newest
        codes = sorted({witness.peer for hit in hits for witness in hit.witnesses} - {0})
        names = Names(dict(zip(codes, self.records.peer_text(codes), strict=True)), state.live.area_codes)
        return LiveReport(tuple(findings_of(hits, state.live.plan, names, day)), taken)

    def expect(self, day: date) -> None:
        """Make ready for a day's first records, so that they need not wait until profiles and wordings are read."""
        profiles = self.profiles()
        known = day in self._days
        state = self._of(day, profiles, self.rulebook())
        if not known:
            for files in files_of(self.records, day, profiles):
                if files.bucket != UNKNOWN_BUCKET:
                    state.live.open(files)
            for language in LANGUAGES:
                keys(language)  # reads its catalogue

    def forget(self, day: date) -> None:
        """A day is over: what is kept of it goes."""
        self._days.pop(day, None)

    def _of(self, day: date, profiles: ProfileSnapshot, rulebook: RuleBook) -> _Day:
        versions = profiles.version, rulebook.version
        if day not in self._days or self._days[day].versions != versions:
            self._days[day] = _Day(self.open_live(rulebook.rules, profiles, self.records), versions)
        return self._days[day]
