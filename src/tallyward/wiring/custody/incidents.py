"""Broken chains of custody as findings that incidents are made of: one incident per subject and day."""

from datetime import UTC, datetime
from typing import Final

from tallyward.custody.break_finding import Finding as BrokenChain
from tallyward.custody.card_path import TimeOf
from tallyward.detect.cards.finding import Explanation, Finding, LimitOrigin, Measure, Subject, SubjectKind
from tallyward.detect.cards.unknown import CUSTODY
from tallyward.kernel.catalogue import LANGUAGES, Language
from tallyward.kernel.ids import UNKNOWN_CARD, CardId

VERSION: Final = "1"
HIGH: Final = 900
MEDIUM: Final = 500
"""Thousandths of probability from which on a finding is of high or medium severity."""


def finding_of(one: BrokenChain, cards: list[int], time_of: TimeOf) -> Finding:
    """The finding of the card rules' form. `cards`: ids of the registry's cards that it is about.

    Its day is that of the newest traffic; where there is none, that of the deadline, the count or the last entry, so
    that it stays one incident however often it is found.
    """
    facts = dict(one.facts)
    last = facts.get("last_seen") or facts.get("expires") or _said(one, time_of)
    records = facts.get("records", facts.get("cards", 1))
    card = CardId(cards[0]) if len(cards) == 1 else UNKNOWN_CARD
    return Finding(
        rule=CUSTODY.id,
        rule_version=VERSION,
        severity=severity(one.probability),
        day=datetime.fromtimestamp(last, UTC).date(),
        subject=_subject(one, card),
        card=card,
        records=records,
        first_ts=facts.get("first_seen", last),
        last_ts=last,
        measures=tuple(Measure(each.value, str(records), "0", LimitOrigin.LEDGER) for each in one.breaks),
        evidence=(),
        explanation={language: _explained(one, language) for language in LANGUAGES},
        source_intake=0,
    )


def severity(probability: int) -> str:
    """By the probability of unregistered hands, in thousandths."""
    return "high" if probability >= HIGH else "medium" if probability >= MEDIUM else "low"


def _subject(one: BrokenChain, card: CardId) -> Subject:
    of = one.subject
    if card:
        return Subject(SubjectKind.CARD, str(card))
    if of.kind == "number":
        return Subject(SubjectKind.ICCID, of.name)
    if of.kind == "stock":
        return Subject(SubjectKind.LOT, f"{one.last_holder} {of.name}")
    if of.kind == "member":
        return Subject(SubjectKind.LOT, of.name)
    slots = f"{of.start}" if of.end == of.start + 1 else f"{of.start}-{of.end - 1}"
    return Subject(SubjectKind.LOT, f"{of.name}:{slots}")


def _said(one: BrokenChain, time_of: TimeOf) -> int:
    return one.path[-1].since if one.path else time_of(max(one.entries))


def _explained(one: BrokenChain, language: Language) -> Explanation:
    *why, action = one.explain(language)
    return Explanation("\n".join(why), action)
