"""Several logs in one folder, and the proofs that one of them lied."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tallyward.custody import checkpoint, verify_receipt
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.checkpoint import Checkpoint, SignedCheckpoint
from tallyward.custody.witness_protocol import Request
from tallyward.kernel.errors import TallywardError
from tests.custody.adapters.witnessing import LOG, OTHER_LOG, WITNESS_KEY, store
from tests.custody.chain import KEYS
from tests.custody.test_witness import forged, grow


def other(size: int) -> SignedCheckpoint:
    head = Checkpoint(OTHER_LOG.name, size, bytes(32))
    return SignedCheckpoint(head, (checkpoint.sign(head, OTHER_LOG.name, KEYS["op2"]),))


def refusal(folder: Path, request: Request) -> str:
    with pytest.raises(TallywardError) as caught:
        store(folder).add(request)
    return caught.value.code


def test_each_log_has_its_own_memory(open_ledger: Callable[[], SqliteLedger], tmp_path: Path) -> None:
    head = open_ledger().head()
    signed = store(tmp_path).add(Request(0, (), head))
    assert SignedCheckpoint(head.head, (signed,)).signed_by([WITNESS_KEY])
    store(tmp_path).add(Request(0, (), other(70)))
    assert [store(tmp_path).last(log.name) is not None for log in (LOG, OTHER_LOG)] == [True, True]
    assert refusal(tmp_path, Request(0, (), other(71))) == "custody.old_size_differs"
    strange = SignedCheckpoint(Checkpoint("unknown", 1, bytes(32)), head.signatures)
    assert refusal(tmp_path, Request(0, (), strange)) == "custody.log_unknown"


def test_signatures_of_strangers_are_not_remembered(open_ledger: Callable[[], SqliteLedger], tmp_path: Path) -> None:
    head = open_ledger().head()
    junk = head
    for number in range(90):
        junk = junk.with_signature(checkpoint.cosign(head.head, f"w{number}", KEYS["op"], 1))
    store(tmp_path).add(Request(0, (), junk))
    last = store(tmp_path).last(LOG.name)
    assert last is not None
    assert {one.name for one in last.signatures} == {LOG.name, WITNESS_KEY.name}


def test_two_views_become_a_file_that_proves_it(open_ledger: Callable[[], SqliteLedger], tmp_path: Path) -> None:
    ledger = open_ledger()
    old = ledger.head()
    store(tmp_path).add(Request(0, (), old))
    new = grow(ledger, "A")
    store(tmp_path).add(Request(old.head.size, tuple(ledger.consistency(old.head.size, new.head.size)), new))
    for size, start in ((new.head.size, new.head.size), (old.head.size, 0), (old.head.size, old.head.size)):
        assert refusal(tmp_path, Request(start, (), forged(size))) == "custody.forked"
    files = store(tmp_path).proofs()
    assert len(files) == 2
    for file in files:
        assert verify_receipt.main(["--equivocation", str(file), LOG.text()]) == 0
    assert not list(tmp_path.glob("*.part*"))
    last = store(tmp_path).last(LOG.name)
    assert last is not None
    assert last.head == new.head
