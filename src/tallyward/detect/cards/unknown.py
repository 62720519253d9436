"""Findings that no rule text makes: what the registry does not know, and what a rule could not see. Pure.

R0.unknown_card: a number used on the network that no registered card has. R0.unknown_cell: a cell that no registry
entry has. R0.blind: cards all of whose records lack what a rule compares, so the rule says nothing about them.
C1.custody_break: what the card ledger does not allow; `wiring` makes these findings of the ledger's own.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from tallyward.detect.cards.explain import Names, evidence_of
from tallyward.detect.cards.finding import Explanation, Finding, LimitOrigin, Measure, Subject, SubjectKind
from tallyward.detect.cards.rule import Rule, Severity
from tallyward.detect.cards.verdict import Seen
from tallyward.kernel.catalogue import LANGUAGES, words
from tallyward.kernel.ids import UNKNOWN_CARD, CardId, RuleId
from tallyward.records.schema import SubscriberTag

VERSION: Final = "1"


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A rule of the platform itself; its texts are `[detect.rule.<name>]` of the catalogue."""

    name: str
    severity: Severity
    family: str = "R0"

    @property
    def id(self) -> RuleId:
        """As findings name it."""
        return RuleId(f"{self.family}.{self.name}")


CARD: Final = BuiltIn("unknown_card", "high")
CELL: Final = BuiltIn("unknown_cell", "low")
BLIND: Final = BuiltIn("blind", "low")
CUSTODY: Final = BuiltIn("custody_break", "high", "C1")
BUILT_IN: Final = (CARD, CELL, BLIND, CUSTODY)

_BY_TAG: Final = {
    SubscriberTag.IMSI: SubjectKind.IMSI,
    SubscriberTag.MSISDN: SubjectKind.MSISDN,
    SubscriberTag.ICCID: SubjectKind.ICCID,
}


def unknown_card(tag: SubscriberTag, number: str, seen: Seen, names: Names, day: date) -> Finding:
    """A number that no registered card has."""
    subject = Subject(_BY_TAG[tag], number)
    return _finding(CARD, subject, UNKNOWN_CARD, seen, names, day, kind=subject.kind.value.upper())


def lost_card(seen: Seen, names: Names, day: date) -> Finding:
    """A card that records name by its id and the registry's snapshot does not hold."""
    subject = Subject(SubjectKind.CARD, str(seen.code))
    return _finding(CARD, subject, CardId(seen.code), seen, names, day, kind="id")


def unknown_cell(text: str, seen: Seen, names: Names, day: date) -> Finding:
    """A cell that no registry entry has; `text` is how records name it."""
    return _finding(CELL, Subject(SubjectKind.CELL, text), UNKNOWN_CARD, seen, names, day)


def blind(rule: Rule, cards: int, operands: tuple[str, ...], day: date) -> Finding:
    """A rule that could not judge `cards` cards, as all their records lacked one of the operands all day."""
    nothing = Seen(0, cards, 0, 0, ())
    subject = Subject(SubjectKind.RULE, str(rule.id))
    return _finding(BLIND, subject, UNKNOWN_CARD, nothing, Names({}, {}), day, operands=", ".join(operands))


def _finding(
    rule: BuiltIn, subject: Subject, card: CardId, seen: Seen, names: Names, day: date, **blanks: str
) -> Finding:
    told = {"number": subject.number, "count": str(seen.records), **blanks}
    key = f"detect.rule.{rule.name}"
    return Finding(
        rule=rule.id,
        rule_version=VERSION,
        severity=rule.severity,
        day=day,
        subject=subject,
        card=card,
        records=seen.records,
        first_ts=seen.first_ts,
        last_ts=seen.last_ts,
        measures=(Measure(rule.name, str(seen.records), "0", LimitOrigin.REGISTRY),),
        evidence=tuple(evidence_of(witness, names) for witness in seen.witnesses),
        explanation={
            language: Explanation(words(language, f"{key}.why", **told), words(language, f"{key}.normal", **told))
            for language in LANGUAGES
        },
        source_intake=seen.witnesses[0].src if seen.witnesses else 0,
    )
