"""A scan and what follows: findings become incidents, and the statement that every record was read is kept.

Days whose records arrive are followed batch by batch for cards of live cadence, and traversed now and then for those
of the periodic one too; a day that is over is traversed for all. Whoever finds something finds it under the same key,
so nothing is told twice.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from tallyward.detect.cards.finding import Finding
from tallyward.detect.live import LiveScan
from tallyward.detect.service import CardScan, ScanReport
from tallyward.detect.whitelisting import Whitelist
from tallyward.incidents.model import Absorbed
from tallyward.incidents.service import IncidentService
from tallyward.kernel.clock import Clock
from tallyward.kernel.ids import RuleId
from tallyward.records.service import RecordsService

QUIET: Final = timedelta(minutes=30)
"""A past day that got no record for so long is over; if more come all the same, it is read again."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """One day's traversal and what it did to the incidents; `whitelisted` findings of each rule opened none."""

    report: ScanReport
    absorbed: Absorbed
    whitelisted: dict[RuleId, int]


class Scanning:
    """Runs scans one at a time and remembers the newest."""

    def __init__(
        self,
        scan: Callable[[], CardScan],
        records: RecordsService,
        incidents: IncidentService,
        keep: Callable[[ScanReport, int], None],
        clock: Clock,
        live: LiveScan,
        whitelist: Whitelist,
    ) -> None:
        """`scan` gives a scan by the rules of now; `keep` stores a report so that other processes can tell it."""
        self._scan = scan
        self._live = live
        self._whitelist = whitelist
        self._followed = 0
        self._followed_by = self._seen_by = ""
        self._followed_days: set[date] = set()
        self._absorbing = threading.Lock()
        self._records = records
        self._incidents = incidents
        self._keep = keep
        self._clock = clock
        self._seen = 0
        self._open: dict[date, datetime] = {}
        self._one_at_a_time = threading.Lock()

    def scan(self, day: date, progress: Callable[[int, int], None] | None = None, *, day_over: bool = True) -> Scanned:
        """Traverse one day and absorb what was found; `day_over` False while its records still arrive."""
        with self._one_at_a_time:
            report = self._scan().run(day, progress=progress, day_over=day_over)
            absorbed, held = self._absorb(report.findings)
            self._keep(report, sum(held.values()))
            return Scanned(report, absorbed, held)

    def follow(self) -> list[Absorbed]:
        """Judge what came for yesterday and today since the last call. Older days are left to the traversal.

        Where other rules or other whitelist entries are valid by now, both days are judged anew from their start.
        """
        version, by = self._records.version(), self._judged_by()
        if (version, by) == (self._followed, self._followed_by):
            self._live.expect(self._clock.now().date())
            return []
        oldest = self._oldest()
        for day in sorted(self._followed_days):
            if day < oldest or by != self._followed_by:
                self._live.forget(day)
        days = {day for day, _ in self._records.changed_since(self._followed) if day >= oldest}
        if by != self._followed_by:
            days |= {day for day in self._records.days() if day >= oldest}
        done = [self._absorb(self._live.take(day).findings)[0] for day in sorted(days)]
        self._followed, self._followed_days = version, {*days, *(day for day in self._followed_days if day >= oldest)}
        self._followed_by = by
        return done

    def _judged_by(self) -> str:
        """Names the rules and whitelist entries of now: another name means that findings may be others."""
        return f"{self._live.rulebook().version} {self._whitelist.mark()}"

    def _oldest(self) -> date:
        """The first day whose records still arrive."""
        return self._clock.now().date() - timedelta(days=1)

    def _absorb(self, findings: tuple[Finding, ...]) -> tuple[Absorbed, dict[RuleId, int]]:
        """What is whitelisted opens nothing and is counted."""
        with self._absorbing:
            sifted = self._whitelist.sift(findings)
            done = self._incidents.absorb(sifted.passed)
            return replace(done, whitelisted=sum(sifted.held.values())), sifted.held

    def absorb(self, findings: tuple[Finding, ...]) -> Absorbed:
        """Make incidents of what was found elsewhere; what is whitelisted opens nothing and is counted."""
        return self._absorb(findings)[0]

    def scan_changes(self) -> list[Scanned]:
        """Traverse each day that got records since the last call; the first call takes every day.

        A finding can span buckets (one IMEI carrying many cards), so a changed day is read whole. Where other rules
        or other whitelist entries are valid by now, the days whose records still arrive are read again; days before
        stay as they were judged.
        """
        version, by = self._records.version(), self._judged_by()
        if (version, by) == (self._seen, self._seen_by):
            return []
        days = {day for day, _ in self._records.changed_since(self._seen)}
        if by != self._seen_by:
            days |= {day for day in self._records.days() if day >= self._oldest()}
        done = [self.scan(day, day_over=False) for day in sorted(days)]
        self._open |= dict.fromkeys(days, self._clock.now())
        self._seen, self._seen_by = version, by
        return done

    def close_quiet_days(self) -> list[Scanned]:
        """Traverse each past day whose records have stopped coming for `QUIET`: only then is it known what it lacks."""
        now = self._clock.now()
        quiet = [day for day, last in self._open.items() if day < now.date() and now - last >= QUIET]
        for day in quiet:
            del self._open[day]
        return [self.scan(day) for day in quiet]
