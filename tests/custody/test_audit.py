"""An audit finds and names what was done to a ledger's file."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tallyward.custody import checkpoint, merkle
from tallyward.custody.adapters.ledger_file import LedgerFile, append
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.audit import Fault, audit
from tallyward.custody.checkpoint import Checkpoint, NoteKey, SignedCheckpoint
from tallyward.custody.fields import Part
from tallyward.custody.tiles import Tree, grown
from tallyward.custody.transactions import Accept, Offer, RegisterLot
from tallyward.kernel.clock import FixedClock
from tests.custody.chain import KEYS, LATER, NOW, ORIGIN, START, hash_of, public, signed

KEY = NoteKey(ORIGIN, public("log"))


@pytest.fixture
def file(open_ledger: Callable[[], SqliteLedger], tmp_path: Path) -> Path:
    """A closed ledger of some hundred entries in several blocks; see also `head`."""
    ledger = open_ledger()
    for block in range(6):
        names = [f"L{block}-{one}" for one in range(60)]
        ledger.submit(
            [
                signed(ledger.machine.id, RegisterLot("OP", name, 9, bytes(32), "x", "cn-2019-chain"), "op")
                for name in names
            ]
        )
    offer = Offer("OP", "RES", (Part("L0-0", 0, 5, 2),), LATER, None)
    ledger.submit([signed(ledger.machine.id, offer, "op")])
    ledger.submit([signed(ledger.machine.id, Accept("RES", hash_of(ledger.machine, offer)), "reseller")])
    ledger.close()
    return tmp_path / "ledger.db"


def found(file: Path, known: tuple[SignedCheckpoint, ...] = ()) -> list[tuple[Fault, int]]:
    """What an audit says."""
    stored = LedgerFile(file)
    faults, _ = audit(stored, KEY, known)
    stored.close()
    return [(one.fault, one.at) for one in faults]


def head_of(file: Path) -> SignedCheckpoint:
    """The newest head."""
    stored = LedgerFile(file)
    last = list(stored.heads())[-1]
    stored.close()
    return last


def change(file: Path, sql: str, *values: object) -> None:
    """What somebody with the file may do."""
    with sqlite3.connect(file) as db:
        db.execute(sql, values)
    db.close()


def test_a_ledger_that_nobody_touched_is_whole(file: Path) -> None:
    assert found(file, (head_of(file),)) == []


def test_a_changed_entry(file: Path) -> None:
    change(file, "UPDATE entry SET data = CAST(data || x'00' AS BLOB) WHERE number = 77")
    assert (Fault.ENTRY_CHANGED, 77) in found(file)


def test_a_deleted_entry(file: Path) -> None:
    change(file, "DELETE FROM entry WHERE number = 77")
    assert (Fault.ENTRY_MISSING, 77) in found(file)


def test_a_tail_that_was_cut(file: Path) -> None:
    change(file, "DELETE FROM entry WHERE number >= 300")
    assert {fault for fault, _ in found(file)} >= {Fault.TAIL_CUT}


def test_a_changed_tile(file: Path) -> None:
    change(file, "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 1")
    assert (Fault.TILE_CHANGED, 0) in found(file)


def test_a_head_that_was_taken_away_or_changed(file: Path) -> None:
    last = head_of(file).head.size
    change(file, "UPDATE head SET note = replace(note, 'ledger.example/cards ', 'ledger.example/other ')")
    assert Fault.HEAD_SIGNATURE in {fault for fault, _ in found(file)}
    change(file, "DELETE FROM head WHERE size = ?", last)
    assert Fault.UNSIGNED_TAIL in {fault for fault, _ in found(file)}


def test_an_entry_that_breaks_the_rules_though_all_hashes_fit(file: Path) -> None:
    ledger = SqliteLedger(file, KEYS["log"], FixedClock(START))
    forged = signed(ledger.machine.id, Offer("RES", "SHOP", (Part("L0-1", 0, 5, 3),), LATER, None), "reseller")
    start = ledger.machine.size
    stored = LedgerFile(file, read_only=False)
    end = ledger.machine.end_block(NOW)
    append(stored, ORIGIN, start, [forged, end], KEYS["log"], Tree(stored.tile, start))
    stored.close()
    ledger.close()
    assert (Fault.ENTRY_REFUSED, start) in found(file)


def test_yesterdays_file(file: Path) -> None:
    seen = head_of(file)
    old = list(_heads(file))[3].head.size
    for table, column in (("entry", "number >= ?"), ("head", "size > ?")):
        change(file, f"DELETE FROM {table} WHERE {column}", old)
    _tiles_again(file)
    assert found(file) == []
    assert found(file, (seen,)) == [(Fault.ROLLED_BACK, old)]


def test_two_views_of_one_ledger(file: Path) -> None:
    last = head_of(file).head
    other = Checkpoint(ORIGIN, last.size, bytes(32))
    shown = SignedCheckpoint(other, (checkpoint.sign(other, ORIGIN, KEYS["log"]),))
    assert found(file, (shown,)) == [(Fault.FORKED, last.size)]
    unsigned = SignedCheckpoint(other, (checkpoint.sign(other, ORIGIN, KEYS["stranger"]),))
    assert found(file, (unsigned,)) == []


def _heads(file: Path) -> list[SignedCheckpoint]:
    stored = LedgerFile(file)
    heads = list(stored.heads())
    stored.close()
    return heads


def _tiles_again(file: Path) -> None:
    """Make the tiles fit what is left, as a careful forger would."""
    with sqlite3.connect(file) as db:
        rows = [merkle.leaf_hash(data) for (data,) in db.execute("SELECT data FROM entry ORDER BY number")]
        db.execute("DELETE FROM tile")
        tiles = grown(lambda *_: b"", 0, rows)
        db.executemany("INSERT INTO tile VALUES (?, ?, ?)", [(*tile, data) for tile, data in tiles.items()])
    db.close()
