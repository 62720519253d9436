"""The log of look-ups in a file of its own, to which rows are only added: it refuses change and removal."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tallyward.custody.look_ups import Ground, LookUp
from tallyward.kernel.errors import CorruptError, UnavailableError

_TABLE: Final = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS look_up (
  number INTEGER PRIMARY KEY AUTOINCREMENT, asker TEXT NOT NULL, about TEXT NOT NULL, ground TEXT NOT NULL,
  time INTEGER NOT NULL, size INTEGER NOT NULL, score INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS look_up_about ON look_up (about, number);
CREATE TRIGGER IF NOT EXISTS look_up_stays BEFORE DELETE ON look_up
  BEGIN SELECT RAISE(ABORT, 'look-ups are never removed'); END;
CREATE TRIGGER IF NOT EXISTS look_up_is_said BEFORE UPDATE ON look_up
  BEGIN SELECT RAISE(ABORT, 'look-ups are never changed'); END;
"""


class SqliteLookUpLog:
    """See `ports.LookUpLog`. For several threads that take turns."""

    def __init__(self, path: Path) -> None:
        """Begin or go on with a file; refuses what is none with `custody.file_unreadable`."""
        self._path = path
        path.touch(mode=0o600)
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._db.executescript(_TABLE)
            self._db.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error as error:
            raise CorruptError("custody.file_unreadable", file=path.name, problem=str(error)) from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def add(self, one: LookUp) -> None:
        """Note a look-up; it is on the disk afterwards. Refuses with `custody.not_durable` if it can't be."""
        try:
            self._db.execute(
                "INSERT INTO look_up (asker, about, ground, time, size, score) VALUES (?, ?, ?, ?, ?, ?)",
                (one.asker, one.about, one.ground.value, one.time, one.size, one.score),
            )
        except sqlite3.Error as error:
            raise UnavailableError("custody.not_durable", problem=str(error)) from error

    def of(self, about: str) -> Iterator[LookUp]:
        """Who was told of an organisation, in the order in which it was."""
        try:
            for row in self._db.execute(
                "SELECT asker, about, ground, time, size, score FROM look_up WHERE about = ? ORDER BY number", (about,)
            ):
                yield LookUp(row[0], row[1], Ground(row[2]), *row[3:])
        except (sqlite3.Error, ValueError) as error:
            raise CorruptError("custody.file_unreadable", file=self._path.name, problem=str(error)) from error
