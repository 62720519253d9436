"""The embedded ledger: durable in whole blocks, one writer, and opened only where it fits its own head."""

import fcntl
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from tallyward.custody import checkpoint, merkle
from tallyward.custody.adapters.ledger_file import LedgerFile
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.audit import audit
from tallyward.custody.checkpoint import NoteKey
from tallyward.custody.fields import Part
from tallyward.custody.transactions import Accept, Offer, RegisterLot, Transaction
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import KEYS, LATER, ORIGIN, START, genesis, hash_of, public, signed

KEY = NoteKey(ORIGIN, public("log"))
Open = Callable[[], SqliteLedger]


def said(ledger: SqliteLedger, one: Transaction, key: str) -> bytes:
    """The entry of a transaction."""
    return signed(ledger.machine.id, one, key)


def lot(name: str) -> RegisterLot:
    """A lot of ten cards."""
    return RegisterLot("OP", name, 10, bytes(32), "NB-IoT", "cn-2019-chain")


def test_a_batch_is_answered_one_by_one(open_ledger: Open) -> None:
    ledger = open_ledger()
    entries = [said(ledger, lot("A"), "op"), said(ledger, lot("A"), "op"), b"nonsense", said(ledger, lot("B"), "op")]
    answers = ledger.submit(entries)
    assert [one if isinstance(one, int) else one.code for one in answers] == [
        2,
        "custody.lot_exists",
        "custody.malformed",
        3,
    ]
    assert [data for _, data in ledger.entries(2, 4)] == [entries[0], entries[3]]


def test_what_is_refused_adds_nothing(open_ledger: Open) -> None:
    ledger = open_ledger()
    head = ledger.head()
    ledger.submit([b"nonsense"])
    assert ledger.head() == head


def test_it_opens_again_where_it_was(open_ledger: Open) -> None:
    ledger = open_ledger()
    ledger.submit([said(ledger, lot("A"), "op")])
    offer = Offer("OP", "RES", (Part("A", 0, 5, 2),), LATER, None)
    ledger.submit([said(ledger, offer, "op")])
    head, root = ledger.head(), ledger.machine.state.root()
    ledger = open_ledger()
    assert (ledger.head(), ledger.machine.state.root()) == (head, root)
    assert isinstance(ledger.submit([said(ledger, Accept("RES", hash_of(ledger.machine, offer)), "reseller")])[0], int)


def test_each_head_continues_the_one_before(open_ledger: Open) -> None:
    ledger = open_ledger()
    heads = [ledger.head().head]
    for one in range(5):
        ledger.submit([said(ledger, lot(f"L{one}-{each}"), "op") for each in range(one * 90)])
        heads.append(ledger.head().head)
    for old, new in pairwise(heads):
        proof = ledger.consistency(old.size, new.size)
        assert merkle.consistent(old.size, new.size, old.root, new.root, proof)
    assert ledger.receipt(300).holds
    with pytest.raises(TallywardError, match="entry_unknown"):
        ledger.receipt(10_000)


def test_two_that_have_it_open_write_by_turns_and_know_of_each_other(open_ledger: Open, tmp_path: Path) -> None:
    one = open_ledger()
    other = SqliteLedger(tmp_path / "ledger.db", KEYS["log"], FixedClock(START))
    assert one.submit([said(one, lot("A"), "op")]) == [2]
    (refused,) = other.submit([said(other, lot("A"), "op")])
    assert isinstance(refused, TallywardError)
    assert refused.code == "custody.lot_exists"
    assert other.submit([said(other, lot("B"), "op")]) == [4]
    one.refresh()
    assert (one.head(), one.machine.state.root()) == (other.head(), other.machine.state.root())
    assert one.entry(4) == other.entry(4) == said(one, lot("B"), "op")
    other.close()
    assert audit(LedgerFile(tmp_path / "ledger.db"), KEY)[0] == []


def test_who_waits_too_long_for_another_writer_is_told(open_ledger: Open, tmp_path: Path) -> None:
    ledger = open_ledger()
    hasty = SqliteLedger(tmp_path / "ledger.db", KEYS["log"], FixedClock(START), patience=0.05)
    with (tmp_path / "ledger.db.lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(TallywardError, match="ledger_busy"):
            hasty.submit([said(hasty, lot("A"), "op")])
    assert isinstance(hasty.submit([said(hasty, lot("A"), "op")])[0], int)
    hasty.close()
    ledger.refresh()
    assert ledger.machine.state.lots.get(b"A") is not None


def test_many_at_once_lose_nothing(open_ledger: Open) -> None:
    ledger = open_ledger()
    entries = [said(ledger, lot(f"T{one}"), "op") for one in range(40)]
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda data: ledger.submit([data])[0], entries))
    assert [ledger.entry(int(str(number))) for number in numbers] == entries
    assert ledger.machine.size == 2 + 2 * 40


def test_files_that_are_none(tmp_path: Path) -> None:
    clock = FixedClock(START)
    with pytest.raises(TallywardError, match="no_ledger"):
        SqliteLedger(tmp_path / "none.db", KEYS["log"], clock)
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 1000)
    for call in (lambda: SqliteLedger(broken, KEYS["log"], clock), lambda: LedgerFile(broken)):
        with pytest.raises(TallywardError, match="file_unreadable"):
            call()
    with pytest.raises(TallywardError, match="ledger_exists"):
        SqliteLedger.create(broken, genesis(), KEYS["log"], clock)


def test_a_full_disk_takes_nothing_of_a_batch_and_goes_on_after(open_ledger: Open) -> None:
    ledger = open_ledger()
    db = ledger._file.db
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0] + 1}")
    head, root = ledger.head(), ledger.machine.state.root()
    batch = [said(ledger, lot(f"L{one}"), "op") for one in range(200)]
    with pytest.raises(TallywardError) as caught:
        ledger.submit(batch)
    assert caught.value.code == "custody.not_durable"
    assert (ledger.head(), ledger.machine.state.root()) == (head, root)
    db.execute("PRAGMA max_page_count = 100000")
    assert all(isinstance(one, int) for one in ledger.submit(batch))


WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from tests.custody.chain import KEYS, START, signed
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.transactions import RegisterLot
from tallyward.kernel.clock import FixedClock
from pathlib import Path
ledger = SqliteLedger(Path(sys.argv[1]), KEYS["log"], FixedClock(START))
for block in range(100000):
    start = ledger.machine.size
    names = [f"{start}-{one}" for one in range(block % 7 + 1)]
    ledger.submit([signed(ledger.machine.id, RegisterLot("OP", one, 9, bytes(32), "x", "cn-2019-chain"), "op") for one in names])
    print(ledger.head().head.size, flush=True)
"""


def test_kill_9_at_any_moment_loses_no_head_that_was_shown(open_ledger: Open, tmp_path: Path) -> None:
    open_ledger().close()
    path = tmp_path / "ledger.db"
    chance = random.Random(7)
    shown = 0
    for _ in range(8):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(Path(__file__).parents[3])], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        for _ in range(chance.randint(1, 12)):
            shown = int(writer.stdout.readline())
        time.sleep(chance.random() / 50)
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        shown = max([shown, *map(int, rest)])
        ledger = SqliteLedger(path, KEYS["log"], FixedClock(START))
        assert ledger.head().head.size >= shown
        ledger.close()
        stored = LedgerFile(path)
        assert audit(stored, KEY)[0] == []
        stored.close()


def test_what_witnesses_sign_is_kept_for_receipts_in_every_process(open_ledger: Open, tmp_path: Path) -> None:
    ledger = open_ledger()
    other = SqliteLedger(tmp_path / "ledger.db", KEYS["log"], FixedClock(START))
    old = ledger.head()
    cosigned = checkpoint.cosign(old.head, "w", KEYS["stranger"], 7)
    ledger.cosigned(old.with_signature(cosigned))
    other.refresh()
    for each in (ledger, other):
        assert cosigned in each.receipt(0).head.signatures
        assert each.head().signed_by([KEY]) == [KEY]
    ledger.submit([said(ledger, lot("A"), "op")])
    ledger.cosigned(old.with_signature(cosigned))
    assert cosigned not in ledger.head().signatures
    other.close()
