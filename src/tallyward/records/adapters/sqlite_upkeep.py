"""What happens to segments after they were taken in: one named instead of several, expiry, files on their way out."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from tallyward.kernel.clock import day_start
from tallyward.kernel.ids import SegmentId, SourceId
from tallyward.records.adapters import manifest_tables as sql
from tallyward.records.adapters.manifest_file import ManifestFile
from tallyward.records.ports import Expired, Span, StoredSegment
from tallyward.records.schema import SCHEMA_VERSION

_STORED: Final = "id, path, day, bucket, rows, min_ts, max_ts, sha256, bytes"
_PAGE: Final = 10_000
_AFTER: Final = f"SELECT {_STORED} FROM segment WHERE (day, bucket, id) > (?, ?, ?) ORDER BY day, bucket, id LIMIT ?"
_REPLACED: Final = "SELECT count(*), max(intake), max(added) FROM segment WHERE id IN (SELECT value FROM json_each(?))"
_RETIRE: Final = """
INSERT OR REPLACE INTO retired SELECT path, ?, ? FROM segment WHERE id IN (SELECT value FROM json_each(?))
"""
_EXPIRING: Final = """
SELECT s.id FROM segment s JOIN intake i ON i.id = s.intake WHERE s.day < ? AND i.at < ? ORDER BY s.id
"""
_EXPIRED: Final = "SELECT count(*), coalesce(sum(rows), 0) FROM segment WHERE id IN (SELECT value FROM json_each(?))"
_EXPIRE_ASIDE: Final = "DELETE FROM quarantine WHERE intake IN (SELECT id FROM intake WHERE at < ?)"
_REMOVE: Final = "DELETE FROM segment WHERE id IN (SELECT value FROM json_each(?))"


class SqliteUpkeep:
    """The part of a manifest that compaction, retention and verification use."""

    def __init__(self, file: ManifestFile) -> None:
        """Work upon an open file."""
        self._file = file

    def stored(self) -> Iterator[tuple[SegmentId, StoredSegment]]:
        """Every segment as it was written, by day, bucket and id: in pages, so that nobody waits for all of it."""
        after: tuple[str, int, int] = ("", -1, -1)
        while page := self._file.rows(_AFTER, *after, _PAGE):
            for number, path, day, *rest in page:
                yield SegmentId(number), StoredSegment(path, date.fromisoformat(day), *rest)
                after = (day, rest[0], number)

    def counted(self, day: date) -> tuple[int, int]:
        """(records of the day by the counts by hour, records by its segments), read together."""
        first = day_start(day) // 3600
        with self._file.reading() as db:
            hours = db.execute("SELECT sum(records) FROM hour WHERE hour >= ? AND hour < ?", (first, first + 24))
            rows = db.execute("SELECT sum(rows) FROM segment WHERE day = ?", (day.isoformat(),))
            return int(hours.fetchone()[0] or 0), int(rows.fetchone()[0] or 0)

    def replace(self, old: Sequence[SegmentId], new: StoredSegment, at: int) -> bool:
        """Name one segment instead of several; False where one of them is gone meanwhile."""
        ids = str(list(map(int, old)))
        with self._file.writing() as db:
            count, intake, added = db.execute(_REPLACED, (ids,)).fetchone()
            if count != len(old):
                return False
            db.execute(_RETIRE, (at, "compacted", ids))
            db.execute(_REMOVE, (ids,))
            self._file.step("old_removed")
            place = (
                next_segment(db, 1),
                intake,
                new.day.isoformat(),
                new.bucket,
                new.path,
                new.rows,
                new.min_ts,
                new.max_ts,
            )
            db.execute(sql.ADD_SEGMENT, (*place, new.sha256, new.bytes, SCHEMA_VERSION, added))
            db.execute("DELETE FROM retired WHERE path = ?", (new.path,))
        return True

    def expiring(self, before: date) -> list[SegmentId]:
        """Segments of days before one that also came before it."""
        return [SegmentId(row[0]) for row in self._file.rows(_EXPIRING, before.isoformat(), before.isoformat())]

    def expire(
        self, gone: Sequence[SegmentId], left: Mapping[date, Mapping[int, int]], before: date, at: int
    ) -> Expired:
        """Take segments out, and what was put aside before a day; nothing where one of them is gone meanwhile.

        What the intakes were stays: a file that was taken once is known for good.
        """
        ids = str(list(map(int, gone)))
        with self._file.writing() as db:
            count, rows = db.execute(_EXPIRED, (ids,)).fetchone()
            if count != len(gone):
                return Expired(0, 0, 0)
            db.execute(_RETIRE, (at, "expired", ids))
            db.execute(_REMOVE, (ids,))
            for day, hours in left.items():
                first = day_start(day) // 3600
                db.execute("DELETE FROM hour WHERE hour >= ? AND hour < ?", (first, first + 24))
                db.executemany(sql.ADD_HOUR, list(hours.items()))
            aside = db.execute(_EXPIRE_ASIDE, (before.isoformat(),)).rowcount
            if gone:
                next_version(db)
        return Expired(count, rows, aside)

    def retired(self) -> dict[str, int]:
        """Relative paths of files that no row names any more -> UTC seconds since when."""
        return dict(self._file.rows("SELECT path, at FROM retired ORDER BY path"))

    def forget(self, paths: Sequence[str]) -> None:
        """These retired files are gone."""
        with self._file.writing() as db:
            db.executemany("DELETE FROM retired WHERE path = ?", [(path,) for path in paths])


def version_of(db: sqlite3.Connection) -> int:
    """The manifest's version."""
    return int(db.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()[0])


def next_version(db: sqlite3.Connection) -> int:
    """The version after the present one, which it becomes."""
    db.execute("UPDATE meta SET value = value + 1 WHERE name = 'version'")
    return version_of(db)


def next_segment(db: sqlite3.Connection, count: int) -> int:
    """The first of so many ids that no segment ever had."""
    db.execute("UPDATE meta SET value = value + ? WHERE name = 'segments'", (count,))
    last = int(db.execute("SELECT value FROM meta WHERE name = 'segments'").fetchone()[0])
    return last - count + 1


def add_span(db: sqlite3.Connection, source: SourceId, span: Span) -> None:
    """Take the sequences of a span in, joined with those beside it. An overlap is refused by the caller."""
    mine = (source, span.stream)
    first, last = span.first, span.last
    before = db.execute("SELECT first FROM span WHERE source=? AND stream=? AND last=?", (*mine, first - 1)).fetchone()
    after = db.execute("SELECT last FROM span WHERE source=? AND stream=? AND first=?", (*mine, last + 1)).fetchone()
    if after:
        db.execute("DELETE FROM span WHERE source=? AND stream=? AND first=?", (*mine, last + 1))
        last = after[0]
    if before:
        first = before[0]
    db.execute("INSERT OR REPLACE INTO span VALUES (?, ?, ?, ?)", (*mine, first, last))
