"""The manifest in SQLite: write-ahead log, `synchronous=FULL`, so a commit that returned survives a power cut."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from tallyward.kernel.clock import day_start
from tallyward.kernel.errors import CorruptError, NotFoundError
from tallyward.kernel.ids import EnterpriseId, SegmentId, SourceId
from tallyward.kernel.paging import Page, PageRequest, encode_cursor
from tallyward.records.adapters import manifest_tables as sql
from tallyward.records.adapters.disk_errors import telling_disk_errors
from tallyward.records.model import Format, IntakeReport, QuarantineRow, SegmentRef, Snapshot, SourceState
from tallyward.records.ports import Intake, Step, no_step
from tallyward.records.schema import SCHEMA_VERSION
from tallyward.records.words import Word, WordKind

_DAY_SECONDS: Final = 86_400
_LAST_ID: Final = (1 << 63) - 1


class SqliteManifest:
    """A `Manifest` in the file `manifest.sqlite` of a folder; its segments lie in the same folder.

    Safe for many threads of one process: one connection, one lock, short statements.
    """

    def __init__(self, folder: Path, *, read_only: bool = False, step: Step = no_step) -> None:
        """Open the manifest, made where it is missing; `read_only` refuses with `records.no_store` instead."""
        self._folder = folder
        self._step = step
        self._lock = threading.RLock()
        path = folder / "manifest.sqlite"
        if read_only and not path.exists():
            raise NotFoundError("records.no_store", folder=str(folder))
        mode = "ro" if read_only else "rwc"
        with telling_disk_errors(folder):
            uri = f"{path.absolute().as_uri()}?mode={mode}"
            self._db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5.0)
            try:
                self._prepare(read_only=read_only)
            except BaseException:
                self._db.close()
                raise

    def _prepare(self, *, read_only: bool) -> None:
        if not read_only:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA foreign_keys=ON")
        found = self._db.execute("PRAGMA user_version").fetchone()[0]
        if found == 0 and not read_only:
            self._db.executescript(f"BEGIN IMMEDIATE; {sql.TABLES} PRAGMA user_version={sql.SCHEMA}; COMMIT;")
        elif found != sql.SCHEMA:
            raise CorruptError("records.manifest_version", folder=str(self._folder), found=found, known=sql.SCHEMA)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of the body or nothing of it."""
        with self._lock, telling_disk_errors(self._folder):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._step("before_commit")
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        self._step("committed")

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock, telling_disk_errors(self._folder):
            return self._db.execute(statement, values).fetchall()

    # sources and intakes

    def add_source(self, name: str, operator: EnterpriseId, form: Format | None, at: datetime) -> SourceId:
        """The id of a source, made where the name is new; an existing one stays as it is."""
        found = self._rows("SELECT id FROM source WHERE name = ?", name)
        if found:
            return SourceId(found[0][0])
        with self._writing() as db:
            db.execute(
                "INSERT INTO source (name, operator, format, added) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (name, operator, form, at.isoformat()),
            )
        return SourceId(self._rows("SELECT id FROM source WHERE name = ?", name)[0][0])

    def sources(self) -> tuple[SourceState, ...]:
        """All sources by name, with what each has brought."""
        return tuple(_source(row) for row in self._rows(sql.SOURCES, None))

    def source(self, source: SourceId) -> SourceState | None:
        """One source."""
        found = self._rows(sql.SOURCES, source)
        return _source(found[0]) if found else None

    def taken(self, source: SourceId, offset: str) -> IntakeReport | None:
        """The report of an offset that was taken before, as a duplicate."""
        found = self._rows(f"SELECT {sql.INTAKE_COLUMNS} FROM intake WHERE source=? AND offset=?", source, offset)
        return _report(found[0]) if found else None

    def next_intake(self) -> int:
        """One above the highest intake."""
        return int(self._rows("SELECT coalesce(max(id), 0) + 1 FROM intake")[0][0])

    def source_of_intake(self, intake: int) -> SourceId | None:
        """The source that brought an intake."""
        found = self._rows("SELECT source FROM intake WHERE id = ?", intake)
        return SourceId(found[0][0]) if found else None

    def commit(self, intake: Intake) -> None:
        """Everything of an intake in one transaction; the version grows where segments came."""
        with self._writing() as db:
            db.execute(sql.ADD_INTAKE, _intake_values(intake))
            db.execute(
                sql.COUNT_INTAKE,
                (
                    *(intake.source, intake.at.isoformat(), intake.records, intake.refused),
                    *(int(intake.quarantined), intake.last_ts),
                ),
            )
            self._step("offset_moved")
            added = self._next_version(db) if intake.segments else 0
            db.executemany(
                sql.ADD_SEGMENT,
                [
                    (
                        *(intake.id, s.day.isoformat(), s.bucket, s.path, s.rows, s.min_ts, s.max_ts),
                        *(s.sha256, s.bytes, SCHEMA_VERSION, added),
                    )
                    for s in intake.segments
                ],
            )
            db.executemany(sql.ADD_HOUR, list(intake.hours.items()))
            _add_words(db, intake.new_words)
            db.executemany(
                sql.ADD_QUARANTINE,
                [
                    (intake.id, intake.source, i.record, i.offset, i.tag_path, i.field, i.code, i.detail, i.sample)
                    for i in intake.issues
                ],
            )

    def _next_version(self, db: sqlite3.Connection) -> int:
        db.execute("UPDATE meta SET value = value + 1 WHERE name = 'version'")
        return self._version(db)

    @staticmethod
    def _version(db: sqlite3.Connection) -> int:
        return int(db.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()[0])

    # dictionaries

    def add_words(self, new: Sequence[tuple[WordKind, Word]]) -> None:
        """Dictionary entries outside an intake, durable."""
        with self._writing() as db:
            _add_words(db, new)

    def words(self, kind: WordKind, after: int) -> list[Word]:
        """Dictionary entries with ids above `after`, in order."""
        return [
            Word(*row) for row in self._rows("SELECT id, text FROM word WHERE kind=? AND id>? ORDER BY id", kind, after)
        ]

    # segments

    def version(self) -> int:
        """Grows with each commit that brings segments."""
        return int(self._rows("SELECT value FROM meta WHERE name = 'version'")[0][0])

    def days(self) -> tuple[date, ...]:
        """Days with records, in order."""
        return tuple(date.fromisoformat(row[0]) for row in self._rows("SELECT DISTINCT day FROM segment ORDER BY day"))

    def snapshot(self, day: date) -> Snapshot:
        """The segments of a day and the version they belong to, read in one transaction."""
        statement = f"SELECT {sql.SEGMENT_COLUMNS} FROM segment WHERE day = ? ORDER BY bucket, id"
        with self._lock, telling_disk_errors(self._folder):
            self._db.execute("BEGIN")
            try:
                version = self._version(self._db)
                rows = self._db.execute(statement, (day.isoformat(),)).fetchall()
            finally:
                self._db.execute("COMMIT")
        return Snapshot(version, day, tuple(self._segment(row) for row in rows))

    def segment(self, segment: SegmentId) -> SegmentRef | None:
        """One segment."""
        found = self._rows(f"SELECT {sql.SEGMENT_COLUMNS} FROM segment WHERE id = ?", segment)
        return self._segment(found[0]) if found else None

    def _segment(self, row: tuple[Any, ...]) -> SegmentRef:
        number, path, day, *rest = row
        return SegmentRef(SegmentId(number), self._folder / path, date.fromisoformat(day), *rest)

    def segment_paths(self) -> frozenset[str]:
        """Relative paths that rows name."""
        return frozenset(row[0] for row in self._rows("SELECT path FROM segment"))

    def changed_since(self, version: int) -> list[tuple[date, int]]:
        """(day, bucket) pairs that got segments after a version."""
        return [(date.fromisoformat(day), bucket) for day, bucket in self._rows(sql.CHANGED, version)]

    def hours(self, day: date) -> list[int]:
        """Records of each of the 24 hours of a day."""
        first = day_start(day) // 3600
        rows = self._rows("SELECT hour, records FROM hour WHERE hour >= ? AND hour < ?", first, first + 24)
        found = dict(rows)
        return [found.get(first + hour, 0) for hour in range(24)]

    # quarantine

    def refused(self, day: date) -> int:
        """Records put aside from files that reach into a day; of files that gave no record, on the day they came."""
        first = day_start(day)
        return int(self._rows(sql.REFUSED, first, first + _DAY_SECONDS, day.isoformat())[0][0])

    def quarantine(self, page: PageRequest, source: SourceId | None) -> Page[QuarantineRow]:
        """What was put aside, newest first."""
        before = page.after[0] if page.after else _LAST_ID
        rows = self._rows(sql.QUARANTINE, source, before, page.limit + 1)
        found = tuple(_quarantine(row) for row in rows[: page.limit])
        more = encode_cursor((found[-1].id,)) if len(rows) > page.limit else None
        return Page(found, more)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


def _intake_values(intake: Intake) -> tuple[object, ...]:
    return (
        *(intake.id, intake.source, intake.offset, intake.name, intake.format, intake.at.isoformat()),
        *(intake.records, intake.refused, intake.first_ts, intake.last_ts, int(intake.quarantined)),
        *(intake.unknown_cards, intake.unknown_cells),
    )


def _add_words(db: sqlite3.Connection, new: Sequence[tuple[WordKind, Word]]) -> None:
    db.executemany("INSERT INTO word (kind, id, text) VALUES (?, ?, ?)", [(kind, *word) for kind, word in new])


def _report(row: tuple[Any, ...]) -> IntakeReport:
    number, name, form, records, refused, first_ts, last_ts, quarantined, cards, cells = row
    return IntakeReport(
        intake=number,
        name=name,
        format=Format(form),
        records=records,
        refused=refused,
        duplicate=True,
        first_ts=first_ts,
        last_ts=last_ts,
        quarantined=bool(quarantined),
        unknown_cards=cards,
        unknown_cells=cells,
    )


def _source(row: tuple[Any, ...]) -> SourceState:
    number, name, operator, form, last_at, files, records, refused, quarantined, newest = row
    return SourceState(
        id=SourceId(number),
        name=name,
        operator=EnterpriseId(operator),
        format=Format(form) if form else None,
        last_at=datetime.fromisoformat(last_at) if last_at else None,
        files=files,
        records=records,
        refused=refused,
        quarantined=quarantined,
        newest_ts=newest,
    )


def _quarantine(row: tuple[Any, ...]) -> QuarantineRow:
    number, source, intake, name, record, offset, tag_path, field, code, detail, at, sample = row
    return QuarantineRow(
        id=number,
        source=SourceId(source),
        intake=intake,
        name=name,
        record_index=record,
        offset=offset,
        tag_path=tag_path,
        field=field,
        reason_code=code,
        detail=detail,
        at=datetime.fromisoformat(at),
        sample_hex=sample.hex(),
    )
