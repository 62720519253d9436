"""What rules would find on days that are stored: many reports in, one account and a comparison out. Pure.

Nothing here opens an incident: a rule is tried before it is in force. Only findings of the tried rules count; what no
rule file says (`R0.*`) is found with any rules and left out, but cards that a tried rule could not judge are told.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tallyward.detect.cards.finding import Finding
from tallyward.detect.cards.rule import Rule
from tallyward.detect.service import ScanReport, Unjudged
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import CardId, RuleId

SHOWN: Final = 10
"""Cards of a rule that are shown with what was observed, where nothing else is asked."""


@dataclass(frozen=True, slots=True)
class DayTried:
    """One stored UTC day: findings of each rule, different cards, and what reading it cost."""

    day: date
    findings: dict[RuleId, int]
    cards: int
    records: int
    seconds: float
    cpu_seconds: float
    complete: bool


@dataclass(frozen=True, slots=True)
class DryRun:
    """Some rules on some days. `cards` and `samples` have every rule, those that found nothing too.

    `samples`: the finding of each rule's first cards, by day and card. `unjudged`: of each rule and operand the day
    with most cards. Each day's `findings` name only rules that found something.
    """

    rules: tuple[Rule, ...]
    days: tuple[DayTried, ...]
    cards: dict[RuleId, frozenset[CardId]]
    samples: dict[RuleId, tuple[Finding, ...]]
    unjudged: tuple[Unjudged, ...]

    @property
    def all_cards(self) -> frozenset[CardId]:
        """The cards that any of the rules found."""
        return frozenset().union(*self.cards.values())

    @property
    def records(self) -> int:
        """Records read, on all days."""
        return sum(one.records for one in self.days)

    @property
    def seconds(self) -> float:
        """Time on the clock."""
        return sum(one.seconds for one in self.days)

    @property
    def cpu_seconds(self) -> float:
        """Time of all processor cores together."""
        return sum(one.cpu_seconds for one in self.days)

    @property
    def complete(self) -> bool:
        """On each day every card and record was read."""
        return all(one.complete for one in self.days)

    def findings(self, rule: RuleId) -> int:
        """Findings of a rule: one a card and day."""
        return sum(one.findings.get(rule, 0) for one in self.days)


@dataclass(frozen=True, slots=True)
class Differing:
    """Which cards one text of a rule finds and the other does not, over the same days."""

    rule: RuleId
    tried_version: str
    loaded_version: str
    both: int
    only_tried: frozenset[CardId]
    only_loaded: frozenset[CardId]


def dry_run(rules: Sequence[Rule], reports: Iterable[ScanReport], shown: int = SHOWN) -> DryRun:
    """The account of one report a day, taken in one after the other: no day's findings are kept but those shown."""
    cards: dict[RuleId, set[CardId]] = {rule.id: set() for rule in rules}
    samples: dict[RuleId, list[Finding]] = {rule.id: [] for rule in rules}
    blind: dict[tuple[str, str], Unjudged] = {}
    days = []
    for report in reports:
        own = [finding for finding in report.findings if finding.rule in cards]
        for finding in own:
            seen = cards[finding.rule]
            if finding.card not in seen and len(samples[finding.rule]) < shown:
                samples[finding.rule].append(finding)
            seen.add(finding.card)
        for one in report.unjudged:
            key = one.rule, one.operand
            blind[key] = max(blind.get(key, one), one, key=lambda unjudged: unjudged.cards)
        days.append(_day(report, own))
    return DryRun(
        rules=tuple(rules),
        days=tuple(days),
        cards={rule: frozenset(own) for rule, own in cards.items()},
        samples={rule: tuple(own) for rule, own in samples.items()},
        unjudged=tuple(blind.values()),
    )


def _day(report: ScanReport, own: Sequence[Finding]) -> DayTried:
    return DayTried(
        day=report.day,
        findings=dict(sorted(Counter(finding.rule for finding in own).items())),
        cards=len({finding.card for finding in own}),
        records=report.coverage.records_used,
        seconds=report.seconds,
        cpu_seconds=report.cpu_seconds,
        complete=report.coverage.complete,
    )


def stored_days(stored: Sequence[date], since: date, until: date | None) -> list[date]:
    """The stored days from `since` to `until`, both included; refuses with `detect.no_days` where there is none."""
    last = until or max(stored, default=since)
    days = sorted(day for day in stored if since <= day <= last)
    if not days:
        first_stored, last_stored = (f(stored, default=None) for f in (min, max))
        raise NotFoundError(
            "detect.no_days",
            since=since.isoformat(),
            until=last.isoformat(),
            first=first_stored.isoformat() if first_stored else "-",
            last=last_stored.isoformat() if last_stored else "-",
        )
    return days


def changed(tried: Sequence[Rule], loaded: Sequence[Rule]) -> tuple[Rule, ...]:
    """The loaded rules that have the id of a tried one and find something else: only those need to be run as well."""
    versions = {rule.id: rule.version for rule in tried}
    return tuple(rule for rule in loaded if versions.get(rule.id, rule.version) != rule.version)


def compared(tried: DryRun, loaded: DryRun) -> tuple[Differing, ...]:
    """What the new texts find and the loaded ones do not, and the other way round, of each rule that both ran."""
    versions = {rule.id: rule.version for rule in loaded.rules}
    return tuple(
        Differing(
            rule=rule.id,
            tried_version=rule.version,
            loaded_version=versions[rule.id],
            both=len(tried.cards[rule.id] & loaded.cards[rule.id]),
            only_tried=tried.cards[rule.id] - loaded.cards[rule.id],
            only_loaded=loaded.cards[rule.id] - tried.cards[rule.id],
        )
        for rule in tried.rules
        if rule.id in versions
    )
