"""The newest judgement of the card ledger against traffic, kept as one small file that any process can read."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from tallyward.custody.break_finding import Finding
from tallyward.custody.reconciliation import Reconciliation
from tallyward.kernel.catalogue import LANGUAGES
from tallyward.wiring.newest_json import keep_newest

MOST_TOLD: Final = 1_000
"""Findings that are told in full; all of them are counted."""


@dataclass(frozen=True, slots=True)
class RiskCount:
    """So many cards (or counts of stock) of one holder have one break."""

    kind: str
    holder: str
    cards: int


@dataclass(frozen=True, slots=True)
class ToldLink:
    """A stage of a card's way; see `custody.card_path.Link`. `broken`: here the chain broke."""

    holder: str
    state: str
    entry: int
    since: int
    dwell: int
    broken: bool


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding for people. `subject`: as `break_finding.Subject` has it; `number`: the ICCID of its only card.

    `operator`: whose lot or number it is, "" where nobody's. `probability` in thousandths; `explanation`: sentences by
    language.
    """

    subject: dict[str, str | int]
    number: str | None
    operator: str
    path: list[ToldLink]
    breaks: list[str]
    holder: str
    probability: int
    action: str
    entries: list[int]
    facts: dict[str, int]
    explanation: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class ToldReconciliation:
    """An operator's network beside the ledger; see `custody.reconciliation`."""

    operator: str
    agrees: bool
    matched: int
    network_only: int
    ledger_only: int
    told: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class RiskReport:
    """What a judgement found. `cards` had traffic and are in lots; `findings` in all, `told` the likeliest of them.

    `entries`: the ledger's size. `incidents`: findings that opened or joined an incident or are known; the others are
    more than incidents are made of, or whitelisted. `reconciled_at`: when `reconciliations` were made.
    """

    computed_at: datetime
    entries: int
    cards: int
    findings: int
    incidents: int
    whitelisted: int
    counts: list[RiskCount]
    told: list[ToldFinding]
    reconciled_at: datetime | None
    reconciliations: list[ToldReconciliation]


def told_finding(one: Finding, number: str | None, operator: str) -> ToldFinding:
    """A finding with its sentences; `number`: the ICCID of the one card that it is about."""
    path = [
        ToldLink(link.holder, link.state.name, link.entry, link.since, link.dwell, place in one.broken)
        for place, link in enumerate(one.path)
    ]
    return ToldFinding(
        {"kind": one.subject.kind, "name": one.subject.name, "start": one.subject.start, "end": one.subject.end},
        number,
        operator,
        path,
        [each.value for each in one.breaks],
        one.last_holder,
        one.probability,
        one.action.value,
        list(one.entries),
        dict(one.facts),
        {language: one.explain(language) for language in LANGUAGES},
    )


def told_reconciliation(one: Reconciliation) -> ToldReconciliation:
    """A reconciliation with its sentences."""
    return ToldReconciliation(
        one.operator,
        one.agrees,
        one.matched,
        sum(each.count for each in one.network_only),
        one.ledger_only.count,
        {language: one.tell(language) for language in LANGUAGES},
    )


class RiskLog:
    """Keeps the newest report; a half-written one is never seen."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, report: RiskReport) -> None:
        """Make it the newest. It names cards: the file is its owner's alone."""
        keep_newest(self._path, asdict(report))

    def last(self) -> RiskReport | None:
        """The newest report by whatever process; None before the first, or where the file cannot be understood."""
        try:
            kept: dict[str, Any] = json.loads(self._path.read_text(encoding="utf-8"))
            at = kept["reconciled_at"]
            found = {
                "computed_at": datetime.fromisoformat(kept["computed_at"]),
                "reconciled_at": datetime.fromisoformat(at) if at else None,
                "counts": [RiskCount(**one) for one in kept["counts"]],
                "told": [ToldFinding(**_with_path(one)) for one in kept["told"]],
                "reconciliations": [ToldReconciliation(**one) for one in kept["reconciliations"]],
            }
            return RiskReport(**{**kept, **found})
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None


def _with_path(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "path": [ToldLink(**link) for link in one["path"]]}
