"""A witness signs what continues, and proves what forks."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tallyward.custody import checkpoint
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.checkpoint import WITNESS, Checkpoint, NoteKey, SignedCheckpoint
from tallyward.custody.codec import MalformedError
from tallyward.custody.transactions import RegisterLot
from tallyward.custody.witness import Equivocation, ForkedError, OldSizeError, Witness, parse_equivocation
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import KEYS, NOW, ORIGIN, public, signed

LOG = NoteKey(ORIGIN, public("log"))
WATCHER = Witness("witness.example", KEYS["stranger"], LOG)
WATCHER_KEY = NoteKey("witness.example", public("stranger"), WITNESS)


def grow(ledger: SqliteLedger, name: str) -> SignedCheckpoint:
    """One block more; its head."""
    one = RegisterLot("OP", name, 10, bytes(32), "NB-IoT", "cn-2019-chain")
    ledger.submit([signed(ledger.machine.id, one, "op")])
    return ledger.head()


def forged(size: int, root: bytes = bytes(32), key: str = "log") -> SignedCheckpoint:
    """A head that somebody signed."""
    head = Checkpoint(ORIGIN, size, root)
    return SignedCheckpoint(head, (checkpoint.sign(head, ORIGIN, KEYS[key]),))


def refused(last: SignedCheckpoint | None, new: SignedCheckpoint, proof: list[bytes]) -> str:
    """Why it does not sign."""
    with pytest.raises(TallywardError) as caught:
        WATCHER.cosigned(last, new, proof, NOW)
    return caught.value.code


def test_it_signs_the_first_head_and_each_that_continues(open_ledger: Callable[[], SqliteLedger]) -> None:
    ledger = open_ledger()
    last = WATCHER.cosigned(None, ledger.head(), [], NOW)
    for number in range(3):
        new = grow(ledger, f"L{number}")
        last = WATCHER.cosigned(last, new, ledger.consistency(last.head.size, new.head.size), NOW + number)
        assert last.signed_by([LOG, WATCHER_KEY]) == [LOG, WATCHER_KEY]
        assert last.time_of(WATCHER_KEY) == NOW + number
    assert WATCHER.cosigned(last, ledger.head(), [], NOW).head == last.head


def test_it_does_not_sign_what_is_older_unsigned_or_unproven(open_ledger: Callable[[], SqliteLedger]) -> None:
    ledger = open_ledger()
    old = ledger.head()
    new = grow(ledger, "A")
    proof = ledger.consistency(old.head.size, new.head.size)
    assert refused(new, old, []) == "custody.head_stale"
    assert refused(old, new, []) == "custody.proof_invalid"
    assert refused(None, new, proof) == "custody.proof_invalid"
    assert refused(old, forged(new.head.size), proof) == "custody.proof_invalid"
    assert refused(old, forged(new.head.size, new.head.root, "op"), proof) == "custody.head_unsigned"
    assert refused(old, replace(new, head=replace(new.head, origin="other")), proof) == "custody.head_unsigned"


def test_two_views_of_one_size_are_a_proof_that_others_can_check(open_ledger: Callable[[], SqliteLedger]) -> None:
    seen = open_ledger().head()
    with pytest.raises(ForkedError) as caught:
        WATCHER.cosigned(seen, forged(seen.head.size), [], NOW)
    proof = caught.value.proof
    carried = Equivocation(*(checkpoint.parse(one.note()) for one in proof.both))
    assert carried.holds(LOG)
    assert not carried.holds(NoteKey(ORIGIN, public("op")))
    assert not Equivocation(seen, seen).holds(LOG)
    assert not Equivocation(seen, forged(seen.head.size + 1)).holds(LOG)
    assert not Equivocation(seen, forged(seen.head.size, bytes(32), "op")).holds(LOG)


def test_two_views_are_a_file_that_is_read_again(open_ledger: Callable[[], SqliteLedger]) -> None:
    seen = open_ledger().head()
    proof = Equivocation(seen, forged(seen.head.size))
    assert parse_equivocation(proof.text()) == proof
    for bad in ("", "x" + proof.text(), seen.note(), proof.text() + "\n\n", proof.text().replace("v1", "v2")):
        with pytest.raises(MalformedError):
            parse_equivocation(bad)


def test_what_a_request_must_meet(open_ledger: Callable[[], SqliteLedger]) -> None:
    last = open_ledger().head()
    size = last.head.size
    WATCHER.meets(last, last, last, size)
    WATCHER.meets(forged(size + 1), last, None, size)

    def why(new: SignedCheckpoint, seen: SignedCheckpoint | None, old: int) -> str:
        with pytest.raises(TallywardError) as caught:
            WATCHER.meets(new, last, seen, old)
        return caught.value.code

    assert why(forged(size, key="op"), last, size + 1) == "custody.head_unsigned"
    assert why(forged(size), last, size + 1) == "custody.old_size_invalid"
    assert why(forged(size), last, 0) == "custody.forked"
    assert why(forged(size + 2), None, size + 1) == "custody.old_size_differs"
    with pytest.raises(OldSizeError) as caught:
        WATCHER.meets(last, None, None, size)
    assert caught.value.size == 0
