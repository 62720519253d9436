"""Orders of a regulator wait for their answer, and show how late it came; cards that end give back what they took."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody.apply_orders import without
from tallyward.custody.card_orders import Cancel, Find, Lose, Quarantine, Recycle, Resume, Suspend
from tallyward.custody.fields import Part
from tallyward.custody.machine import Machine
from tallyward.custody.report_rows import OrderRow
from tallyward.custody.reports import OrderSuspend
from tallyward.custody.states import CardState
from tallyward.custody.transactions import Activate, ActRequest, Offer, RegisterLot, RnApprove
from tests.custody.chain import LATER, NOW, RULES, activated, code, hash_of, lot, new_machine, say, sell

ANN, BOB = b"person-ann..", b"person-bob.."


@st.composite
def disjoint(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Parts of two lots, in order and without overlap."""
    found = []
    for number in (0, 1):
        edges = sorted(draw(st.sets(st.integers(0, 20), max_size=8)))
        found += [(number, start, end) for start, end in zip(edges[::2], edges[1::2], strict=False)]
    return found


def slots(parts: Iterable[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """The slots of parts."""
    return {(number, slot) for number, start, end in parts for slot in range(start, end)}


@given(disjoint(), disjoint())
def test_parts_without_others_are_the_other_slots(
    parts: list[tuple[int, int, int]], gone: list[tuple[int, int, int]]
) -> None:
    left = without(parts, gone)
    assert slots(left) == slots(parts) - slots(gone)
    assert list(left) == sorted(left)
    assert len(slots(left)) == sum(end - start for _, start, end in left)


def open_order(machine: Machine, start: int, end: int, event: int) -> bytes:
    """A regulator's order; its hash."""
    one = OrderSuspend("REG", (Part("LOT", start, end, event),), LATER, "fraud")
    say(machine, one)
    return hash_of(machine, one)


def row(machine: Machine, order: bytes) -> OrderRow:
    """An order as it stands."""
    return machine.state.orders.rows[order]


def test_an_order_moves_no_card_and_is_met_when_all_its_cards_are_stopped() -> None:
    machine = new_machine()
    event = activated(machine, 10)
    order = open_order(machine, 0, 6, event)
    assert machine.state.spans.chain(0, 0)[0].cause == event
    say(machine, Suspend("OP", (Part("LOT", 2, 4, event),), "order"), now=NOW + 5)
    assert (row(machine, order).parts, row(machine, order).met) == (((0, 0, 2), (0, 4, 6)), 0)
    say(machine, Suspend("OP", (Part("LOT", 0, 2, event), Part("LOT", 4, 9, event)), "order"), now=LATER + 7)
    met = row(machine, order)
    assert (met.by, met.operator, met.given, met.deadline, met.cards) == ("REG", "OP", NOW, LATER, 6)
    assert (met.parts, met.met) == ((), LATER + 7)
    assert met.met > met.deadline


def test_an_end_answers_an_order_too_and_one_stop_answers_several() -> None:
    machine = new_machine()
    event = activated(machine, 10)
    first, second = open_order(machine, 0, 6, event), open_order(machine, 5, 10, event)
    say(machine, Cancel("OP", (Part("LOT", 0, 6, event),), "order"))
    assert row(machine, first).met == NOW
    assert row(machine, second).parts == ((0, 6, 10),)
    say(machine, Suspend("OP", (Part("LOT", 6, 10, event),), "order"))
    assert row(machine, second).met == NOW
    assert not machine.state.tallies.orders[0]


def test_orders_that_are_refused() -> None:
    machine = new_machine()
    event = activated(machine, 10)
    parts = (Part("LOT", 0, 6, event),)
    assert code(machine, OrderSuspend("REG", parts, NOW, "late")) == "deadline_past"
    assert code(machine, OrderSuspend("OP", parts, LATER, "fraud")) == "role_forbidden"
    assert code(machine, OrderSuspend("REG", (Part("LOT", 0, 6, 1),), LATER, "fraud")) == "input_consumed"
    assert code(machine, OrderSuspend("REG", (Part("LOT", 500, 600, 1),), LATER, "fraud")) == "state_forbids"
    open_order(machine, 0, 6, event)
    assert code(machine, OrderSuspend("REG", parts, LATER, "fraud")) == "said_before"


def test_an_order_is_for_one_operator() -> None:
    machine = new_machine()
    event = activated(machine, 2)
    start = say(machine, RegisterLot("OP2", "LOT2", 2, bytes(32), "NB-IoT", RULES.id))
    held = sell(machine, "OP2", "SHOP", Part("LOT2", 0, 2, start))
    asked = ActRequest("SHOP", (Part("LOT2", 0, 2, held),), bytes(64))
    say(machine, asked)
    request = hash_of(machine, asked)
    say(machine, RnApprove("OP2", request, b"\3", ANN + BOB))
    other = say(machine, Activate("OP2", request))
    parts = (Part("LOT", 0, 2, event), Part("LOT2", 0, 2, other))
    assert code(machine, OrderSuspend("REG", parts, LATER, "fraud")) == "one_operator"


def test_a_person_gets_its_quota_back_when_a_card_ends() -> None:
    machine = new_machine()
    event = activated(machine, 4, ANN * 3 + BOB)
    persons = machine.state.tallies.persons
    assert (persons[ANN], persons[BOB]) == (3, 1)
    stopped = say(machine, Suspend("OP", (Part("LOT", 1, 2, event),), "x"))
    resumed = say(machine, Resume("OP", (Part("LOT", 1, 2, stopped),), "x"))
    assert persons[ANN] == 3
    gone = say(machine, Cancel("OP", (Part("LOT", 0, 1, event), Part("LOT", 1, 2, resumed)), "moved"))
    assert (persons[ANN], persons[BOB]) == (1, 1)
    say(machine, Cancel("OP", (Part("LOT", 2, 4, event),), "moved"))
    assert not persons
    assert not machine.state.approvals.rows
    say(machine, Quarantine("OP", (Part("LOT", 0, 2, gone),), "90 days"))
    assert not persons


def test_quotas_are_given_back_across_lots_whatever_their_names() -> None:
    machine = new_machine()
    parts = [Part(name, 0, 2, sell(machine, "OP", "SHOP", Part(name, 0, 2, lot(machine, name)))) for name in "ZA"]
    asked = ActRequest("SHOP", tuple(sorted(parts)), bytes(128))
    say(machine, asked)
    people = [b"person-A-0..", b"person-A-1..", b"person-Z-0..", b"person-Z-1.."]
    say(machine, RnApprove("OP", hash_of(machine, asked), b"\x0f", b"".join(people)), "op-names")
    event = say(machine, Activate("OP", hash_of(machine, asked)), "op-names")
    say(machine, Cancel("OP", (Part("A", 1, 2, event), Part("Z", 0, 1, event)), "x"))
    assert set(machine.state.tallies.persons) == {people[0], people[3]}


def test_a_quota_given_back_can_be_used_again() -> None:
    machine = new_machine()
    event = activated(machine, 3, ANN * 3)
    start = machine.state.spans.chain(0, 3)[0].cause
    held = sell(machine, "OP", "SHOP", Part("LOT", 3, 5, start))
    asked = ActRequest("SHOP", (Part("LOT", 3, 5, held),), bytes(64))
    say(machine, asked)
    approval = RnApprove("OP", hash_of(machine, asked), b"\3", ANN + ANN)
    assert code(machine, approval, "op-names") == "quota_exceeded"
    say(machine, Cancel("OP", (Part("LOT", 0, 1, event),), "moved"))
    assert code(machine, approval, "op-names") == "quota_exceeded"
    say(machine, Cancel("OP", (Part("LOT", 2, 3, event),), "moved"))
    say(machine, approval, "op-names")
    assert machine.state.tallies.persons[ANN] == 3


def test_a_number_ends_rests_and_comes_back_in_a_new_lot_once() -> None:
    machine = new_machine()
    event = activated(machine, 4)
    event = say(machine, Cancel("OP", (Part("LOT", 0, 4, event),), "ended"))
    assert code(machine, Recycle("OP", (Part("LOT", 0, 4, event),), "x")) == "state_forbids"
    event = say(machine, Quarantine("OP", (Part("LOT", 0, 4, event),), "90 days"))
    free = say(machine, Recycle("OP", (Part("LOT", 0, 4, event),), "free"))
    parts = (Part("LOT", 0, 1, free), Part("LOT", 2, 4, free))
    back = RegisterLot("OP", "BACK", 3, bytes(32), "NB-IoT", RULES.id, parts)
    assert code(machine, RegisterLot("OP", "BACK", 4, bytes(32), "x", RULES.id, parts)) == "recycled_count"
    assert code(machine, RegisterLot("OP2", "BACK", 3, bytes(32), "x", RULES.id, parts)) == "other_operator"
    used = RegisterLot("OP", "BACK", 1, bytes(32), "x", RULES.id, (Part("LOT", 500, 501, 1),))
    assert code(machine, used) == "state_forbids"
    number = say(machine, back)
    assert [machine.state.spans.chain(0, slot)[0].state.name for slot in range(4)] == [
        "REISSUED",
        "RECYCLED",
        "REISSUED",
        "REISSUED",
    ]
    assert machine.state.spans.chain(0, 0)[0].cause == number == machine.state.spans.chain(1, 0)[0].cause
    assert [machine.state.earlier(1, slot) for slot in range(3)] == [(0, 0), (0, 2), (0, 3)]
    assert machine.state.earlier(0, 0) is None
    assert code(machine, RegisterLot("OP", "TWICE", 3, bytes(32), "x", RULES.id, parts)) == "input_consumed"
    again = (Part("LOT", 0, 1, number), Part("LOT", 2, 4, number))
    assert code(machine, RegisterLot("OP", "TWICE", 3, bytes(32), "x", RULES.id, again)) == "state_forbids"
    sell(machine, "OP", "SHOP", Part("BACK", 0, 3, number))


def test_lost_cards_can_not_be_sold_until_they_are_found() -> None:
    machine = new_machine()
    event = sell(machine, "OP", "RES", Part("LOT", 0, 100, lot(machine)))
    assert code(machine, Lose("SHOP", (Part("LOT", 0, 3, event),), "stolen")) == "not_holder"
    gone = say(machine, Lose("RES", (Part("LOT", 0, 3, event),), "stolen"))
    assert code(machine, Offer("RES", "SHOP", (Part("LOT", 0, 3, gone),), LATER, None)) == "state_forbids"
    say(machine, Find("RES", (Part("LOT", 0, 3, gone),), "found"))
    assert machine.state.spans.chain(0, 0)[0].state is CardState.HELD


def test_cards_on_offer_or_asked_for_are_not_found() -> None:
    machine = new_machine()
    event = sell(machine, "OP", "SHOP", Part("LOT", 0, 10, lot(machine)))
    offered = say(machine, Offer("SHOP", "RES", (Part("LOT", 0, 5, event),), LATER, None))
    assert code(machine, Find("SHOP", (Part("LOT", 0, 5, offered),), "mine")) == "state_forbids"
    asked = say(machine, ActRequest("SHOP", (Part("LOT", 5, 10, event),), bytes(160)))
    assert code(machine, Find("SHOP", (Part("LOT", 5, 10, asked),), "mine")) == "state_forbids"


def test_orders_are_for_the_operator_of_the_lot() -> None:
    machine = new_machine()
    start = lot(machine)
    assert code(machine, Suspend("OP2", (Part("LOT", 0, 3, start),), "x")) == "other_operator"
    assert code(machine, Suspend("OP", (Part("LOT", 0, 3, 99),), "x")) == "input_consumed"
    assert code(machine, Suspend("OP", (Part("LOT", 0, 3, start),), "x")) == "state_forbids"
    assert code(machine, Suspend("RES", (Part("LOT", 0, 3, start),), "x")) == "role_forbidden"
