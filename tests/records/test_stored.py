"""What is stored, on a real folder: snapshots, sources, quarantine, readers beside the writer."""

from datetime import date

import pytest

from tallyward.kernel.errors import ConflictError
from tallyward.kernel.ids import SourceId
from tallyward.kernel.paging import PageRequest, decode_cursor
from tallyward.records.service import RecordsService
from tests.records.conftest import OPERATOR, Opener
from tests.records.making import DAY, all_rows, csv_of, line, usage_rows


def test_a_snapshot_stays_what_it_was(records: RecordsService, source: SourceId) -> None:
    records.take_batch(source, "1", usage_rows(10))
    before = records.snapshot(DAY)
    records.take_batch(source, "2", usage_rows(20))
    assert (before.rows, records.snapshot(DAY).rows) == (10, 30)
    assert records.snapshot(DAY).manifest_version > before.manifest_version
    assert records.snapshot(date(2020, 1, 1)).segments == ()


def test_hours_of_a_day_are_counted_at_intake(records: RecordsService, source: SourceId) -> None:
    times = ["2026-03-01T00:00:00Z", "2026-03-01T00:59:59Z", "2026-03-01T23:59:59Z", "2026-03-02T00:00:00Z"]
    records.take_bytes(source, "a.csv", csv_of([line(start_time=time) for time in times]))
    assert records.hours(DAY) == [2, *([0] * 22), 1]


def test_sources_tell_what_they_brought(records: RecordsService, source: SourceId) -> None:
    records.take_bytes(source, "a.csv", csv_of([line(), line(service="datum")]))
    records.take_bytes(source, "b.csv", b"")
    (state,) = records.sources()
    assert (state.name, state.operator, state.files) == ("mediation-1", OPERATOR, 2)
    assert (state.records, state.refused, state.quarantined) == (1, 1, 1)
    assert state.newest_ts == 1_772_323_200
    assert state.last_at is not None
    assert records.add_source(" mediation-1 ", OPERATOR) == source
    assert records.operator_of_intake(1) == OPERATOR
    assert records.operator_of_intake(99) is None


def test_the_quarantine_is_read_in_pages_newest_first_and_by_source(records: RecordsService, source: SourceId) -> None:
    other = records.add_source("other", OPERATOR)
    for number in range(5):
        records.take_bytes(source if number % 2 else other, f"{number}.csv", f"{number}".encode())
    first = records.quarantine(PageRequest(3))
    assert first.next_cursor is not None
    rest = records.quarantine(PageRequest(3, decode_cursor(first.next_cursor, int)))
    assert [row.name for row in (*first.rows, *rest.rows)] == [f"{n}.csv" for n in (4, 3, 2, 1, 0)]
    assert [row.name for row in records.quarantine(PageRequest(), source).rows] == ["3.csv", "1.csv"]


def test_a_reader_sees_what_the_writer_commits_and_writes_nothing(opened: Opener) -> None:
    writer, reader = opened(), opened(read_only=True)
    source = writer.add_source("mediation-1", OPERATOR)
    assert reader.days() == ()
    writer.take_batch(source, "1", usage_rows(10))
    assert reader.snapshot(DAY).rows == 10
    assert all_rows(reader).equals(all_rows(writer))
    with pytest.raises(ConflictError, match=r"records.read_only"):
        reader.take_batch(source, "2", usage_rows(10))
    with pytest.raises(ConflictError, match=r"records.read_only"):
        reader.add_source("x", OPERATOR)
