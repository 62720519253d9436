import contextlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tallyward.kernel.ids import SegmentId, SourceId
from tallyward.kernel.paging import PageRequest
from tallyward.records.adapters import sqlite_upkeep
from tallyward.records.adapters.sqlite_manifest import SqliteManifest
from tallyward.records.adapters.sqlite_upkeep import add_span
from tallyward.records.ports import Expired, Span, StoredSegment
from tests.records.adapters.test_sqlite_manifest import intake
from tests.records.making import DAY, DAY_TS


@pytest.fixture
def manifest(tmp_path: Path) -> Iterator[SqliteManifest]:
    with contextlib.closing(SqliteManifest(tmp_path)) as opened:
        yield opened


def joined(name: str, rows: int) -> StoredSegment:
    return StoredSegment(f"day=2026-03-01/b=00000/s-{name}.parquet", DAY, 0, rows, DAY_TS, DAY_TS + 9, "cd", 100)


def test_one_segment_stands_for_several_and_nothing_changed(manifest: SqliteManifest) -> None:
    for name in "abc":
        manifest.commit(intake(manifest, name))
    before, paths = manifest.snapshot(DAY), manifest.segment_paths()
    assert manifest.replace([segment.id for segment in before.segments[:2]], joined("j", 10), 77)
    after = manifest.snapshot(DAY)
    assert (after.rows, len(after.segments), after.manifest_version) == (15, 2, before.manifest_version)
    assert manifest.retired() == dict.fromkeys(paths - manifest.segment_paths(), 77)
    assert manifest.changed_since(3) == []
    assert manifest.changed_since(1) == [(DAY, 0)], "who has not seen the second of them is told"
    manifest.forget(list(manifest.retired()))
    assert manifest.retired() == {}


def test_nothing_is_replaced_where_one_of_them_is_gone(manifest: SqliteManifest) -> None:
    manifest.commit(intake(manifest, "a"))
    (one,) = manifest.snapshot(DAY).segments
    assert not manifest.replace([one.id, SegmentId(99)], joined("j", 10), 77)
    assert manifest.snapshot(DAY).segments == (one,)
    assert manifest.retired() == {}


def test_expiry_takes_days_hours_and_what_was_put_aside_but_not_the_offsets(manifest: SqliteManifest) -> None:
    manifest.commit(intake(manifest, "a"))
    assert manifest.expiring(DAY) == []
    assert manifest.expire([], {}, DAY, 5) == Expired(0, 0, 0)
    assert manifest.expire([SegmentId(99)], {DAY: {}}, DAY + timedelta(days=9), 5) == Expired(0, 0, 0)
    assert (manifest.version(), manifest.counted(DAY)) == (1, (5, 5))
    gone = manifest.expiring(DAY + timedelta(days=1))
    done = manifest.expire(gone, {DAY: {}}, DAY + timedelta(days=1), 5)
    assert (done.segments, done.records, done.quarantined) == (1, 5, 1)
    assert (manifest.version(), manifest.days(), manifest.counted(DAY)) == (2, (), (0, 0))
    assert manifest.quarantine(PageRequest(), None).rows == ()
    assert list(manifest.retired().values()) == [5]
    assert manifest.taken(SourceId(1), "a") is not None


def test_no_id_is_given_twice(manifest: SqliteManifest) -> None:
    """What is remembered of a segment that is gone must never be taken for another one."""
    given = set()
    for round_ in range(4):
        manifest.commit(intake(manifest, f"{round_}"))
        (one,) = manifest.snapshot(DAY).segments
        assert manifest.replace([one.id], joined(f"j{round_}", 5), 1)
        (other,) = manifest.snapshot(DAY).segments
        assert manifest.expire([other.id], {}, DAY, 1).segments == 1
        given |= {one.id, other.id}
    assert len(given) == 8


def test_stored_segments_are_read_in_pages(manifest: SqliteManifest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_upkeep, "_PAGE", 2)
    for bucket in (2, 0, 1, 0, 3):
        manifest.commit(intake(manifest, f"{bucket}{manifest.version()}", bucket=bucket))
    found = [(stored.day, stored.bucket, int(number)) for number, stored in manifest.stored()]
    assert found == sorted(found)
    assert len(found) == 5
    assert found[0][0] == date(2026, 3, 1)


def test_spans_grow_together(manifest: SqliteManifest) -> None:
    manifest.commit(intake(manifest, "a"))
    source = SourceId(1)
    with manifest._file.writing() as db:
        for first, last in ((5, 6), (1, 2), (9, 9), (3, 4), (7, 8)):
            add_span(db, source, Span("s", first, last))
        add_span(db, source, Span("other", 2, 2))
    assert manifest.spans(source, "s") == (Span("s", 1, 9),)
    assert manifest.spans(source, "other") == (Span("other", 2, 2),)
    with manifest._file.writing() as db:
        add_span(db, source, Span("s", 12, 13))
    assert manifest.spans(source, "s") == (Span("s", 1, 9), Span("s", 12, 13))
