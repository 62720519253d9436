"""Taking cards out of an operator's books for good: their numbers, and their salts out of the lot's secret.

A lot's secret is a seed from which all salts follow (`salt_tree`). When a card is forgotten, the seeds beside its path
take the secret's place, so all other cards can still be shown and this one never again. The file is written anew
(VACUUM) and its write-ahead log is cut: no free page keeps the number.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from tallyward.custody.adapters.lot_books import FORGOTTEN
from tallyward.custody.lots import card_leaf
from tallyward.custody.salt_tree import Seed, covering, salts, whole, without
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import NotFoundError, UnavailableError
from tallyward.kernel.secret import Secret

_TABLES: Final = f"""
PRAGMA secure_delete = ON;
PRAGMA synchronous = FULL;
PRAGMA temp_store = MEMORY;
{FORGOTTEN}
CREATE TABLE IF NOT EXISTS forgotten (leaf BLOB PRIMARY KEY, time INTEGER NOT NULL, told INTEGER NOT NULL) STRICT;
"""


class BookForgetting:
    """Works on the file of `LotBooks`, which others may read meanwhile."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Open books that are there; refuses with `custody.no_book`."""
        if not path.is_file():
            raise NotFoundError("custody.no_book", lot="-")
        self._path = path
        self._clock = clock
        self._db = sqlite3.connect(path, timeout=20, isolation_level=None)
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def forget(self, lot: str, slots: Sequence[int]) -> list[bytes]:
        """Destroy numbers and salts: all of them or none. Gives the cards' leaves, by which the ledger is told.

        Refuses with `custody.no_book`, `custody.vault_not_durable`. With `custody.vault_busy` they are gone, but
        another reader kept old bytes in the write-ahead log, which the next forgetting cuts.
        """
        now = int(self._clock.now().timestamp())
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                leaves = [self._forgotten(lot, slot, now) for slot in slots]
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._scrub()
        except sqlite3.Error as error:
            raise UnavailableError("custody.vault_not_durable", problem=str(error)) from error
        return leaves

    def seeds(self, lot: str) -> Secret[list[Seed]]:
        """What opens all cards of a lot that are not forgotten; refuses with `custody.no_book`."""
        return Secret(self._seeds(*self._lot(lot)))

    def untold(self) -> list[bytes]:
        """The leaves that the ledger was not told of yet, oldest first."""
        return [row[0] for row in self._db.execute("SELECT leaf FROM forgotten WHERE told = 0 ORDER BY time, leaf")]

    def told(self, keys: Iterable[bytes]) -> None:
        """The ledger has a KEY_DESTROYED for these."""
        self._db.executemany("UPDATE forgotten SET told = 1 WHERE leaf = ?", [(key,) for key in keys])

    def _forgotten(self, lot: str, slot: int, now: int) -> bytes:
        number, secret = self._lot(lot)
        row = self._db.execute("SELECT number FROM card WHERE lot = ? AND slot = ?", (number, slot)).fetchone()
        if row is None:
            raise NotFoundError("custody.no_book", lot=lot)
        seeds = self._seeds(number, secret)
        ((_, salt),) = salts(covering(seeds, slot, slot + 1))
        leaf = card_leaf(lot, slot, salt, row[0])
        left = [(number, one.level, one.number, one.value) for one in without(seeds, slot)]
        self._db.execute("DELETE FROM seed WHERE lot = ?", (number,))
        self._db.executemany("INSERT INTO seed VALUES (?, ?, ?, ?)", left)
        self._db.execute("UPDATE lot SET secret = x'' WHERE id = ?", (number,))
        self._db.execute("DELETE FROM card WHERE lot = ? AND slot = ?", (number, slot))
        self._db.execute("INSERT INTO gap VALUES (?, ?, ?)", (number, slot, leaf))
        self._db.execute("INSERT INTO forgotten VALUES (?, ?, 0)", (leaf, now))
        return leaf

    def _lot(self, lot: str) -> tuple[int, bytes]:
        row = self._db.execute("SELECT id, secret FROM lot WHERE name = ?", (lot,)).fetchone()
        if row is None:
            raise NotFoundError("custody.no_book", lot=lot)
        return row[0], row[1]

    def _seeds(self, number: int, secret: bytes) -> list[Seed]:
        """The lot's seeds; before the first card is forgotten, the one that its secret is."""
        if secret:
            (cards,) = self._db.execute("SELECT count(*) FROM card WHERE lot = ?", (number,)).fetchone()
            return [whole(secret, cards)]
        rows = self._db.execute("SELECT level, number, value FROM seed WHERE lot = ?", (number,))
        return sorted((Seed(*row) for row in rows), key=lambda seed: seed.slots.start)

    def _scrub(self) -> None:
        self._db.execute("VACUUM")
        if self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            raise UnavailableError("custody.vault_busy", file=self._path.name)
