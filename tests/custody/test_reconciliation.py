"""The network's list beside the ledger: whatever differs is counted and named."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.custody.fields import Part
from tallyward.custody.reconciliation import NO_LOT, Difference, LotNumbers, Reconciliation, reconcile, states_by_slot
from tallyward.custody.states import CardState
from tallyward.kernel.catalogue import LANGUAGES, keys
from tallyward.kernel.errors import InvalidError
from tests.custody.chain import lot, new_machine, sell


def numbers(*which: int) -> pa.Array:
    return pa.array([f"8986{one:016}" for one in which], pa.string())


def lots(*states: CardState, first: int = 0) -> LotNumbers:
    return LotNumbers(numbers(*range(first, first + len(states))), np.array(states, dtype=np.uint8))


ACTIVE, RETAIL, RECYCLED = CardState.ACTIVE, CardState.RETAIL, CardState.RECYCLED


def test_the_same_on_both_sides() -> None:
    found = reconcile("OP", numbers(2, 0), [lots(ACTIVE, RETAIL, ACTIVE)])
    assert found.agrees
    assert found.matched == 2
    assert found.tell("en") == ["OP: the network and the ledger have the same 2 active cards."]


def test_each_kind_of_difference_is_counted_and_the_operator_named() -> None:
    found = reconcile("OP", numbers(0, 0, 1, 77), [lots(ACTIVE, RETAIL, ACTIVE), lots(ACTIVE, first=0)])
    assert found == Reconciliation(
        "OP",
        1,
        (Difference(RETAIL, 1, ("89860000000000000001",)), Difference(NO_LOT, 1, ("89860000000000000077",))),
        Difference(ACTIVE, 1, ("89860000000000000002",)),
        1,
        1,
    )
    for language in LANGUAGES:
        told = found.tell(language)
        assert len(told) == 5
        assert all("OP" in one and "{" not in one and "custody." not in one for one in told)


def test_a_number_that_lives_again_in_a_new_lot_is_no_difference() -> None:
    assert reconcile("OP", numbers(0), [lots(RECYCLED), lots(ACTIVE)]).agrees


def test_no_lots_and_no_list() -> None:
    assert reconcile("OP", numbers(), []).agrees
    assert reconcile("OP", numbers(5), []).network_only[0].state == NO_LOT


def test_examples_are_few() -> None:
    found = reconcile("OP", numbers(*range(100)), [])
    assert found.network_only[0].count == 100
    assert len(set(found.network_only[0].examples)) == 20


def test_columns_of_a_lot_must_fit() -> None:
    with pytest.raises(InvalidError, match=r"custody\.numbers_by_slot"):
        reconcile("OP", numbers(1), [LotNumbers(numbers(1, 2), np.zeros(1, dtype=np.uint8))])


@settings(deadline=None)
@given(st.lists(st.integers(0, 60)), st.lists(st.sampled_from(list(CardState)), max_size=60))
def test_equals_sets(listed: list[int], states: list[CardState]) -> None:
    found = reconcile("OP", numbers(*listed), [lots(*states)] if states else [])
    active = {at for at, one in enumerate(states) if one is ACTIVE}
    assert found.matched == len(active & set(listed))
    assert found.ledger_only.count == len(active - set(listed))
    assert found.listed_twice == len(listed) - len(set(listed))
    counted = {one.state: one.count for one in found.network_only}
    others = set(listed) - active
    for state in CardState:
        assert counted.get(state, 0) == sum(at < len(states) and states[at] is state for at in others)
    assert counted.get(NO_LOT, 0) == sum(at >= len(states) for at in others)


def test_states_of_a_ledgers_lot() -> None:
    machine = new_machine()
    sell(machine, "OP", "SHOP", Part("LOT", 2, 5, lot(machine, count=8)))
    registered = CardState.REGISTERED
    assert states_by_slot(machine.state, 0).tolist() == [registered] * 2 + [RETAIL] * 3 + [registered] * 3


def test_every_state_is_worded() -> None:
    for language in LANGUAGES:
        assert {f"custody.state.{one}" for one in (*CardState.__members__, "NO_LOT")} <= keys(language)
