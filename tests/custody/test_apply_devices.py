"""Cards are tied to devices by whom the rules let, as often as they let."""

import pytest

from tallyward.custody.apply_devices import devices_so_far
from tallyward.custody.fields import DeviceTie, Part
from tallyward.custody.machine import Machine
from tallyward.custody.refusals import named
from tallyward.custody.states import CardState
from tallyward.custody.transactions import BindDevice, Offer, Reject, RulesSet
from tests.custody.chain import LATER, RULES, activated, code, hash_of, lot, new_machine, say, sell

ALL = ("op", "op2", "regulator")


def at_the_maker() -> tuple[Machine, int]:
    """A maker that holds a hundred cards since an event."""
    machine = new_machine()
    return machine, sell(machine, "OP", "MAKER", Part("LOT", 0, 100, lot(machine)))


def bind(by: str, start: int, end: int, event: int) -> BindDevice:
    """Each card with a device of its own."""
    return BindDevice(by, (Part("LOT", start, end, event),), b"d" * 32 * (end - start))


def count(machine: Machine, slot: int) -> int:
    """How many devices a card has had."""
    span = machine.state.spans.chain(0, slot)[0]
    return devices_so_far(machine.state, named(machine.state, (Part("LOT", slot, slot + 1, span.cause),))[0])


def test_a_tie_leaves_the_card_where_and_what_it_is() -> None:
    machine, event = at_the_maker()
    tied = say(machine, bind("MAKER", 0, 10, event))
    span = machine.state.spans.chain(0, 9)[0]
    assert (span.state, span.cause, span.hops) == (CardState.HELD, tied, 1)
    assert [count(machine, slot) for slot in (0, 9, 10)] == [1, 1, 0]
    assert code(machine, bind("MAKER", 0, 10, event)) == "input_consumed"


def test_a_second_device_is_counted_by_card() -> None:
    machine, event = at_the_maker()
    tied = say(machine, bind("MAKER", 0, 10, event))
    again = say(machine, bind("MAKER", 5, 10, tied))
    mixed = BindDevice(
        "MAKER", (Part("LOT", 0, 5, tied), Part("LOT", 5, 6, again), Part("LOT", 50, 51, event)), b"x" * 224
    )
    say(machine, mixed)
    assert [count(machine, slot) for slot in (0, 5, 6, 50, 51)] == [2, 3, 2, 1, 0]


def test_one_device_for_life() -> None:
    machine, event = at_the_maker()
    tied = say(machine, bind("MAKER", 0, 10, event))
    say(machine, RulesSet(RULES._replace(device_tie=DeviceTie.LIFE), 0), *ALL)
    assert code(machine, bind("MAKER", 0, 10, tied)) == "device_for_life"
    assert code(machine, bind("OP", 5, 6, tied)) == "device_for_life"
    say(machine, bind("OP", 10, 11, event))


@pytest.mark.parametrize(
    ("by", "changed", "why"),
    [
        ("OP", {"device_tie": DeviceTie.NONE}, "binding_forbidden"),
        ("MAKER", {"binding": ()}, "binding_forbidden"),
        ("OP2", {}, "other_operator"),
        ("UNIT", {}, "not_holder"),
        ("SHOP", {}, "role_forbidden"),
    ],
)
def test_who_may_not(by: str, changed: dict[str, object], why: str) -> None:
    machine, event = at_the_maker()
    say(machine, RulesSet(RULES._replace(**changed), 0), *ALL)  # type: ignore[arg-type]
    assert code(machine, bind(by, 0, 10, event)) == why


def test_each_card_needs_a_device_and_must_not_be_on_its_way() -> None:
    machine, event = at_the_maker()
    assert code(machine, BindDevice("MAKER", (Part("LOT", 0, 2, event),), b"d" * 32)) == "devices_missing"
    back = Offer("MAKER", "UNIT", (Part("LOT", 0, 10, say(machine, bind("MAKER", 0, 10, event))),), LATER, None)
    offered = say(machine, back)
    assert code(machine, bind("MAKER", 0, 10, offered)) == "state_forbids"
    say(machine, Reject("UNIT", hash_of(machine, back)))


def test_cards_that_may_be_sold_inside_devices_only() -> None:
    machine, event = at_the_maker()
    bare = Offer("MAKER", "UNIT", (Part("LOT", 0, 10, event),), LATER, None)
    assert code(machine, bare) == "not_in_device"
    tied = say(machine, bind("MAKER", 0, 10, event))
    mixed = Offer("MAKER", "UNIT", (Part("LOT", 0, 10, tied), Part("LOT", 10, 11, event)), LATER, None)
    assert code(machine, mixed) == "not_in_device"
    sell(machine, "MAKER", "UNIT", Part("LOT", 0, 10, tied))
    assert count(machine, 0) == 1


def test_the_operator_ties_active_cards() -> None:
    machine = new_machine()
    event = activated(machine, 3)
    say(machine, bind("OP", 0, 2, event))
    assert [machine.state.spans.chain(0, slot)[0].state for slot in range(3)] == [CardState.ACTIVE] * 3
    assert [count(machine, slot) for slot in range(3)] == [1, 1, 0]


def test_ties_across_lots_whatever_their_names() -> None:
    machine = new_machine()
    starts = {name: lot(machine, name) for name in ("Z", "A")}
    first = say(machine, BindDevice("OP", (Part("Z", 0, 2, starts["Z"]),), bytes(64)))
    both = BindDevice(
        "OP", (Part("A", 0, 2, starts["A"]), Part("Z", 0, 2, first), Part("Z", 5, 6, starts["Z"])), bytes(160)
    )
    event = say(machine, both)
    pieces = named(machine.state, tuple(Part(one.lot, one.start, one.end, event) for one in both.parts))
    assert [devices_so_far(machine.state, one) for one in pieces] == [1, 2, 1]
