"""Signatures checked elsewhere: those that hold and no others, whatever happens to the workers."""

import os
import signal
from collections.abc import Iterator

import pytest

from tallyward.custody.adapters.proving import Prover, checked
from tallyward.custody.entry import body_of, entry_of, parse_entry
from tallyward.custody.fields import Part
from tallyward.custody.machine import Machine, read
from tallyward.custody.transactions import KeyRevoke, Offer
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import LATER, NOW, lot, new_machine, public, say, signed


@pytest.fixture(scope="module")
def machine() -> Machine:
    """A ledger with a lot."""
    found = new_machine()
    lot(found)
    return found


@pytest.fixture(scope="module")
def prover(machine: Machine) -> Iterator[Prover]:
    """Two workers."""
    with Prover(lambda: machine, 2) as found:
        yield found


def offers(machine: Machine, count: int, key: str = "op") -> list[bytes]:
    """Offers of one card each."""
    each = [Offer("OP", "RES", (Part("LOT", at, at + 1, 1),), LATER, None) for at in range(count)]
    return [signed(machine.id, one, key) for one in each]


def test_what_holds_is_proven_and_nothing_else(machine: Machine, prover: Prover) -> None:
    good = offers(machine, 40)
    forged = [
        entry_of(
            body_of(machine.id, Offer("OP", "SHOP", (Part("LOT", 0, 1, 1),), LATER, None)),
            parse_entry(good[0]).signatures,
        )
    ]
    stranger = offers(machine, 1, "stranger")
    proven = prover.proven([*good, b"", b"\x80", *forged, *stranger])
    assert proven == {(one.signatures[0].key, one.signatures[0].value, one.body) for one in map(read, good)}
    with pytest.raises(TallywardError):
        machine.judge(read(forged[0]), NOW, proven)


def test_a_few_entries_are_left_to_the_machine(machine: Machine, prover: Prover) -> None:
    few = offers(machine, 3)
    assert prover.proven(few) == set()
    assert machine.judge(read(few[0]), NOW).moves


def test_batches_come_in_their_order_each_with_its_own(machine: Machine, prover: Prover) -> None:
    entries = offers(machine, 100)
    batches = [entries[at : at + 20] for at in range(0, 100, 20)]
    found = list(prover.ahead(batches))
    assert [batch for batch, _ in found] == batches
    for batch, proven in found:
        assert {body for _, _, body in proven} == {read(entry).body for entry in batch}


def test_workers_that_are_killed_cost_time_only(machine: Machine) -> None:
    with Prover(lambda: machine, 1) as prover:
        entries = offers(machine, 20)
        assert len(prover.proven(entries)) == 20
        pool = prover._pool
        assert pool is not None
        for process in list(pool._processes.values()):
            os.kill(process.pid or 0, signal.SIGKILL)
            process.join()
        assert prover.proven(entries) == set()
        assert len(prover.proven(entries)) == 20


def test_a_revoked_key_is_not_used() -> None:
    machine = new_machine()
    say(machine, KeyRevoke("RES", public("reseller"), 0), "op", "op2", "regulator")
    alive = b"".join(row.public for row in machine.state.keys.rows.values() if not row.gone)
    assert public("reseller") not in alive
    assert not checked(alive, offers(machine, 1, "reseller"))
    assert checked(alive, offers(machine, 1))
