"""Registration and sale: rules 1 and 2 of the white paper, and every way around them that is known."""

import pytest

from tallyward.custody.fields import Part
from tallyward.custody.machine import Machine
from tallyward.custody.reports import CreditSet
from tallyward.custody.states import CardState
from tallyward.custody.transactions import (
    Accept,
    Offer,
    RegisterLot,
    Reject,
    RulesSet,
    Sale,
    Transaction,
    Withdraw,
)
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import LATER, NOW, RULES, hash_of, lot, new_machine, say, sell


def refused(machine: Machine, one: Transaction, *keys: str, now: int = NOW) -> str:
    """The code of the refusal; the state must not change."""
    before = machine.state.root()
    with pytest.raises(TallywardError) as caught:
        say(machine, one, *keys, now=now)
    assert machine.state.root() == before
    return caught.value.code.removeprefix("custody.")


def state_of(machine: Machine, slot: int) -> tuple[str, CardState]:
    """Holder and state of a card of the first lot."""
    span = machine.state.spans.chain(0, slot)[0]
    return machine.state.members_by_number[span.holder], span.state


def test_only_an_operator_registers() -> None:
    machine = new_machine()
    one = RegisterLot("RES", "LOT", 10, bytes(32), "NB-IoT", "cn-2019-chain")
    assert refused(machine, one) == "role_forbidden"
    assert refused(machine, RegisterLot("OP", "LOT", 10, bytes(32), "NB-IoT", "cn-2019-chain"), "reseller") == (
        "signature_invalid"
    )
    lot(machine)
    assert refused(machine, RegisterLot("OP2", "LOT", 10, bytes(32), "NB-IoT", "cn-2019-chain")) == "lot_exists"
    assert refused(machine, RegisterLot("OP", "L2", 0, bytes(32), "NB-IoT", "cn-2019-chain")) == "lot_size"
    assert refused(machine, RegisterLot("OP", "L2", 10_000_001, bytes(32), "x", "cn-2019-chain")) == "lot_size"
    assert refused(machine, RegisterLot("OP", "L2", 10, bytes(32), "NB-IoT", "nothing")) == "rules_unknown"


def test_a_sale_is_offered_and_accepted() -> None:
    machine = new_machine()
    start = lot(machine)
    sell(machine, "OP", "RES", Part("LOT", 0, 100, start))
    assert state_of(machine, 0) == ("RES", CardState.HELD)
    assert state_of(machine, 100) == ("OP", CardState.REGISTERED)


def test_a_sale_that_both_sign_is_done_at_once() -> None:
    machine = new_machine()
    start = lot(machine)
    one = Sale("OP", "RES", (Part("LOT", 0, 100, start),), None)
    for keys in (("op",), ("reseller",), ("op", "shop"), ("op", "op-names"), ("op", "reseller", "shop")):
        assert refused(machine, one, *keys) == "signature_invalid"
    bought = say(machine, one)
    span = machine.state.spans.chain(0, 0)[0]
    assert (state_of(machine, 0), span.hops) == (("RES", CardState.HELD), 1)
    assert not machine.state.offers.rows
    assert machine.state.tallies.held[span.holder] == 100
    assert refused(machine, one) == "input_consumed"
    say(machine, Sale("RES", "SHOP", (Part("LOT", 0, 10, bought),), None), "shop", "reseller")
    assert state_of(machine, 0) == ("SHOP", CardState.RETAIL)


def test_a_sale_at_once_follows_the_rules_of_offers() -> None:
    machine = new_machine()
    event = lot(machine)
    parts = (Part("LOT", 0, 5, event),)
    assert refused(machine, Sale("RES", "SHOP", parts, None)) == "not_holder"
    assert refused(machine, Sale("OP", "REG", parts, None)) == "rules_forbid"
    assert refused(machine, Sale("OP", "MAKER", parts, None), "op-names", "maker") == "role_forbidden"
    say(machine, Offer("OP", "RES", parts, LATER, None))
    assert refused(machine, Sale("OP", "SHOP", parts, None)) == "input_consumed"
    offered = (Part("LOT", 0, 5, machine.size - 1),)
    assert refused(machine, Sale("OP", "SHOP", offered, None)) == "state_forbids"


def test_cards_at_a_point_of_sale_are_retail() -> None:
    machine = new_machine()
    sell(machine, "OP", "SHOP", Part("LOT", 0, 100, lot(machine)))
    assert state_of(machine, 99) == ("SHOP", CardState.RETAIL)


def test_nobody_sells_to_itself() -> None:
    machine = new_machine()
    held = sell(machine, "OP", "RES", Part("LOT", 0, 5, lot(machine)))
    assert refused(machine, Offer("RES", "RES", (Part("LOT", 0, 5, held),), LATER, None)) == "sold_to_itself"


def test_nobody_sells_what_it_does_not_hold() -> None:
    machine = new_machine()
    start = lot(machine)
    assert refused(machine, Offer("RES", "SHOP", (Part("LOT", 0, 5, start),), LATER, None)) == "not_holder"
    event = sell(machine, "OP", "RES", Part("LOT", 0, 100, start))
    mixed = Offer("RES", "SHOP", (Part("LOT", 90, 110, event),), LATER, None)
    assert refused(machine, mixed) == "not_holder"


def test_no_double_sale_to_one_or_two_buyers() -> None:
    machine = new_machine()
    start = lot(machine)
    first = Offer("OP", "RES", (Part("LOT", 0, 100, start),), LATER, None)
    say(machine, first)
    assert refused(machine, first) == "input_consumed"
    assert refused(machine, Offer("OP", "SHOP", (Part("LOT", 99, 101, start),), LATER, None)) == "input_consumed"


def test_an_old_sale_is_worthless_though_the_cards_came_back() -> None:
    machine = new_machine()
    start = lot(machine)
    bought = sell(machine, "OP", "RES", Part("LOT", 0, 100, start))
    old = Offer("RES", "SHOP", (Part("LOT", 0, 100, bought),), LATER, None)
    say(machine, old)
    back = say(machine, Accept("SHOP", hash_of(machine, old)))
    sell(machine, "SHOP", "RES", Part("LOT", 0, 100, back))
    assert state_of(machine, 0)[0] == "RES"
    assert refused(machine, old) == "input_consumed"
    assert refused(machine, Accept("SHOP", hash_of(machine, old))) == "offer_unknown"


def test_an_offer_ends_by_buyer_seller_or_time_and_only_once() -> None:
    machine = new_machine()
    start = lot(machine)
    one = Offer("OP", "RES", (Part("LOT", 0, 100, start),), LATER, None)
    say(machine, one)
    named = hash_of(machine, one)
    assert refused(machine, Accept("SHOP", named)) == "not_buyer"
    assert refused(machine, Reject("SHOP", named)) == "not_buyer"
    assert refused(machine, Withdraw("RES", named)) == "not_seller"
    assert refused(machine, Accept("RES", named), now=LATER) == "offer_expired"
    back = say(machine, Reject("RES", named))
    assert state_of(machine, 0) == ("OP", CardState.HELD)
    assert refused(machine, Withdraw("OP", named)) == "offer_unknown"
    again = Offer("OP", "RES", (Part("LOT", 0, 100, back),), LATER, None)
    say(machine, again)
    say(machine, Withdraw("OP", hash_of(machine, again)))
    assert refused(machine, Offer("OP", "RES", (Part("LOT", 0, 1, back),), NOW, None)) == "offer_expired"


def test_the_circulation_rules_of_the_lot_hold() -> None:
    machine = new_machine()
    event = lot(machine)
    assert refused(machine, Offer("OP", "REG", (Part("LOT", 0, 5, event),), LATER, None)) == "rules_forbid"
    holder, other = "OP", "RES"
    for _ in range(6):
        event = sell(machine, holder, other, Part("LOT", 0, 5, event))
        holder, other = other, holder
    assert refused(machine, Offer(holder, other, (Part("LOT", 0, 5, event),), LATER, None)) == "hop_limit"


def test_an_offer_may_not_stand_longer_than_the_rules_let() -> None:
    machine = new_machine()
    event = lot(machine)
    say(machine, RulesSet(RULES._replace(transit=100), 0), "op", "op2", "regulator")
    assert refused(machine, Offer("OP", "RES", (Part("LOT", 0, 5, event),), NOW + 101, None)) == "transit_limit"
    say(machine, Offer("OP", "RES", (Part("LOT", 0, 5, event),), NOW + 100, None))


def test_the_grade_of_a_buyer_says_whether_and_how_many_cards_it_may_hold() -> None:
    machine = new_machine()
    event = lot(machine)
    say(machine, RulesSet(RULES._replace(quotas=(500, 100, 50, 20, 0, 10)), 0), "op", "op2", "regulator")

    def bought(cards: int) -> Offer:
        return Offer("OP", "RES", (Part("LOT", 0, cards, event),), LATER, None)

    assert refused(machine, bought(11)) == "buyer_quota"
    say(machine, CreditSet("WATCH", "RES", "E", 1000, 0))
    assert refused(machine, bought(1)) == "grade_forbids"
    machine.end_block(NOW)
    say(machine, CreditSet("WATCH", "RES", "B", 70, 1))
    assert refused(machine, bought(71)) == "buyer_quota"
    say(machine, bought(70))
    assert refused(machine, Offer("OP", "RES", (Part("LOT", 70, 71, event),), LATER, None)) == "buyer_quota"
    got = say(machine, Accept("RES", hash_of(machine, bought(70))))
    assert refused(machine, Offer("OP", "RES", (Part("LOT", 70, 71, event),), LATER, None)) == "buyer_quota"
    sell(machine, "RES", "SHOP", Part("LOT", 0, 10, got))
    say(machine, Offer("OP", "RES", (Part("LOT", 70, 80, event),), LATER, None))
    sell(machine, "RES", "OP", Part("LOT", 10, 70, got))


def test_an_offer_that_ends_frees_the_buyers_quota() -> None:
    machine = new_machine()
    event = lot(machine)
    say(machine, RulesSet(RULES._replace(quotas=(5,) * 6), 0), "op", "op2", "regulator")
    one = Offer("OP", "RES", (Part("LOT", 0, 5, event),), LATER, None)
    say(machine, one)
    assert refused(machine, Offer("OP", "RES", (Part("LOT", 5, 6, event),), LATER, None)) == "buyer_quota"
    say(machine, Reject("RES", hash_of(machine, one)))
    say(machine, Offer("OP", "RES", (Part("LOT", 5, 10, event),), LATER, None))
