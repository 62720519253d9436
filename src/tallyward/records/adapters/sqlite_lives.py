"""What was counted of sessions, in the manifest: read by name, kept in the transaction that commits their records."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from tallyward.kernel.clock import SECONDS_PER_DAY
from tallyward.records.adapters.manifest_file import ManifestFile
from tallyward.records.sessions import Life

MOST_LIVES: Final = 64
"""Lives of one name that are looked at: more have only servers that give every session the same name."""
_AT_ONCE: Final = 500
_LIVES: Final = "SELECT name, begun, at, dur, up, dn FROM life WHERE name IN ({}) ORDER BY name, begun"
_KEEP: Final = "INSERT OR REPLACE INTO life (name, begun, at, dur, up, dn, seen) VALUES (?, ?, ?, ?, ?, ?, ?)"
_FORGET: Final = "DELETE FROM life WHERE name >= ? AND name < ? AND seen < ?"
_META: Final = "SELECT value FROM meta WHERE name = ?"
_PARTS: Final = 256


class SqliteLives:
    """The part of a manifest that knows sessions."""

    def __init__(self, file: ManifestFile) -> None:
        """Work upon an open file."""
        self._file = file

    def lives(self, asked: Iterable[tuple[bytes, int, int]]) -> dict[bytes, list[Life]]:
        """What was counted of sessions by (name, first, last): where it reaches into these seconds, the newest few.

        Asked in order of names, which are the order of the table, and in parts, so that nobody waits for all of it.
        """
        found: defaultdict[bytes, list[Life]] = defaultdict(list)
        rest = iter(sorted(asked))
        while part := list(islice(rest, _AT_ONCE)):
            spans = {name: (first, last) for name, first, last in part}
            with self._file.reading() as db:
                for name, *life in db.execute(_LIVES.format(",".join("?" * len(spans))), tuple(spans)):
                    _add(found, name, Life(*life), *spans[name])
        return found

    def forget_lives(self, days: int) -> int:
        """Forget what was counted of sessions not heard of for so many days before the newest; how many.

        The newest day is that of the last accounting file: while none comes, nothing is forgotten.
        """
        kept_from = self._file.rows(_META, "lives_seen")[0][0] - days
        if kept_from <= self._file.rows(_META, "lives_from")[0][0]:
            return 0
        gone = 0
        for part in range(_PARTS):
            with self._file.writing() as db:
                above = bytes([part + 1]) if part + 1 < _PARTS else b"\xff" * 17
                gone += db.execute(_FORGET, (bytes([part]), above, kept_from)).rowcount
        with self._file.writing() as db:
            db.execute("UPDATE meta SET value = ? WHERE name = 'lives_from'", (kept_from,))
        return gone


def _add(found: defaultdict[bytes, list[Life]], name: bytes, life: Life, first: int, last: int) -> None:
    if life.begun <= last and (life.at >= first or not life.begun):
        found[name].append(life)
        if len(found[name]) > MOST_LIVES:
            del found[name][0]


def keep_lives(db: sqlite3.Connection, lives: Sequence[tuple[bytes, Life]], at: datetime) -> None:
    """Put down what is counted of sessions now, heard of on the day of `at`."""
    day = int(at.timestamp()) // SECONDS_PER_DAY
    db.executemany(_KEEP, sorted((name, *life, day) for name, life in lives))
    db.execute("UPDATE meta SET value = max(value, ?) WHERE name = 'lives_seen'", (day,))
