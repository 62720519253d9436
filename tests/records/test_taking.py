import pytest

from tallyward.kernel.ids import SourceId
from tallyward.records import taking
from tallyward.records.service import RecordsService
from tests.records.making import all_rows, csv_of, line, usage_rows


def test_a_large_intake_becomes_several_segments_and_all_its_records_count(
    records: RecordsService, source: SourceId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "FLUSH_ROWS", 1000)
    rows = usage_rows(20_500)
    report = records.take_batch(source, "1", rows)
    assert report.records == 20_500
    assert all_rows(records)["up"].combine_chunks().sort().to_pylist() == list(range(20_500))
    (day,) = records.days()
    assert len(records.snapshot(day).segments) == 21
    assert sum(records.hours(day)) == 20_500
    assert (report.first_ts, report.last_ts) == (min(rows["ts"].to_pylist()), max(rows["ts"].to_pylist()))


def test_a_file_scattered_over_too_many_days_is_quarantined_and_leaves_no_file(
    records: RecordsService, source: SourceId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MOST_DAYS", 5)
    lines = [line(start_time=f"2026-02-{day:02d}T00:00:00Z") for day in range(1, 8)]
    report = records.take_bytes(source, "a.csv", csv_of(lines))
    assert report.quarantined
    assert records.days() == ()
    assert not records._store.files()
