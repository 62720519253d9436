"""Broken chains as findings of incidents."""

from dataclasses import replace
from datetime import date

import pytest

from tallyward.custody.break_finding import Finding, Subject, found
from tallyward.custody.break_kinds import Break
from tallyward.custody.card_path import Link
from tallyward.custody.states import CardState
from tallyward.detect.cards.finding import SubjectKind
from tallyward.incidents.model import key_of
from tallyward.kernel.catalogue import LANGUAGES
from tallyward.wiring.custody.incidents import finding_of, severity
from tests.custody.chain import NOW

DAY = 86_400
WAY = (Link("OP", CardState.REGISTERED, 2, NOW, DAY), Link("SHOP", CardState.RETAIL, 4, NOW + DAY, 9 * DAY))
FACTS = (("first_seen", NOW), ("last_seen", NOW + 3 * DAY), ("records", 9))
IN_USE = found(Subject("card", "LOT", 7, 8), (Break.STOCK_IN_USE,), WAY, (1,), records=9, facts=FACTS)
OVERDUE = found(
    Subject("cards", "LOT", 7, 9), (Break.TRANSIT_OVERDUE,), WAY, (1,), facts=(("expires", NOW + DAY), ("cards", 2))
)
STOCK = found(
    Subject("stock", "LOT"), (Break.STOCK_DIFFERENCE,), holder="SHOP", entries=(9,), facts=(("cards_counted", 3),)
)
STRANGER = found(Subject("number", "8986"), (Break.NOT_IN_LOT,), holder="OP", records=9, facts=FACTS)
LATE = found(
    Subject("member", "SHOP"),
    (Break.REPORT_OVERDUE,),
    holder="SHOP",
    entries=(9,),
    facts=(("expires", NOW + 5 * DAY), ("cards", 3)),
)
REMOVED = found(Subject("cards", "LOT", 3, 4), (Break.HOLDER_REMOVED,), WAY, (1,), facts=(("cards", 1),))


def time_of(entry: int) -> int:
    return NOW + entry * DAY


def test_a_card_of_the_registry_is_the_subject_on_the_day_it_was_last_seen() -> None:
    one = finding_of(IN_USE, [42], time_of)
    assert (one.subject.kind, one.subject.number, one.card) == (SubjectKind.CARD, "42", 42)
    assert (one.rule, one.severity, one.records, one.day) == ("C1.custody_break", "high", 9, date(2026, 3, 4))
    assert (one.first_ts, one.last_ts) == (NOW, NOW + 3 * DAY)
    for language in LANGUAGES:
        told = one.explanation[language]
        assert [*told.why.split("\n"), told.normal] == IN_USE.explain(language)
    assert [(each.name, each.origin) for each in one.measures] == [("stock_in_use", "ledger")]


@pytest.mark.parametrize(
    ("broken", "kind", "number", "day"),
    [
        (IN_USE, SubjectKind.LOT, "LOT:7", 4),
        (OVERDUE, SubjectKind.LOT, "LOT:7-8", 2),
        (STOCK, SubjectKind.LOT, "SHOP LOT", 10),
        (STRANGER, SubjectKind.ICCID, "8986", 4),
        (REMOVED, SubjectKind.LOT, "LOT:3", 2),
        (LATE, SubjectKind.LOT, "SHOP", 6),
    ],
)
def test_what_is_no_card_of_the_registry_has_a_name_too(
    broken: Finding, kind: SubjectKind, number: str, day: int
) -> None:
    one = finding_of(broken, [], time_of)
    assert (one.subject.kind, one.subject.number, one.card, one.day) == (kind, number, 0, date(2026, 3, day))
    assert one.records >= 1


def test_found_again_it_is_the_same_incident_and_with_traffic_of_another_day_another() -> None:
    assert key_of(finding_of(OVERDUE, [1, 2], time_of)) == key_of(finding_of(OVERDUE, [1, 2], time_of))
    later = replace(IN_USE, facts=(*FACTS[:1], ("last_seen", NOW + 4 * DAY), ("records", 12)))
    assert key_of(finding_of(later, [42], time_of)) != key_of(finding_of(IN_USE, [42], time_of))


def test_severity_follows_the_probability() -> None:
    assert [severity(one) for one in (899, 900, 499, 500, 1000)] == ["medium", "high", "low", "medium", "high"]
