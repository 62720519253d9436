"""A vault in a file: envelopes of real-name material and of a holder's own stock. Nothing in it is readable by itself.

Bodies and locked data keys lie apart. `copy_without_keys` gives a copy that opens nothing and may be kept for good; the
file itself, and each whole copy of it, must follow every erasure. To erase is one transaction that destroys data keys,
bodies and puts a mark of each key's id; freed pages are overwritten (secure_delete) and the write-ahead log is cut, so
the bytes are gone from the files (a disk may still hold old blocks: encrypt the disk). SQLite, WAL, synchronous FULL.
"""

import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Final

from tallyward.custody.codec import MalformedError, decode, encode
from tallyward.custody.envelope import Envelope, Lock, Use
from tallyward.custody.fields import data, rows
from tallyward.custody.kept import Kept
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import ConflictError, CorruptError, ForbiddenError, NotFoundError, UnavailableError

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS kept (id BLOB PRIMARY KEY, use INTEGER NOT NULL, lot TEXT NOT NULL, start INTEGER NOT NULL,
  stop INTEGER NOT NULL, cause BLOB NOT NULL, place INTEGER NOT NULL, person BLOB, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS lock (id BLOB PRIMARY KEY, locks BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS erased (id BLOB PRIMARY KEY, time INTEGER NOT NULL, told INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS kept_cause ON kept (cause, place);
CREATE INDEX IF NOT EXISTS kept_card ON kept (lot, start);
CREATE INDEX IF NOT EXISTS kept_person ON kept (person) WHERE person IS NOT NULL;
"""
_SELECT: Final = """SELECT kept.id, body, locks, use, lot, start, stop, cause, place, person
  FROM kept JOIN lock ON lock.id = kept.id"""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class VaultFile:
    """Keeps envelopes and erases them. One process at a time holds it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Begin or go on. Refuses a file that others can read (`custody.file_too_open`) or hold (`ledger_busy`)."""
        self._path = path
        self._clock = clock
        _own(path)
        self._lock = _locked(path)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._db.executescript(
                "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA journal_mode = WAL;"
                f"PRAGMA synchronous = FULL; {_TABLES}"
            )
            self._cut()
        except (sqlite3.Error, ValueError, UnavailableError) as error:
            self.close()
            raise error if isinstance(error, UnavailableError) else _unreadable(path, error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
        self._lock.close()

    def keep(self, given: Iterable[Kept]) -> None:
        """All of it, durable, or nothing; the same again changes nothing, and what was erased does not come back.

        Refuses with `custody.material_erased`, `custody.material_kept` (a data key used twice),
        `custody.vault_not_durable`.
        """
        with self._transaction() as db:
            self._insert(db, given)

    def of_request(self, transaction: bytes) -> list[Kept]:
        """What belongs to a transaction, in its order."""
        return self._found("WHERE cause = ? ORDER BY place, start", transaction)

    def of_card(self, lot: str, slot: int) -> list[Kept]:
        """What tells of a card."""
        return self._found("WHERE lot = ? AND start <= ? AND stop > ? ORDER BY use, kept.id", lot, slot, slot)

    def of_person(self, token: bytes) -> list[Kept]:
        """What tells of a person whose cards were approved."""
        return self._found("WHERE person = ? ORDER BY lot, start", token)

    def one(self, key: bytes) -> Kept:
        """An envelope by its id; refuses with `custody.material_erased` or `custody.material_unknown`."""
        found = self._found("WHERE kept.id = ?", key)
        if not found:
            raise self._gone(key) or NotFoundError("custody.material_unknown", key=key.hex()[:16])
        return found[0]

    def name(self, persons: Iterable[tuple[bytes, bytes]]) -> None:
        """Note whom cards were approved for: (id, the person's token)."""
        with self._transaction() as db:
            db.executemany("UPDATE kept SET person = ? WHERE id = ?", [(token, key) for key, token in persons])

    def erase(self, keys: Sequence[bytes], instead: Iterable[Kept] = ()) -> None:
        """Destroy envelopes and their data keys for good, and keep others in their place: all of it or nothing.

        The ids are `untold` until the ledger has a KEY_DESTROYED for each. Refuses with `custody.vault_not_durable`;
        with `custody.vault_busy` it is erased, but another reader held old bytes: open the vault again.
        """
        now = int(self._clock.now().timestamp())
        with self._transaction() as db:
            for key in keys:
                if db.execute("DELETE FROM lock WHERE id = ?", (key,)).rowcount:
                    db.execute("DELETE FROM kept WHERE id = ?", (key,))
                    db.execute("INSERT INTO erased VALUES (?, ?, 0)", (key, now))
            self._insert(db, instead)
        self._cut()

    def untold(self) -> list[bytes]:
        """The ids of destroyed keys that the ledger does not have yet, oldest first."""
        return [row[0] for row in self._db.execute("SELECT id FROM erased WHERE told = 0 ORDER BY time, id")]

    def told(self, keys: Iterable[bytes]) -> None:
        """The ledger has a KEY_DESTROYED for these."""
        with self._transaction() as db:
            db.executemany("UPDATE erased SET told = 1 WHERE id = ?", [(key,) for key in keys])

    def copy_without_keys(self, path: Path) -> None:
        """A copy of all bodies that opens nothing; refuses to write over a file with `custody.ledger_exists`."""
        if path.exists():
            raise ConflictError("custody.ledger_exists", file=path.name)
        _own(path)
        self._attached(path, "CREATE TABLE other.kept AS SELECT * FROM main.kept")

    def put_back(self, path: Path) -> None:
        """Bodies from a copy, of those whose data key is still here."""
        self._attached(path, "INSERT OR IGNORE INTO kept SELECT * FROM other.kept WHERE id IN (SELECT id FROM lock)")

    def _insert(self, db: sqlite3.Connection, given: Iterable[Kept]) -> None:
        for one in given:
            key = one.envelope.id
            if gone := self._gone(key):
                raise gone
            row = (key, one.use, one.lot, one.start, one.end, one.transaction, one.place, one.person, one.envelope.body)
            if db.execute("INSERT OR IGNORE INTO kept VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row).rowcount:
                db.execute("INSERT INTO lock VALUES (?, ?)", (key, encode([list(lock) for lock in one.envelope.locks])))
            elif replace(self.one(key), person=one.person) != one:
                raise ConflictError("custody.material_kept", key=key.hex()[:16])

    def _gone(self, key: bytes) -> ConflictError | None:
        gone = self._db.execute("SELECT 1 FROM erased WHERE id = ?", (key,)).fetchone()
        return ConflictError("custody.material_erased", key=key.hex()[:16]) if gone else None

    def _found(self, where: str, *values: object) -> list[Kept]:
        try:
            return [_kept(row) for row in self._db.execute(f"{_SELECT} {where}", values)]
        except (sqlite3.Error, MalformedError, ValueError, TypeError) as error:
            raise _unreadable(self._path, error) from error

    def _attached(self, path: Path, statement: str) -> None:
        try:
            self._db.execute("ATTACH ? AS other", (str(path),))
            try:
                self._db.execute(statement)
            finally:
                self._db.execute("DETACH other")
        except sqlite3.Error as error:
            raise UnavailableError("custody.vault_not_durable", problem=str(error)) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise UnavailableError("custody.vault_not_durable", problem=str(error)) from error

    def _cut(self) -> None:
        """Cut the write-ahead log: it holds pages as they were."""
        if self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            raise UnavailableError("custody.vault_busy", file=self._path.name)


def _kept(row: tuple[bytes, bytes, bytes, int, str, int, int, bytes, int, bytes | None]) -> Kept:
    key, body, locks, use, lot, start, stop, cause, place, person = row
    found = tuple(Lock(data(reader), data(sender), data(locked)) for reader, sender, locked in rows(decode(locks), 3))
    return Kept(Envelope(key, body, found), Use(use), lot, start, stop, cause, place, person)


def _own(path: Path) -> None:
    """A file that nobody else can read, before anything is in it."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    if path.stat().st_mode & _OTHERS:
        raise ForbiddenError("custody.file_too_open", file=path.name)


def _locked(path: Path) -> IO[bytes]:
    file = path.with_name(f"{path.name}.lock").open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise ConflictError("custody.vault_busy", file=path.name) from error
    return file


def _unreadable(path: Path, error: Exception) -> CorruptError:
    return CorruptError("custody.file_unreadable", file=path.name, problem=str(error)[:200])
