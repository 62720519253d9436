"""Verdicts to findings: what was observed, which limit, who set it, the records, and both languages' sentences. Pure.

Texts of measures are the same in every language: digits, units, names of services and modes. Sentences come from the
rule; the words around values (`list 12`, `the card's own limit`) from the catalogue.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from string import Formatter
from typing import Final, NamedTuple

from tallyward.detect.cards import tree
from tallyward.detect.cards.evidence import MOST_EVIDENCE
from tallyward.detect.cards.finding import (
    EvidenceRecord,
    Explanation,
    Finding,
    LimitOrigin,
    Measure,
    Subject,
    SubjectKind,
)
from tallyward.detect.cards.plan import Plan
from tallyward.detect.cards.rule import Fault, Rule
from tallyward.detect.cards.verdict import FaultHit, Witness
from tallyward.detect.cards.vocabulary import WORDS, Column, Kind
from tallyward.kernel.catalogue import LANGUAGES, Language, words
from tallyward.kernel.ids import CardId
from tallyward.records.schema import Service

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


def findings_of(hits: Iterable[FaultHit], plan: Plan, names: Names, day: date) -> list[Finding]:
    """One finding a card and rule, in the order of cards, of all faults of the rule that hold for the card."""
    tellers = [_Teller(one.fault, names) for one in plan.faults]
    grouped: defaultdict[tuple[int, int], list[FaultHit]] = defaultdict(list)
    for hit in hits:
        grouped[hit.card, plan.faults[hit.fault].rule].append(hit)
    return [
        _finding(plan.rules[rule], CardId(card), own, [tellers[hit.fault].told(hit) for hit in own], names, day)
        for (card, rule), own in sorted(grouped.items())
    ]


def _finding(rule: Rule, card: CardId, hits: list[FaultHit], told: list["Told"], names: Names, day: date) -> Finding:
    witnesses = _by_time(hits[0].witnesses if len(hits) == 1 else _merged(hits))
    return Finding(
        rule=rule.id,
        rule_version=rule.version,
        severity=rule.severity,
        day=day,
        subject=Subject(SubjectKind.CARD, str(card)),
        card=card,
        records=max([hit.records for hit in hits]),
        first_ts=min([hit.first_ts for hit in hits]),
        last_ts=max([hit.last_ts for hit in hits]),
        measures=tuple([one.measure for one in told]),
        evidence=tuple([evidence_of(witness, names) for witness in witnesses]),
        explanation=told[0].explanation if len(told) == 1 else _joined(told),
        source_intake=witnesses[0].src if witnesses else 0,
    )


def evidence_of(witness: Witness, names: Names) -> EvidenceRecord:
    """A record as it is kept with the finding."""
    segment, row, ts, svc, imei, peer, up, dn, dur, cell, area, _ = witness
    return EvidenceRecord(segment, row, ts, svc, imei, names.peers.get(peer, ""), up, dn, dur, cell, area)


def _merged(hits: list[FaultHit]) -> Iterable[Witness]:
    """A few records of every fault: each fault gives its next one in turn until there are enough."""
    queues = [list(hit.witnesses) for hit in hits]
    taken: dict[tuple[int, int], Witness] = {}
    while any(queues) and len(taken) < MOST_EVIDENCE:
        for queue in queues:
            if queue and len(taken) < MOST_EVIDENCE:
                witness = queue.pop(0)
                taken[witness.segment, witness.row] = witness
    return taken.values()


def _by_time(witnesses: Iterable[Witness]) -> list[Witness]:
    return sorted(witnesses, key=lambda witness: (witness.ts, witness.segment, witness.row))


class Told(NamedTuple):
    """A fault that holds, as people are told."""

    measure: Measure
    explanation: dict[Language, Explanation]


class _Teller:
    """Tells one fault. A blank is filled only where a sentence has it: a scan may tell of many thousand cards."""

    def __init__(self, fault: Fault, names: Names) -> None:
        self._fault = fault
        self._names = names
        self._column = fault.observed.name if isinstance(fault.observed, Column) else ""
        self._kind = tree.kind_of(fault.observed)
        self._limit_kind = fault.limit.kind if fault.limit else Kind.NUMBER
        texts = " ".join([*fault.why.values(), *fault.normal.values()])
        self._blanks = {name for _, name, _, _ in Formatter().parse(texts) if name}
        self._has_words = self._limit_kind in {Kind.LIST, Kind.MODE} or bool(self._blanks & _WORDED)
        self._of_record = [kind for kind in _OF_RECORD if kind.value in self._blanks]

    def told(self, hit: FaultHit) -> Told:
        """The measure and both languages' sentences."""
        fault, names = self._fault, self._names
        first = hit.witnesses[0] if hit.witnesses else None
        value = getattr(first, self._column, None) if self._column else hit.observed
        observed = _with_unit(fault.unit, value) or names.text(self._kind, value)
        limit = _with_unit(fault.unit, hit.limit) or names.text(self._limit_kind, hit.limit)
        blanks = {"observed": observed, "limit": limit, "records": str(hit.records)}
        for kind in self._of_record:
            blanks[kind.value] = names.text(kind, getattr(first, kind.value, None))
        explanation = {language: self._explained(language, blanks, hit, first) for language in LANGUAGES}
        return Told(Measure(fault.name, observed, limit, _ORIGINS[hit.origin]), explanation)

    def _explained(
        self, language: Language, blanks: dict[str, str], hit: FaultHit, first: Witness | None
    ) -> Explanation:
        own = blanks
        if self._has_words:
            own = {**blanks, **self._worded(language, blanks["limit"], hit.origin, first)}
        return Explanation(self._fault.why[language].format_map(own), self._fault.normal[language].format_map(own))

    def _worded(self, language: Language, limit: str, origin: str, first: Witness | None) -> dict[str, str]:
        """Blanks that differ between languages."""
        found = {"origin": _word(language, f"detect.origin.{origin}")}
        if self._limit_kind is Kind.LIST:
            found["limit"] = _list(language, limit)
        elif self._limit_kind is Kind.MODE:
            found["limit"] = _word(language, f"detect.mode.{limit}")
        if "service" in self._blanks:
            service = self._names.text(Kind.SERVICE, first.svc if first else Service.UNKNOWN)
            found["service"] = _word(language, f"detect.service.{service}")
        return found


_OF_RECORD: Final = (Kind.IMEI, Kind.PEER, Kind.AREA, Kind.CELL)
_WORDED: Final = {"origin", "service"}
_ORIGINS: Final = {origin.value: origin for origin in LimitOrigin}


@lru_cache(maxsize=65_536)
def _list(language: Language, number: str) -> str:
    return words(language, "detect.list", list=number)


@cache
def _word(language: Language, key: str) -> str:
    return words(language, key)


def _joined(told: list[Told]) -> dict[Language, Explanation]:
    found: dict[Language, Explanation] = {}
    for language in LANGUAGES:
        parts = [one.explanation[language] for one in told]
        space = " " if language == "en" else ""
        found[language] = Explanation(space.join(part.why for part in parts), space.join(part.normal for part in parts))
    return found


def _with_unit(unit: str, value: float | None) -> str:
    if value is None or not unit:
        return ""
    if unit == "km":
        return f"{value:,.1f} km"
    return f"{int(value):,} B"
