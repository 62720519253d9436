"""The manifest in SQLite: what was taken in, and what of it can be read."""

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from tallyward.kernel.clock import day_start
from tallyward.kernel.ids import EnterpriseId, SegmentId, SourceId
from tallyward.kernel.paging import Page, PageRequest, encode_cursor
from tallyward.records.adapters import manifest_tables as sql
from tallyward.records.adapters.manifest_file import ManifestFile
from tallyward.records.adapters.sqlite_lives import SqliteLives, keep_lives
from tallyward.records.adapters.sqlite_upkeep import SqliteUpkeep, add_span, next_segment, next_version, version_of
from tallyward.records.model import Format, IntakeReport, QuarantineRow, SegmentRef, Snapshot, SourceState
from tallyward.records.ports import Intake, Span, Step, no_step
from tallyward.records.schema import SCHEMA_VERSION
from tallyward.records.words import Word, WordKind

_DAY_SECONDS: Final = 86_400
_LAST_ID: Final = (1 << 63) - 1


class SqliteManifest(SqliteUpkeep, SqliteLives):
    """A `Manifest` in the file `manifest.sqlite` of a folder; its segments lie in the same folder."""

    def __init__(self, folder: Path, *, read_only: bool = False, step: Step = no_step) -> None:
        """Open the manifest, made where it is missing; `read_only` refuses with `records.no_store` instead."""
        super().__init__(ManifestFile(folder, read_only=read_only, step=step))

    # sources and intakes

    def add_source(self, name: str, operator: EnterpriseId, form: Format | None, at: datetime) -> SourceId:
        """The id of a source, made where the name is new; an existing one stays as it is."""
        found = self._file.rows("SELECT id FROM source WHERE name = ?", name)
        if found:
            return SourceId(found[0][0])
        with self._file.writing() as db:
            db.execute(
                "INSERT INTO source (name, operator, format, added) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (name, operator, form, at.isoformat()),
            )
        return SourceId(self._file.rows("SELECT id FROM source WHERE name = ?", name)[0][0])

    def sources(self) -> tuple[SourceState, ...]:
        """All sources by name, with what each has brought."""
        return tuple(_source(row) for row in self._file.rows(sql.SOURCES, None))

    def source(self, source: SourceId) -> SourceState | None:
        """One source."""
        found = self._file.rows(sql.SOURCES, source)
        return _source(found[0]) if found else None

    def taken(self, source: SourceId, offset: str) -> IntakeReport | None:
        """The report of an offset that was taken before, as a duplicate."""
        found = self._file.rows(f"SELECT {sql.INTAKE_COLUMNS} FROM intake WHERE source=? AND offset=?", source, offset)
        return _report(found[0]) if found else None

    def spans(self, source: SourceId, stream: str) -> tuple[Span, ...]:
        """The sequences of a stream that are in, in order."""
        statement = "SELECT first, last FROM span WHERE source = ? AND stream = ? ORDER BY first"
        return tuple(Span(stream, *row) for row in self._file.rows(statement, source, stream))

    def next_intake(self) -> int:
        """One above the highest intake."""
        return int(self._file.rows("SELECT coalesce(max(id), 0) + 1 FROM intake")[0][0])

    def source_of_intake(self, intake: int) -> SourceId | None:
        """The source that brought an intake."""
        found = self._file.rows("SELECT source FROM intake WHERE id = ?", intake)
        return SourceId(found[0][0]) if found else None

    def commit(self, intake: Intake) -> None:
        """Everything of an intake in one transaction; the version grows where segments came."""
        with self._file.writing() as db:
            db.execute(sql.ADD_INTAKE, _intake_values(intake))
            db.execute(
                sql.COUNT_INTAKE,
                (
                    *(intake.source, intake.at.isoformat(), intake.records, intake.refused),
                    *(int(intake.quarantined), intake.last_ts),
                    *(intake.duplicates, intake.late, intake.out_of_order),
                ),
            )
            self._file.step("offset_moved")
            added = next_version(db) if intake.segments else 0
            first = next_segment(db, len(intake.segments))
            db.executemany(
                sql.ADD_SEGMENT,
                [
                    (
                        *(number, intake.id, s.day.isoformat(), s.bucket, s.path, s.rows, s.min_ts, s.max_ts),
                        *(s.sha256, s.bytes, SCHEMA_VERSION, added),
                    )
                    for number, s in enumerate(intake.segments, first)
                ],
            )
            db.executemany(sql.ADD_HOUR, list(intake.hours.items()))
            _add_words(db, intake.new_words)
            if intake.lives:
                keep_lives(db, intake.lives, intake.at)
                self._file.step("sessions_kept")
            if intake.span:
                add_span(db, intake.source, intake.span)
            db.executemany(
                sql.ADD_QUARANTINE,
                [
                    (intake.id, intake.source, i.record, i.offset, i.tag_path, i.field, i.code, i.detail, i.sample)
                    for i in intake.issues
                ],
            )

    # dictionaries

    def add_words(self, new: Sequence[tuple[WordKind, Word]]) -> None:
        """Dictionary entries outside an intake, durable."""
        with self._file.writing() as db:
            _add_words(db, new)

    def words(self, kind: WordKind, after: int) -> list[Word]:
        """Dictionary entries with ids above `after`, in order."""
        return [
            Word(*row)
            for row in self._file.rows("SELECT id, text FROM word WHERE kind=? AND id>? ORDER BY id", kind, after)
        ]

    # segments

    def version(self) -> int:
        """Grows with each commit that brings segments."""
        return int(self._file.rows("SELECT value FROM meta WHERE name = 'version'")[0][0])

    def days(self) -> tuple[date, ...]:
        """Days with records, in order."""
        return tuple(
            date.fromisoformat(row[0]) for row in self._file.rows("SELECT DISTINCT day FROM segment ORDER BY day")
        )

    def snapshot(self, day: date) -> Snapshot:
        """The segments of a day and the version they belong to, read in one transaction."""
        statement = f"SELECT {sql.SEGMENT_COLUMNS} FROM segment WHERE day = ? ORDER BY bucket, id"
        with self._file.reading() as db:
            version = version_of(db)
            rows = db.execute(statement, (day.isoformat(),)).fetchall()
        return Snapshot(version, day, tuple(self._segment(row) for row in rows))

    def segment(self, segment: SegmentId) -> SegmentRef | None:
        """One segment."""
        found = self._file.rows(f"SELECT {sql.SEGMENT_COLUMNS} FROM segment WHERE id = ?", segment)
        return self._segment(found[0]) if found else None

    def _segment(self, row: tuple[Any, ...]) -> SegmentRef:
        number, path, day, *rest = row
        return SegmentRef(SegmentId(number), self._file.folder / path, date.fromisoformat(day), *rest)

    def segment_paths(self) -> frozenset[str]:
        """Relative paths that rows name."""
        return frozenset(row[0] for row in self._file.rows("SELECT path FROM segment"))

    def changed_since(self, version: int) -> list[tuple[date, int]]:
        """(day, bucket) pairs that got segments after a version."""
        return [(date.fromisoformat(day), bucket) for day, bucket in self._file.rows(sql.CHANGED, version)]

    def hours(self, day: date) -> list[int]:
        """Records of each of the 24 hours of a day."""
        first = day_start(day) // 3600
        rows = self._file.rows("SELECT hour, records FROM hour WHERE hour >= ? AND hour < ?", first, first + 24)
        found = dict(rows)
        return [found.get(first + hour, 0) for hour in range(24)]

    # quarantine

    def refused(self, day: date) -> int:
        """Records put aside from files that reach into a day; of files that gave no record, on the day they came."""
        first = day_start(day)
        return int(self._file.rows(sql.REFUSED, first, first + _DAY_SECONDS, day.isoformat())[0][0])

    def quarantine(self, page: PageRequest, source: SourceId | None) -> Page[QuarantineRow]:
        """What was put aside, newest first."""
        before = page.after[0] if page.after else _LAST_ID
        rows = self._file.rows(sql.QUARANTINE, source, before, page.limit + 1)
        found = tuple(_quarantine(row) for row in rows[: page.limit])
        more = encode_cursor((found[-1].id,)) if len(rows) > page.limit else None
        return Page(found, more)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _intake_values(intake: Intake) -> tuple[object, ...]:
    return (
        *(intake.id, intake.source, intake.offset, intake.name, intake.format, intake.at.isoformat()),
        *(intake.records, intake.refused, intake.first_ts, intake.last_ts, int(intake.quarantined)),
        *(intake.unknown_cards, intake.unknown_cells, intake.duplicates, intake.late, intake.out_of_order),
    )


def _add_words(db: sqlite3.Connection, new: Sequence[tuple[WordKind, Word]]) -> None:
    db.executemany("INSERT INTO word (kind, id, text) VALUES (?, ?, ?)", [(kind, *word) for kind, word in new])


def _report(row: tuple[Any, ...]) -> IntakeReport:
    number, name, form, records, refused, first_ts, last_ts, quarantined, cards, cells, *counts = row
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
        duplicates=counts[0],
        late=counts[1],
        out_of_order=counts[2],
    )


def _source(row: tuple[Any, ...]) -> SourceState:
    number, name, operator, form, last_at, files, records, refused, quarantined, newest, *counts = row
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
        duplicates=counts[0],
        late=counts[1],
        out_of_order=counts[2],
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
