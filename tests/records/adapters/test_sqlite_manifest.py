import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tallyward.kernel.errors import CorruptError, NotFoundError
from tallyward.kernel.ids import EnterpriseId, SegmentId, SourceId
from tallyward.kernel.paging import PageRequest
from tallyward.records.adapters.sqlite_manifest import SqliteManifest
from tallyward.records.decode.issues import Issue
from tallyward.records.model import Format
from tallyward.records.ports import Intake, StoredSegment
from tallyward.records.words import Word, WordKind
from tests.records.making import DAY, DAY_TS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def manifest(tmp_path: Path) -> Iterator[SqliteManifest]:
    with contextlib.closing(SqliteManifest(tmp_path)) as opened:
        yield opened


def intake(manifest: SqliteManifest, offset: str, *, bucket: int = 0) -> Intake:
    source = manifest.add_source("mediation-1", EnterpriseId(4), Format.CSV, NOW)
    number = manifest.next_intake()
    path = f"day=2026-03-01/b={bucket:05d}/s-{number}.parquet"
    return Intake(
        id=number,
        source=source,
        name=f"{offset}.csv",
        offset=offset,
        format=Format.CSV,
        at=NOW,
        records=5,
        refused=1,
        first_ts=DAY_TS,
        last_ts=DAY_TS + 9,
        segments=[StoredSegment(path, DAY, bucket, 5, DAY_TS, DAY_TS + 9, "ab", 100)],
        issues=[Issue("records.number", record=3, field="bytes_up", detail="x", sample=b"line")],
        hours={DAY_TS // 3600: 5},
        new_words=[(WordKind.APN, Word(number, f"apn{number}"))],
    )


def test_a_commit_brings_everything_at_once(manifest: SqliteManifest, tmp_path: Path) -> None:
    first = intake(manifest, "a")
    manifest.commit(first)
    assert manifest.version() == 1
    (segment,) = manifest.snapshot(DAY).segments
    assert segment.path == tmp_path / first.segments[0].path
    assert manifest.segment(segment.id) == segment
    assert manifest.segment(SegmentId(99)) is None
    assert manifest.segment_paths() == {first.segments[0].path}
    assert manifest.hours(DAY)[0] == 5
    assert manifest.words(WordKind.APN, 0) == [Word(1, "apn1")]
    report = manifest.taken(first.source, "a")
    assert report is not None
    assert (report.duplicate, report.records, report.refused) == (True, 5, 1)
    (row,) = manifest.quarantine(PageRequest(), None).rows
    assert (row.record_index, row.field, row.detail, row.sample_hex, row.at) == (3, "bytes_up", "x", b"line".hex(), NOW)


def test_a_commit_that_fails_in_its_middle_changes_nothing(manifest: SqliteManifest) -> None:
    manifest.commit(intake(manifest, "a"))
    before = dump(manifest)
    second = intake(manifest, "b")
    second.segments *= 2  # the same path twice
    with pytest.raises(Exception, match=r"records\."):
        manifest.commit(second)
    assert dump(manifest) == before
    manifest.commit(intake(manifest, "b"))
    assert manifest.version() == 2


def dump(manifest: SqliteManifest) -> list[str]:
    return list(manifest._file.db.iterdump())


def test_an_offset_can_not_be_taken_twice(manifest: SqliteManifest) -> None:
    manifest.commit(intake(manifest, "a"))
    with pytest.raises(Exception, match=r"records\."):
        manifest.commit(intake(manifest, "a"))
    assert manifest.version() == 1


def test_changes_are_told_by_version(manifest: SqliteManifest) -> None:
    for bucket in (0, 2, 2):
        manifest.commit(intake(manifest, f"{bucket}{manifest.version()}", bucket=bucket))
    assert manifest.changed_since(0) == [(DAY, 0), (DAY, 2)]
    assert manifest.changed_since(1) == [(DAY, 2)]
    assert manifest.changed_since(3) == []
    assert manifest.snapshot(DAY).buckets() == (0, 2)


def test_a_quarantined_intake_leaves_the_version(manifest: SqliteManifest) -> None:
    one = intake(manifest, "a")
    one.segments, one.quarantined = [], True
    manifest.commit(one)
    assert manifest.version() == 0
    state = manifest.source(one.source)
    assert state is not None
    assert (state.quarantined, state.files) == (1, 1)
    assert manifest.source(SourceId(99)) is None


def test_commits_are_made_to_survive_a_power_cut(manifest: SqliteManifest) -> None:
    assert manifest._file.db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert manifest._file.db.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_folder_without_a_manifest_can_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"records.no_store"):
        SqliteManifest(tmp_path, read_only=True)


def test_a_damaged_or_newer_manifest_is_told(tmp_path: Path) -> None:
    (tmp_path / "manifest.sqlite").write_bytes(b"no database at all, and long enough to tell it" * 50)
    with pytest.raises(CorruptError, match=r"records.manifest_unreadable"):
        SqliteManifest(tmp_path)
    (tmp_path / "manifest.sqlite").unlink()
    with contextlib.closing(sqlite3.connect(tmp_path / "manifest.sqlite")) as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(CorruptError, match=r"records.manifest_version"):
        SqliteManifest(tmp_path)


def test_threads_may_read_while_one_writes(manifest: SqliteManifest) -> None:
    wrong: list[object] = []

    def read() -> None:
        for _ in range(100):
            snapshot = manifest.snapshot(DAY)
            if len(snapshot.segments) != snapshot.manifest_version:
                wrong.append(snapshot)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(20):
        manifest.commit(intake(manifest, str(number)))
    for reader in readers:
        reader.join()
    assert not wrong


def test_refused_records_belong_to_the_days_their_file_reaches(manifest: SqliteManifest) -> None:
    manifest.commit(intake(manifest, "a"))
    two_days = intake(manifest, "b", bucket=1)
    two_days.refused, two_days.last_ts = 10, DAY_TS + 86_400
    manifest.commit(two_days)
    nothing_read = intake(manifest, "c", bucket=2)
    nothing_read.refused, nothing_read.first_ts, nothing_read.last_ts = 100, None, None
    nothing_read.segments = []
    manifest.commit(nothing_read)
    days = [DAY + timedelta(days=days) for days in (-1, 0, 1, 2)]
    assert [manifest.refused(day) for day in days] == [0, 111, 10, 0]
