from dataclasses import replace
from datetime import timedelta

import pytest

from tallyward.detect.whitelist import Reach, Standing
from tallyward.detect.whitelisting import NewEntry
from tallyward.kernel.actor import PLATFORM, Actor
from tallyward.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    TallywardError,
    TooLargeError,
)
from tallyward.kernel.ids import RuleId
from tallyward.kernel.paging import PageRequest
from tests.detect.keeping import Keeping
from tests.incidents.making import make_finding
from tests.registry.world import ICCIDS, NOW

UNTIL = NOW + timedelta(days=30)
ON_CARD = NewEntry(RuleId("R1"), Reach.CARD, ICCIDS[0], "field trial", UNTIL)
ON_HOLDER = NewEntry(None, Reach.ENTERPRISE, "b", "moves house", UNTIL)
ON_CLASS = NewEntry(RuleId("R1"), Reach.CARD_CLASS, "open", "new tariff", UNTIL)
FINDINGS = [make_finding(card, rule) for card in (1, 2, 3, 4) for rule in ("R1", "R2")]


def held(keeping: Keeping) -> set[tuple[int, str]]:
    passed = keeping.whitelist.sift(FINDINGS).passed
    return {(finding.card, finding.rule) for finding in FINDINGS if finding not in passed}


def test_a_card_is_named_as_other_commands_name_it(keeping: Keeping) -> None:
    for number in (ICCIDS[0], "460000000000001", "+8614400000001"):
        entry = keeping.whitelist.add(PLATFORM, replace(ON_CARD, target=number))
        assert (entry.target, entry.name) == (1, ICCIDS[0])
    assert held(keeping) == {(1, "R1")}


def test_findings_of_the_card_ledger_can_be_held_back_though_no_rule_file_says_them(keeping: Keeping) -> None:
    rule = RuleId("C1.custody_break")
    keeping.whitelist.add(PLATFORM, replace(ON_CARD, rule=rule))
    sifted = keeping.whitelist.sift([make_finding(1, rule), make_finding(2, rule), make_finding(1, "R1")])
    assert sifted.held == {rule: 1}
    assert [(one.card, one.rule) for one in sifted.passed] == [(2, rule), (1, "R1")]
    with pytest.raises(NotFoundError, match=r"detect\.no_rule"):
        keeping.whitelist.add(PLATFORM, replace(ON_CARD, rule=RuleId("C9.custody_break")))


def test_an_entry_is_kept_with_reason_author_and_expiry(keeping: Keeping) -> None:
    added = keeping.whitelist.add(PLATFORM, ON_CARD)
    (kept,) = keeping.whitelist.entries(PLATFORM)
    assert kept == added
    assert (kept.reason, kept.author, kept.since, kept.until) == ("field trial", "platform", NOW, UNTIL)
    (audit,) = keeping.world.audit.page(PLATFORM.scope, PageRequest(1)).rows
    assert (audit.action, audit.detail["reason"]) == ("whitelist.add", "field trial")


def test_at_the_exact_moment_it_works_no_more_and_stays_listed(keeping: Keeping) -> None:
    keeping.whitelist.add(PLATFORM, ON_CARD)
    mark = keeping.whitelist.mark()
    keeping.world.clock.set(UNTIL - timedelta(microseconds=1))
    assert held(keeping) == {(1, "R1")}
    assert keeping.whitelist.mark() == mark
    keeping.world.clock.set(UNTIL)
    assert held(keeping) == set()
    assert keeping.whitelist.mark() != mark
    (kept,) = keeping.whitelist.entries(PLATFORM)
    assert kept.standing(keeping.whitelist.now()) is Standing.EXPIRED


def test_an_operators_entry_speaks_of_its_own_cards_only(keeping: Keeping) -> None:
    keeping.whitelist.add(keeping.world.of("op2"), ON_HOLDER)
    assert held(keeping) == {(4, "R1"), (4, "R2")}, "the third card is of the same holder, by another operator"
    keeping.whitelist.add(keeping.world.of("op"), ON_CLASS)
    assert held(keeping) == {(4, "R1"), (4, "R2"), (2, "R1")}
    keeping.whitelist.add(PLATFORM, ON_HOLDER)
    assert held(keeping) == {(card, rule) for card in (3, 4) for rule in ("R1", "R2")} | {(2, "R1")}


def test_of_a_class_the_platforms_people_say_whose_cards_they_mean(keeping: Keeping) -> None:
    with pytest.raises(InvalidError, match=r"detect\.whitelist_operator:"):
        keeping.whitelist.add(PLATFORM, ON_CLASS)
    keeping.whitelist.add(PLATFORM, replace(ON_CLASS, operator="op2"))
    assert held(keeping) == {(4, "R1")}


@pytest.mark.parametrize(
    ("who", "wish", "kind", "code"),
    [
        ("", replace(ON_CARD, reason=" "), InvalidError, "detect.whitelist_reason"),
        ("", replace(ON_CARD, until=NOW), InvalidError, "detect.whitelist_until"),
        ("", replace(ON_CARD, until=NOW + timedelta(days=367)), InvalidError, "detect.whitelist_until"),
        ("", replace(ON_CARD, rule=RuleId("R99")), NotFoundError, "detect.no_rule"),
        ("", replace(ON_CARD, target="8986"), NotFoundError, "detect.whitelist_target"),
        ("", replace(ON_HOLDER, target="nobody"), NotFoundError, "detect.whitelist_target"),
        ("", replace(ON_CLASS, target="none"), NotFoundError, "detect.whitelist_target"),
        ("", replace(ON_CLASS, operator="a"), InvalidError, "detect.whitelist_operator"),
        ("op2", ON_CARD, NotFoundError, "detect.whitelist_target"),
        ("op2", replace(ON_HOLDER, target="a"), NotFoundError, "detect.whitelist_target"),
        ("a", ON_CARD, ForbiddenError, "detect.whitelist_operators_only"),
    ],
)
def test_what_can_not_be_is_refused(
    keeping: Keeping, who: str, wish: NewEntry, kind: type[TallywardError], code: str
) -> None:
    actor = keeping.world.of(who) if who else PLATFORM
    with pytest.raises(kind) as refusal:
        keeping.whitelist.add(actor, wish)
    assert refusal.value.code == code
    assert keeping.whitelist.entries(PLATFORM) == ()


def seen(keeping: Keeping, actor: Actor) -> list[int]:
    return [entry.id for entry in keeping.whitelist.entries(actor)]


def test_each_sees_entries_on_her_own_cards_and_no_names_of_others(keeping: Keeping) -> None:
    op = keeping.world.of("op")
    keeping.whitelist.add(op, ON_CARD)
    keeping.whitelist.add(op, ON_CLASS)
    keeping.whitelist.add(keeping.world.of("op2"), ON_HOLDER)
    assert seen(keeping, PLATFORM) == [3, 2, 1]
    assert seen(keeping, op) == [2, 1]
    assert seen(keeping, keeping.world.of("op2")) == seen(keeping, keeping.world.of("b")) == [3]
    (of_a,) = keeping.whitelist.entries(keeping.world.of("a"))
    assert (of_a.id, of_a.reason, of_a.author) == (1, "field trial", None)
    assert keeping.whitelist.entries(op)[0].author == "op-person"


def test_an_entry_is_taken_back_by_its_operator_once_and_stays_listed(keeping: Keeping) -> None:
    op = keeping.world.of("op")
    number = keeping.whitelist.add(op, ON_CARD).id
    for other in ("op2", "reg"):
        with pytest.raises((NotFoundError, ForbiddenError)):
            keeping.whitelist.remove(keeping.world.of(other), number)
    with pytest.raises(ForbiddenError, match=r"detect\.whitelist_operators_only"):
        keeping.whitelist.remove(keeping.world.of("a"), number)
    assert held(keeping) == {(1, "R1")}
    removed = keeping.whitelist.remove(op, number)
    assert removed.removed is not None
    assert (removed.removed.by, removed.standing(NOW)) == ("op-person", Standing.REMOVED)
    assert held(keeping) == set()
    with pytest.raises(ConflictError, match=r"detect\.whitelist_over"):
        keeping.whitelist.remove(op, number)
    assert seen(keeping, op) == [number]


def test_a_holder_by_another_operator_can_not_take_back_the_platforms_entry(keeping: Keeping) -> None:
    number = keeping.whitelist.add(PLATFORM, ON_HOLDER).id
    with pytest.raises(NotFoundError, match=r"detect\.no_entry"):
        keeping.whitelist.remove(keeping.world.of("op"), number)
    keeping.world.clock.set(UNTIL)
    with pytest.raises(ConflictError, match=r"detect\.whitelist_over"):
        keeping.whitelist.remove(PLATFORM, number)


def test_so_many_are_valid_at_most(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tallyward.detect.whitelisting.MOST_VALID", 2)
    keeping.whitelist.add(PLATFORM, ON_CARD)
    second = keeping.whitelist.add(PLATFORM, ON_CARD)
    with pytest.raises(TooLargeError, match=r"detect\.whitelist_full"):
        keeping.whitelist.add(PLATFORM, ON_CARD)
    keeping.whitelist.remove(PLATFORM, second.id)
    assert keeping.whitelist.add(PLATFORM, ON_CARD).id == 3
