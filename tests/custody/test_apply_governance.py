"""Members, keys and rules change by more than two thirds of the governors, each decision once and in turn."""

import pytest

from tallyward.custody.authority import Purpose
from tallyward.custody.card_orders import Lose
from tallyward.custody.fields import Member, Part
from tallyward.custody.machine import Machine, read
from tallyward.custody.transactions import (
    Accept,
    Genesis,
    KeyAdd,
    KeyRevoke,
    MemberAdd,
    MemberRemove,
    Offer,
    RegisterLot,
    RulesSet,
    Transaction,
)
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import (
    KEYS,
    LATER,
    MEMBERS,
    NOW,
    ORIGIN,
    RULES,
    hash_of,
    lot,
    new_machine,
    public,
    say,
    sell,
    signed,
)

ALL = ("op", "op2", "regulator")


def refused(machine: Machine, one: Transaction, *keys: str) -> str:
    """The code of the refusal; the state must not change."""
    before = machine.state.root()
    with pytest.raises(TallywardError) as caught:
        say(machine, one, *keys)
    assert machine.state.root() == before
    return caught.value.code.removeprefix("custody.")


def test_a_member_joins_speaks_and_leaves() -> None:
    machine = new_machine()
    one = MemberAdd(Member("NEW", "reseller", "New", ((public("new"), 1),)), 0)
    assert refused(machine, one, "op", "op2") == "quorum_missing"
    assert refused(machine, one, "op", "op2", "shop") == "quorum_missing"
    say(machine, one, *ALL)
    assert refused(machine, one, *ALL) == "out_of_turn"
    event = say(machine, Offer("OP", "NEW", (Part("LOT", 0, 5, lot(machine)),), LATER, None))
    assert event
    say(machine, MemberRemove("NEW", 1), *ALL)
    offer = Offer("OP", "NEW", (Part("LOT", 0, 5, 2),), LATER, None)
    assert refused(machine, Accept("NEW", hash_of(machine, offer)), "new") == "signature_invalid"


def test_a_key_changes_while_an_offer_is_in_flight() -> None:
    machine = new_machine()
    offer = Offer("OP", "RES", (Part("LOT", 0, 5, lot(machine)),), LATER, None)
    say(machine, offer)
    say(machine, KeyAdd("OP", public("new"), 5, public("op"), 0), *ALL)
    assert refused(machine, Offer("OP", "RES", (Part("LOT", 5, 6, 1),), LATER, None), "op") == "signature_invalid"
    bought = say(machine, Accept("RES", hash_of(machine, offer)))
    assert machine.state.spans.chain(0, 0)[0].cause == bought
    say(machine, Offer("OP", "RES", (Part("LOT", 5, 6, 1),), LATER, None), "new")


def test_a_revoked_key_signs_nothing() -> None:
    machine = new_machine()
    say(machine, KeyRevoke("RES", public("reseller"), 0), *ALL)
    event = lot(machine)
    offer = Offer("OP", "RES", (Part("LOT", 0, 5, event),), LATER, None)
    say(machine, offer)
    assert refused(machine, Accept("RES", hash_of(machine, offer))) == "signature_invalid"
    assert refused(machine, KeyRevoke("RES", public("reseller"), 1), *ALL) == "key_unknown"
    assert refused(machine, KeyAdd("RES", public("reseller"), 1, None, 1), *ALL) == "key_used"


def test_a_removed_member_keeps_what_it_holds_and_can_come_back() -> None:
    machine = new_machine()
    sell(machine, "OP", "RES", Part("LOT", 0, 5, lot(machine)))
    say(machine, MemberRemove("RES", 0), *ALL)
    holder = machine.state.spans.chain(0, 0)[0].holder
    assert machine.state.members_by_number[holder] == "RES"
    say(machine, MemberAdd(Member("RES", "reseller", "Again", ((public("new"), 1),)), 1), *ALL)
    assert machine.state.members.rows[b"RES"].number == holder


def test_rules_are_set_and_hold_from_then_on() -> None:
    machine = new_machine()
    say(machine, RulesSet(RULES._replace(pairs=(("operator", "retail"),)), 0), *ALL)
    assert refused(machine, Offer("OP", "RES", (Part("LOT", 0, 5, lot(machine)),), LATER, None)) == "rules_forbid"


def sellable(machine: Machine) -> bool:
    """Whether an operator may sell to a reseller now."""
    try:
        machine.judge(read(signed(machine.id, Offer("OP", "RES", (Part("LOT", 0, 5, 1),), LATER, None), "op")), NOW)
    except TallywardError:
        return False
    return True


def test_rules_begin_with_their_block_and_the_last_decision_counts() -> None:
    machine = new_machine()
    assert lot(machine) == 1
    closed = RULES._replace(pairs=(("operator", "retail"),))
    say(machine, RulesSet(closed._replace(since=3), 0), *ALL)
    seen = []
    for _ in range(4):
        seen.append(sellable(machine))
        machine.end_block(NOW)
    assert seen == [True, True, False, False]
    say(machine, RulesSet(RULES._replace(since=6), 1), *ALL)
    say(machine, RulesSet(closed._replace(since=7), 2), *ALL)
    assert [one.since for one in machine.state.rules.rows[RULES.id.encode()].versions] == [3, 6, 7]
    say(machine, RulesSet(RULES._replace(since=1), 3), *ALL)
    assert [one.since for one in machine.state.rules.rows[RULES.id.encode()].versions] == [5]
    assert sellable(machine)


def test_a_lot_can_not_follow_rules_that_have_not_begun() -> None:
    machine = new_machine()
    say(machine, RulesSet(RULES._replace(id="next", since=2), 0), *ALL)
    one = RegisterLot("OP", "LOT", 10, bytes(32), "NB-IoT", "next")
    assert refused(machine, one, "op") == "rules_unknown"
    machine.end_block(NOW)
    say(machine, one, "op")


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (MemberAdd(MEMBERS[2], 0), "member_exists"),
        (MemberAdd(Member("X", "wizard", "X", ()), 0), "kind_unknown"),
        (MemberAdd(Member("X", "retail", "X", ((public("shop"), 1),)), 0), "key_used"),
        (KeyAdd("RES", public("new"), 0, None, 0), "purpose_unknown"),
        (KeyAdd("RES", public("new"), 64, None, 0), "purpose_unknown"),
        (KeyAdd("RES", public("new"), 1, public("shop"), 0), "key_unknown"),
        (MemberRemove("NOBODY", 0), "member_unknown"),
        (RulesSet(RULES._replace(asking=("wizard",)), 0), "rules_invalid"),
        (RulesSet(RULES._replace(binding=("wizard",)), 0), "rules_invalid"),
        (RulesSet(RULES._replace(device_pairs=(("maker", "wizard"),)), 0), "rules_invalid"),
        (RulesSet(RULES._replace(device_tie=3), 0), "rules_invalid"),
    ],
)
def test_decisions_that_make_no_sense(one: Transaction, code: str) -> None:
    assert refused(new_machine(), one, *ALL) == code


@pytest.mark.parametrize(
    ("members", "signers"),
    [
        (MEMBERS, ("op", "op2")),
        (MEMBERS, ("op", "op2", "regulator", "shop")),
        ((*MEMBERS, MEMBERS[0]), ALL),
        (MEMBERS[2:4], ("shop",)),
        ((), ()),
    ],
)
def test_a_ledger_begins_signed_by_all_its_governors_and_no_other(
    members: tuple[Member, ...], signers: tuple[str, ...]
) -> None:
    with pytest.raises(TallywardError) as caught:
        Machine(signed(b"", Genesis(ORIGIN, members, (RULES,), NOW), *signers))
    assert caught.value.code in {"custody.genesis_invalid", "custody.signature_invalid"}
    assert len(KEYS) > 5


def test_a_key_that_votes_on_blocks_signs_nothing_else() -> None:
    machine = new_machine()
    for purposes in (Purpose.VALIDATE | Purpose.TRADE, 64):
        assert refused(machine, KeyAdd("SHOP", public("new"), int(purposes), None, 0), *ALL) == "purpose_unknown"
    say(machine, KeyAdd("SHOP", public("new"), int(Purpose.VALIDATE), None, 0), *ALL)
    assert refused(machine, Lose("SHOP", (Part("LOT", 0, 1, 1),), "gone"), "new") == "role_forbidden"


def test_each_organisation_has_one_vote() -> None:
    machine = new_machine()
    vote = int(Purpose.VALIDATE)
    say(machine, KeyAdd("SHOP", public("new"), vote, None, 0), *ALL)
    assert refused(machine, KeyAdd("SHOP", public("stranger"), vote, None, 1), *ALL) == "one_vote_each"
    say(machine, KeyAdd("SHOP", public("stranger"), vote, public("new"), 1), *ALL)
    twice = Member("NEW", "unit", "New", ((bytes(32), vote), (b"\1" * 32, vote)))
    assert refused(machine, MemberAdd(twice, 2), *ALL) == "one_vote_each"


def test_the_last_validator_stays() -> None:
    machine = new_machine()
    say(machine, KeyAdd("SHOP", public("new"), int(Purpose.VALIDATE), None, 0), *ALL)
    for one in (KeyRevoke("SHOP", public("new"), 1), MemberRemove("SHOP", 1)):
        assert refused(machine, one, *ALL) == "last_validator"
    say(machine, KeyAdd("RES", public("stranger"), int(Purpose.VALIDATE), None, 1), *ALL)
    say(machine, MemberRemove("SHOP", 2), *ALL)
