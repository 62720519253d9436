"""Verdicts to findings: what was observed, which limit, who set it, the records, and both languages' sentences. Pure.

Texts of measures are the same in every language: digits, units, names of services and modes. Sentences come from the
rule; the words around values (`list 12`, `the card's own limit`) from the catalogue.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tallyward.detect.cards import tree
from tallyward.detect.cards.finding import (
    EvidenceRecord,
    Explanation,
    Finding,
    LimitOrigin,
    Measure,
    Subject,
    SubjectKind,
)
from tallyward.detect.cards.plan import MOST_EVIDENCE, Plan
from tallyward.detect.cards.rule import Fault, Rule
from tallyward.detect.cards.verdict import FaultHit, Witness
from tallyward.detect.cards.vocabulary import WORDS, Column, Kind
from tallyward.kernel.catalogue import LANGUAGES, Language, words
from tallyward.kernel.ids import CardId

_WORDS: Final = {kind: {number: name for name, number in known.items()} for kind, known in WORDS.items()}
_ZERO_IS_ABSENT: Final = {Kind.PEER, Kind.AREA, Kind.IMEI, Kind.CELL, Kind.LIST, Kind.NETWORK, Kind.RAT}
_ABSENT: Final = "-"


@dataclass(frozen=True, slots=True)
class Names:
    """How values that are only numbers here are called: peers by their code, areas by their id."""

    peers: Mapping[int, str]
    areas: Mapping[int, str]

    def text(self, kind: Kind, value: float | None) -> str:
        """A value as a text that every language shares."""
        if value is None or (value == 0 and kind in _ZERO_IS_ABSENT):
            return _ABSENT
        number = int(value)
        known: Mapping[int, str] = {}
        match kind:
            case Kind.PEER:
                known = self.peers
            case Kind.AREA:
                known = self.areas
            case Kind.SERVICE | Kind.MODE:
                known = _WORDS[kind]
            case Kind.IMEI:
                return f"{number:015}"
        return known.get(number, str(number))


def findings_of(hits: Iterable[FaultHit], plan: Plan, names: Names, day: date, keep: Callable[[Finding], None]) -> None:
    """One finding a card and rule, in the order of cards, of all faults of the rule that hold for the card."""
    grouped: defaultdict[tuple[int, int], list[FaultHit]] = defaultdict(list)
    for hit in hits:
        grouped[(hit.card, plan.faults[hit.fault].rule)].append(hit)
    for (card, rule), own in sorted(grouped.items()):
        keep(_finding(plan.rules[rule], CardId(card), own, plan, names, day))


def _finding(rule: Rule, card: CardId, hits: list[FaultHit], plan: Plan, names: Names, day: date) -> Finding:
    shown = [_Shown(plan.faults[hit.fault].fault, hit, names) for hit in hits]
    witnesses = _merged(hit.witnesses for hit in hits)
    return Finding(
        rule=rule.id,
        rule_version=rule.version,
        severity=rule.severity,
        day=day,
        subject=Subject(SubjectKind.CARD, str(card)),
        card=card,
        records=max(hit.records for hit in hits),
        first_ts=min(hit.first_ts for hit in hits),
        last_ts=max(hit.last_ts for hit in hits),
        measures=tuple(one.measure() for one in shown),
        evidence=tuple(evidence_of(witness, names) for witness in witnesses),
        explanation={language: _joined(shown, language) for language in LANGUAGES},
        source_intake=witnesses[0].src if witnesses else 0,
    )


def evidence_of(witness: Witness, names: Names) -> EvidenceRecord:
    """A record as it is kept with the finding."""
    return EvidenceRecord(
        segment=witness.segment,
        row=witness.row,
        ts=witness.ts,
        svc=witness.svc,
        imei=witness.imei,
        peer=names.peers.get(witness.peer, ""),
        up=witness.up,
        dn=witness.dn,
        dur=witness.dur,
        cell=witness.cell,
        area=witness.area,
    )


def _merged(groups: Iterable[tuple[Witness, ...]]) -> tuple[Witness, ...]:
    """A few records of every fault, by time: each fault gives its next one in turn until there are enough."""
    queues = [list(group) for group in groups]
    taken: dict[tuple[int, int], Witness] = {}
    while any(queues) and len(taken) < MOST_EVIDENCE:
        for queue in queues:
            if queue and len(taken) < MOST_EVIDENCE:
                witness = queue.pop(0)
                taken[(witness.segment, witness.row)] = witness
    return tuple(sorted(taken.values(), key=lambda witness: (witness.ts, witness.segment, witness.row)))


class _Shown:
    """One fault that holds, ready to be told."""

    def __init__(self, fault: Fault, hit: FaultHit, names: Names) -> None:
        self._fault = fault
        self._hit = hit
        self._names = names
        self._origin = LimitOrigin(hit.origin)
        first = hit.witnesses[0] if hit.witnesses else None
        value = hit.observed
        if isinstance(fault.observed, Column) and first is not None:
            value = getattr(first, fault.observed.name, None)
        self._observed = _with_unit(fault.unit, value) or names.text(tree.kind_of(fault.observed), value)
        kind = fault.limit.kind if fault.limit else Kind.NUMBER
        self._limit = _with_unit(fault.unit, hit.limit) or names.text(kind, hit.limit)
        self._first = first

    def measure(self) -> Measure:
        return Measure(self._fault.name, self._observed, self._limit, self._origin)

    def told(self, text: str, language: Language) -> str:
        first, names, limit = self._first, self._names, self._fault.limit
        shown = self._limit
        if limit is not None and limit.kind is Kind.LIST:
            shown = words(language, "detect.list", list=self._limit)
        elif limit is not None and limit.kind is Kind.MODE:
            shown = words(language, f"detect.mode.{self._limit}")
        blanks = {"observed": self._observed, "limit": shown, "records": str(self._hit.records)}
        if "{origin}" in text:
            blanks["origin"] = words(language, f"detect.origin.{self._origin}")
        for kind in (Kind.IMEI, Kind.PEER, Kind.AREA, Kind.CELL):
            blanks[kind.value] = names.text(kind, getattr(first, kind.value) if first else None)
        if "{service}" in text:
            blanks["service"] = words(language, f"detect.service.{names.text(Kind.SERVICE, first.svc if first else 3)}")
        return text.format_map(blanks)

    def explanation(self, language: Language) -> Explanation:
        return Explanation(
            self.told(self._fault.why[language], language), self.told(self._fault.normal[language], language)
        )


def _joined(shown: list[_Shown], language: Language) -> Explanation:
    parts = [one.explanation(language) for one in shown]
    space = " " if language == "en" else ""
    return Explanation(space.join(part.why for part in parts), space.join(part.normal for part in parts))


def _with_unit(unit: str, value: float | None) -> str:
    if value is None or not unit:
        return ""
    if unit == "km":
        return f"{value:,.1f} km"
    return f"{int(value):,} B"
