"""A ledger's file: its owner's alone, read as it lies there, and written by one at a time."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tallyward.custody.adapters.ledger_file import LedgerFile, writing
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.audit import audit
from tallyward.custody.checkpoint import NoteKey
from tallyward.custody.signing import signed
from tallyward.custody.transactions import RegisterLot
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import KEYS, ORIGIN, public

KEY = NoteKey(ORIGIN, public("log"))
Open = Callable[[], SqliteLedger]


def lot(ledger: SqliteLedger, name: str) -> bytes:
    """The entry of a lot of ten cards."""
    return signed(ledger.machine.id, RegisterLot("OP", name, 10, bytes(32), "NB-IoT", "cn-2019-chain"), KEYS["op"])


def test_entries_are_read_by_run_and_by_number(open_ledger: Open, tmp_path: Path) -> None:
    ledger = open_ledger()
    entries = [lot(ledger, f"L{one}") for one in range(5)]
    first = int(str(ledger.submit(entries)[0]))
    file = LedgerFile(tmp_path / "ledger.db")
    assert [data for _, data in file.entries(first, first + 5)] == entries
    assert list(file.entries_at([first + 3, first, 99])) == [entries[3], entries[0]]
    assert file.tile(9, 9) == b""
    assert file.structure() is None
    assert [one.head.size for one in file.heads()][-1] == ledger.machine.size
    file.close()


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    busy = pytest.raises(TallywardError, match="ledger_busy")
    with writing(tmp_path / "x", 1.0), busy, writing(tmp_path / "x", 0.05):
        pass
    with writing(tmp_path / "x", 0.05):
        pass


def test_the_file_is_its_owners_alone(open_ledger: Open, tmp_path: Path) -> None:
    open_ledger()
    assert (tmp_path / "ledger.db").stat().st_mode & 0o077 == 0


def test_any_byte_of_the_file_flipped_is_found_or_means_nothing(open_ledger: Open, tmp_path: Path) -> None:
    ledger = open_ledger()
    for block in range(4):
        ledger.submit([lot(ledger, f"L{block}-{one}") for one in range(30)])
    ledger.close()
    path = tmp_path / "ledger.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    whole = path.read_bytes()
    content = _content(path)
    chance = random.Random(11)
    found = 0
    for _ in range(150):
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        if _faults(path):
            found += 1
        else:
            assert _content(path) == content, at
    assert found > 50


def _faults(path: Path) -> bool:
    try:
        stored = LedgerFile(path)
    except TallywardError:
        return True
    try:
        return bool(stored.structure() or audit(stored, KEY)[0])
    except TallywardError:
        return True
    finally:
        stored.close()


def _content(path: Path) -> list[list[tuple[object, ...]]]:
    with sqlite3.connect(path) as db:
        found = [list(db.execute(f"SELECT * FROM {name} ORDER BY 1, 2")) for name in ("entry", "tile", "head")]
    db.close()
    return found
