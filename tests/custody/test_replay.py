"""Telling a ledger's entries again: each with the state before it, and the same state at the end."""

from collections.abc import Callable

import pytest

from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.entry import body_of, entry_of
from tallyward.custody.fields import Part
from tallyward.custody.replay import replay
from tallyward.custody.transactions import Accept, BlockEnd, Kind, Offer, RegisterLot
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import LATER, hash_of, signed


@pytest.fixture
def ledger(open_ledger: Callable[[], SqliteLedger]) -> SqliteLedger:
    """A lot, and a sale of a part of it."""
    found = open_ledger()
    ledger = found.machine.id
    found.submit([signed(ledger, RegisterLot("OP", "L", 9, bytes(32), "x", "cn-2019-chain"), "op")])
    offer = Offer("OP", "RES", (Part("L", 0, 5, 2),), LATER, None)
    answers = found.submit(
        [signed(ledger, offer, "op"), signed(ledger, Accept("RES", hash_of(found.machine, offer)), "reseller")]
    )
    assert answers == [4, 5]
    return found


def test_each_entry_comes_with_the_state_before_it(ledger: SqliteLedger) -> None:
    seen = []
    for step in replay(ledger.entries()):
        lots = step.machine.state.lots_by_number
        holders = [span.holder for span in step.machine.state.spans.standing(0)] if lots else []
        seen.append((step.number, step.entry.transaction.kind, holders))
    assert seen[2] == (2, Kind.REGISTER_LOT, [])
    assert seen[5] == (5, Kind.ACCEPT, [0, 0])
    assert seen[6] == (6, Kind.BLOCK_END, [2, 0])


def test_the_end_is_the_ledgers_own_state(ledger: SqliteLedger) -> None:
    *_, last = replay(ledger.entries())
    assert last.machine.state.root() == ledger.machine.state.root()
    assert last.machine.size == ledger.machine.size


def test_an_open_block_is_left_out(ledger: SqliteLedger) -> None:
    assert [step.number for step in replay(ledger.entries(0, 5))] == [0, 1, 2, 3]


def test_a_block_of_another_state_is_refused(ledger: SqliteLedger) -> None:
    entries = list(ledger.entries(0, 3))
    wrong = entry_of(body_of(ledger.machine.id, BlockEnd(2, ledger.machine.time, bytes(32))), ())
    with pytest.raises(TallywardError, match=r"custody\.state_differs"):
        list(replay([*entries, (3, wrong)]))


def test_an_entry_that_breaks_the_rules_is_refused(ledger: SqliteLedger) -> None:
    entries = dict(ledger.entries())
    del entries[2]
    with pytest.raises(TallywardError, match=r"custody\."):
        list(replay(entries.items()))
