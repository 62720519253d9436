from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tallyward.detect.whitelist import (
    LONGEST,
    Entry,
    Holding,
    Reach,
    Removal,
    Standing,
    check_until,
    checked_reason,
    sift,
)
from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import CardId, EnterpriseId, RuleId
from tests.incidents.making import make_finding

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
UNTIL = NOW + timedelta(days=3)
HOLDER, OTHER, OPERATOR, SECOND = (EnterpriseId(number) for number in (11, 12, 1, 2))
CARDS = {
    CardId(1): Holding(HOLDER, OPERATOR, 5),
    CardId(2): Holding(HOLDER, SECOND, 5),
    CardId(3): Holding(OTHER, OPERATOR, 6),
}
ENTRY = Entry(
    id=1,
    rule=RuleId("R1"),
    reach=Reach.CARD,
    target=1,
    name="89",
    holder=HOLDER,
    operator=None,
    reason="field trial",
    author="ann",
    enterprise=OPERATOR,
    since=NOW,
    until=UNTIL,
)
FINDINGS = [make_finding(card, rule) for card in (1, 2, 3) for rule in ("R1", "R2")]


def held(entry: Entry, now: datetime = NOW) -> set[tuple[int, str]]:
    passed = sift(FINDINGS, [entry], CARDS, now).passed
    return {(finding.card, finding.rule) for finding in FINDINGS if finding not in passed}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (ENTRY, {(1, "R1")}),
        (replace(ENTRY, rule=None), {(1, "R1"), (1, "R2")}),
        (replace(ENTRY, reach=Reach.ENTERPRISE, target=11), {(1, "R1"), (2, "R1")}),
        (replace(ENTRY, reach=Reach.ENTERPRISE, target=11, operator=SECOND), {(2, "R1")}),
        (replace(ENTRY, reach=Reach.CARD_CLASS, target=5), {(1, "R1"), (2, "R1")}),
        (replace(ENTRY, reach=Reach.CARD_CLASS, target=5, operator=OPERATOR), {(1, "R1")}),
        (replace(ENTRY, reach=Reach.CARD_CLASS, target=6, rule=None), {(3, "R1"), (3, "R2")}),
        (replace(ENTRY, target=99), set()),
        (replace(ENTRY, removed=Removal(NOW, "bob")), set()),
    ],
)
def test_an_entry_holds_back_its_rule_on_its_cards_and_nothing_else(
    entry: Entry, expected: set[tuple[int, str]]
) -> None:
    assert held(entry) == expected


def test_it_ends_by_itself_at_the_exact_moment() -> None:
    assert held(ENTRY, UNTIL - timedelta(microseconds=1)) == {(1, "R1")}
    assert held(ENTRY, UNTIL) == set()
    assert ENTRY.standing(UNTIL - timedelta(microseconds=1)) is Standing.VALID
    assert ENTRY.standing(UNTIL) is Standing.EXPIRED
    assert replace(ENTRY, removed=Removal(NOW, None)).standing(NOW) is Standing.REMOVED


def test_what_is_held_back_is_counted_and_nothing_is_lost() -> None:
    sifted = sift(FINDINGS, [replace(ENTRY, reach=Reach.ENTERPRISE, target=11, rule=None)], CARDS, NOW)
    assert sifted.held == {"R1": 2, "R2": 2}
    assert len(sifted.passed) + sum(sifted.held.values()) == len(FINDINGS)
    assert sift(FINDINGS, [], CARDS, NOW).passed == tuple(FINDINGS)


def test_two_entries_on_one_card_count_its_finding_once() -> None:
    assert sift(FINDINGS, [ENTRY, replace(ENTRY, id=2, rule=None)], CARDS, NOW).held == {"R1": 1, "R2": 1}


def test_a_finding_of_no_known_card_always_passes() -> None:
    strange = make_finding(0, "R0.unknown_card")
    assert sift([strange], [replace(ENTRY, rule=None, target=0)], CARDS, NOW).passed == (strange,)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\x00"])
def test_a_reason_is_needed_and_short(reason: str) -> None:
    with pytest.raises(InvalidError, match=r"detect\.whitelist_reason"):
        checked_reason(reason)
    assert checked_reason(" trial ") == "trial"


def test_it_lasts_at_most_366_days_and_ends_in_the_future() -> None:
    check_until(NOW + LONGEST, NOW)
    for until in (NOW, NOW - timedelta(days=1), NOW + LONGEST + timedelta(seconds=1)):
        with pytest.raises(InvalidError, match=r"detect\.whitelist_until"):
            check_until(until, NOW)


def test_names_of_people_are_for_their_own_enterprise() -> None:
    removed = replace(ENTRY, removed=Removal(NOW, "bob"))
    assert removed.seen_by(EVERYTHING) == removed.seen_by(Scope(OPERATOR)) == removed
    other = removed.seen_by(Scope(HOLDER))
    assert (other.author, other.removed, other.reason) == (None, Removal(NOW, None), "field trial")
