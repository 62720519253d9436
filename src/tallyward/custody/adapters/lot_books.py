"""What an operator knows of its lots beside the ledger: the card number of each slot, and each lot's secret.

One SQLite file of its owner's alone. Whoever reads it can open every commitment of these lots. Of a lot with forgotten
cards (`book_forgetting`) it has seeds in the secret's place, and the forgotten cards' leaves, which tell nothing.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tallyward.custody.lots import Book
from tallyward.custody.salt_tree import Seed, whole
from tallyward.kernel.errors import ConflictError, CorruptError, NotFoundError
from tallyward.kernel.secret import Secret

FORGOTTEN: Final = """
CREATE TABLE IF NOT EXISTS seed (lot INTEGER NOT NULL, level INTEGER NOT NULL, number INTEGER NOT NULL,
  value BLOB NOT NULL, PRIMARY KEY (lot, level, number)) STRICT;
CREATE TABLE IF NOT EXISTS gap (lot INTEGER NOT NULL, slot INTEGER NOT NULL, leaf BLOB NOT NULL,
  PRIMARY KEY (lot, slot)) STRICT, WITHOUT ROWID;
"""
"""What is known of lots with forgotten cards."""
_TABLES: Final = f"""
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS lot (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, secret BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS card (lot INTEGER NOT NULL, slot INTEGER NOT NULL, number TEXT NOT NULL,
  PRIMARY KEY (lot, slot)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS card_by_number ON card (number);
{FORGOTTEN}"""
_NUMBERS: Final = """
SELECT number, slot FROM card JOIN lot ON lot.id = card.lot WHERE name = :lot AND slot >= :start AND slot < :end
UNION ALL
SELECT '', slot FROM gap JOIN lot ON lot.id = gap.lot WHERE name = :lot AND slot >= :start AND slot < :end
ORDER BY slot
"""


class LotBooks:
    """See `ports.CardBooks`. Safe for threads."""

    def __init__(self, path: Path) -> None:
        """Open the books of a folder, made where there are none."""
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._path = path
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, timeout=20, isolation_level=None)
        try:
            self._db.executescript(_TABLES)
        except sqlite3.DatabaseError as error:
            raise self._unreadable(error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def add(self, lot: str, numbers: Sequence[str], secret: Secret[bytes]) -> None:
        """Keep a lot's book; all of it or nothing. Refuses a second one with `custody.lot_exists`."""
        with self._transaction() as db:
            if db.execute("SELECT 1 FROM lot WHERE name = ?", (lot,)).fetchone():
                raise ConflictError("custody.lot_exists", lot=lot)
            made = db.execute("INSERT INTO lot (name, secret) VALUES (?, ?)", (lot, secret.reveal()))
            rows = ((made.lastrowid, slot, number) for slot, number in enumerate(numbers))
            db.executemany("INSERT INTO card VALUES (?, ?, ?)", rows)

    def drop(self, lot: str) -> None:
        """Forget a book whose lot was not registered after all."""
        with self._transaction() as db:
            db.execute("DELETE FROM card WHERE lot = (SELECT id FROM lot WHERE name = ?)", (lot,))
            db.execute("DELETE FROM lot WHERE name = ?", (lot,))

    def find(self, number: str) -> tuple[str, int] | None:
        """(lot, slot) of a card number, in the newest lot that has it; None if no lot has."""
        with self._lock:
            row = self._db.execute(
                "SELECT name, slot FROM card JOIN lot ON lot.id = card.lot WHERE number = ? "
                "ORDER BY lot.id DESC LIMIT 1",
                (number,),
            ).fetchone()
        return (row[0], row[1]) if row else None

    def numbers(self, lot: str, start: int, end: int) -> list[str]:
        """The numbers of slots `start` to before `end`, "" of a forgotten card; refuses with `custody.no_book`."""
        with self._lock:
            rows = self._db.execute(_NUMBERS, {"lot": lot, "start": start, "end": end}).fetchall()
        if len(rows) != end - start:
            raise NotFoundError("custody.no_book", lot=lot)
        return [row[0] for row in rows]

    def book(self, lot: str) -> Book:
        """All that opens a lot's cards; refuses with `custody.no_book`."""
        with self._lock:
            row = self._db.execute("SELECT id, secret FROM lot WHERE name = ?", (lot,)).fetchone()
            if row is None:
                raise NotFoundError("custody.no_book", lot=lot)
            number, secret = row
            cards = dict(self._db.execute("SELECT slot, number FROM card WHERE lot = ?", (number,)))
            gaps = dict(self._db.execute("SELECT slot, leaf FROM gap WHERE lot = ?", (number,)))
            rows = self._db.execute("SELECT level, number, value FROM seed WHERE lot = ?", (number,)).fetchall()
        seeds = [whole(secret, len(cards))] if secret else sorted((Seed(*one) for one in rows), key=_first)
        return Book(Secret(cards), Secret(seeds), gaps)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise

    def _unreadable(self, error: Exception) -> CorruptError:
        return CorruptError("custody.file_unreadable", file=self._path.name, problem=str(error)[:200])


def _first(seed: Seed) -> int:
    return seed.slots.start
