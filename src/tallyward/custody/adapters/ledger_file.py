"""A ledger as it lies in a SQLite file: entries, tiles of hashes, signed heads; how each is read and added."""

import fcntl
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from nacl.signing import SigningKey

from tallyward.custody import checkpoint, merkle
from tallyward.custody.checkpoint import Checkpoint, SignedCheckpoint
from tallyward.custody.codec import MalformedError
from tallyward.custody.tiles import Tree, grown
from tallyward.kernel.errors import ConflictError, CorruptError

_TABLES: Final = """
CREATE TABLE entry (number INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE TABLE tile (level INTEGER, number INTEGER, hashes BLOB NOT NULL, PRIMARY KEY (level, number))
  STRICT, WITHOUT ROWID;
CREATE TABLE head (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
"""
Statement: TypeAlias = tuple[str, tuple[int, ...]]
"""SQL and its values."""
_APPLICATION: Final = 0x54574C47  # "TWLG"


class LedgerFile:
    """A ledger's bytes as they lie in a file, believed in nothing; see `audit.Stored`."""

    def __init__(self, path: Path, *, read_only: bool = True) -> None:
        """Open a file; refuses what is none with `custody.file_unreadable`."""
        self.path = path
        try:
            mode = "ro" if read_only else "rwc"
            self.db = sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, check_same_thread=False)
            self.db.isolation_level = None
            self.db.execute("PRAGMA cell_size_check = ON")
            self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            raise _unreadable(path, error) from error

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()

    def stand_still(self) -> None:
        """Read all from now on as it is at the next read, whatever others add meanwhile."""
        self.db.execute("BEGIN")

    def entries(self, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """(number, entry) from `begin` to before `end`."""
        last = (1 << 62) if end is None else end
        try:
            yield from self.db.execute(
                "SELECT number, CAST(data AS BLOB) FROM entry WHERE number >= ? AND number < ? ORDER BY number",
                (begin, last),
            )
        except sqlite3.Error as error:
            raise _unreadable(self.path, error) from error

    def entries_at(self, numbers: Sequence[int]) -> Iterator[bytes]:
        """These entries, those of them that are there."""
        wanted = "SELECT CAST(data AS BLOB) FROM json_each(?) AS wanted CROSS JOIN entry ON number = wanted.value"
        try:
            yield from (row[0] for row in self.db.execute(wanted, (json.dumps(numbers),)))
        except sqlite3.Error as error:
            raise _unreadable(self.path, error) from error

    def tile(self, level: int, number: int) -> bytes:
        """Hashes of a tile; empty if there is none."""
        try:
            row = self.db.execute(
                "SELECT CAST(hashes AS BLOB) FROM tile WHERE level = ? AND number = ?", (level, number)
            ).fetchone()
        except sqlite3.Error as error:
            raise _unreadable(self.path, error) from error
        return bytes(row[0]) if row else b""

    def heads(self) -> Iterator[SignedCheckpoint]:
        """All heads by size; one that can't be read is refused with `custody.file_unreadable`."""
        try:
            for size, note in self.db.execute("SELECT size, note FROM head ORDER BY size"):
                yield _head_of(size, note)
        except (sqlite3.Error, MalformedError) as error:
            raise _unreadable(self.path, error) from error

    def structure(self) -> str | None:
        """What SQLite finds wrong with the file itself; None if nothing."""
        try:
            found = self.db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        except sqlite3.Error as error:
            return str(error)
        return None if found == "ok" else str(found)


def begun(path: Path) -> LedgerFile:
    """A file for a ledger, which has no entry yet."""
    path.touch(mode=0o600)
    file = LedgerFile(path, read_only=False)
    file.db.executescript(f"PRAGMA application_id = {_APPLICATION}; PRAGMA journal_mode = WAL; {_TABLES}")
    return file


def write_entries(file: LedgerFile, start: int, entries: list[bytes]) -> None:
    """Write entries and the tiles that they change, in a transaction that is open."""
    file.db.executemany("INSERT INTO entry VALUES (?, ?)", enumerate(entries, start))
    changed = grown(file.tile, start, map(merkle.leaf_hash, entries))
    file.db.executemany(
        "INSERT OR REPLACE INTO tile VALUES (?, ?, ?)", ((*tile, data) for tile, data in changed.items())
    )


def write_head(file: LedgerFile, origin: str, tree: Tree, secret: SigningKey) -> SignedCheckpoint:
    """Sign the head of all that is written, and write it, in a transaction that is open."""
    head = Checkpoint(origin, tree.size, tree.root())
    signed = SignedCheckpoint(head, (checkpoint.sign(head, origin, secret),))
    file.db.execute("INSERT INTO head VALUES (?, ?)", (tree.size, signed.note()))
    return signed


def append(
    file: LedgerFile,
    origin: str,
    start: int,
    entries: list[bytes],
    secret: SigningKey,
    tree: Tree,
    *beside: Statement,
) -> SignedCheckpoint:
    """Write entries, the tiles they change, the new signed head and what belongs beside them in one transaction."""
    db = file.db
    db.execute("BEGIN IMMEDIATE")
    try:
        write_entries(file, start, entries)
        tree.size = start + len(entries)
        signed = write_head(file, origin, tree, secret)
        for statement in beside:
            db.execute(*statement)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return signed


def _head_of(size: int, note: str) -> SignedCheckpoint:
    found = checkpoint.parse(note)
    if found.head.size != size:
        raise MalformedError(f"the head of {size} entries says {found.head.size}")
    return found


@contextmanager
def writing(path: Path, patience: float) -> Iterator[None]:
    """Hold the lock of a ledger's writers; refuses with `custody.ledger_busy`. A process that ends lets go of it."""
    with path.with_name(f"{path.name}.lock").open("ab") as file:
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() >= until:
                    raise ConflictError("custody.ledger_busy", file=path.name) from error
                time.sleep(0.01)
        yield


def _unreadable(path: Path, error: Exception) -> CorruptError:
    return CorruptError("custody.file_unreadable", file=path.name, problem=str(error)[:200])
