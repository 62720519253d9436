"""The use cases on a real folder: once and only once, late days, sources, quarantine."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tallyward.kernel.errors import InvalidError, NotFoundError
from tallyward.kernel.ids import SourceId
from tallyward.kernel.paging import PageRequest
from tallyward.records.model import UNKNOWN_BUCKET, Format
from tallyward.records.service import RecordsService
from tests.records.conftest import OPERATOR, Opener
from tests.records.making import DAY, all_rows, csv_of, gz, line, usage_rows


def test_the_same_content_is_taken_once_a_source(records: RecordsService, source: SourceId, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_of([line(), line(service="voice")]))
    first = records.take_file(source, path)
    again = records.take_bytes(source, "other name.csv", path.read_bytes())
    assert (first.records, first.duplicate) == (2, False)
    assert (again.intake, again.records, again.duplicate) == (first.intake, 2, True)
    assert all_rows(records).num_rows == 2
    other = records.add_source("mediation-2", OPERATOR)
    assert not records.take_file(other, path).duplicate


def test_a_batch_counts_once_by_its_offset(records: RecordsService, source: SourceId) -> None:
    first = records.take_batch(source, "stream:1", usage_rows(100))
    again = records.take_batch(source, "stream:1", usage_rows(100, seed=2))
    assert (again.duplicate, again.intake) == (True, first.intake)
    assert all_rows(records).num_rows == 100


def test_a_batch_may_hold_undecoded_texts(records: RecordsService, source: SourceId) -> None:
    names, values = zip(*zip_line(line()), strict=True)
    report = records.take_batch(source, "1", pa.table([pa.array([value]) for value in values], names=list(names)))
    assert (report.records, report.unknown_cards, report.quarantined) == (1, 0, False)
    assert records.take_batch(source, "2", pa.table({"imsi": ["1"]})).quarantined


def zip_line(text: str) -> list[tuple[str, str]]:
    from tallyward.records.decode.columns import COLUMNS

    return list(zip(COLUMNS, text.split(","), strict=True))


def test_parquet_gives_the_same_records_as_csv(records: RecordsService, source: SourceId, tmp_path: Path) -> None:
    lines = [line(), line(peer="iot.apn", imei=""), line(service="sms", peer="8613800000000")]
    names = [name for name, _ in zip_line(lines[0])]
    columns = list(zip(*([value for _, value in zip_line(text)] for text in lines), strict=True))
    pq.write_table(pa.table([pa.array(column) for column in columns], names=names), tmp_path / "a.parquet")
    report = records.take_file(source, tmp_path / "a.parquet")
    assert (report.format, report.records) == (Format.PARQUET, 3)
    again = records.take_bytes(source, "a.csv", csv_of([*lines, line(duration="61")]))
    assert (again.records, again.duplicates) == (1, 3)  # the same records, whatever file brings them
    assert all_rows(records).num_rows == 4


def test_late_records_go_to_their_day_and_mark_its_bucket(records: RecordsService, source: SourceId) -> None:
    records.take_bytes(source, "a.csv", csv_of([line()]))
    version = records.version()
    assert records.changed_since(version) == []
    records.take_bytes(source, "b.csv", csv_of([line(start_time="2026-02-03T00:00:00Z"), line(imsi="460009999999999")]))
    assert records.changed_since(version) == [(date(2026, 2, 3), 0), (DAY, UNKNOWN_BUCKET)]
    assert records.days() == (date(2026, 2, 3), DAY)
    assert records.version() > version


def test_refused_rows_stand_in_the_quarantine_with_their_place(records: RecordsService, source: SourceId) -> None:
    report = records.take_bytes(
        source, "a.csv", csv_of([line(), line(service="datum"), "1,2", line(start_time="today")])
    )
    assert (report.records, report.refused, report.quarantined) == (1, 3, False)
    (day,) = records.days()
    assert records.refused(day) == 3
    rows = sorted(records.quarantine(PageRequest()).rows, key=lambda row: row.record_index or 0)
    assert [(row.record_index, row.field, row.reason_code, row.detail) for row in rows] == [
        (3, "service", "records.service", "datum"),
        (4, "", "records.row_width", "2 / 13"),
        (5, "start_time", "records.start_time", "today"),
    ]
    assert bytes.fromhex(rows[1].sample_hex) == b"1,2"
    assert rows[0].name == "a.csv"
    assert rows[0].intake == report.intake


def test_a_quarantined_file_may_pass_as_another_format(records: RecordsService, source: SourceId) -> None:
    data = csv_of([line()])
    assert records.take_bytes(source, "a", data, Format.TAP3).quarantined
    assert records.take_bytes(source, "a", data, Format.TAP3).duplicate
    assert records.take_bytes(source, "a", data, Format.CSV).records == 1


def test_a_source_may_say_what_it_always_sends(records: RecordsService) -> None:
    source = records.add_source("roaming", OPERATOR, Format.TAP3)
    report = records.take_bytes(source, "a.csv", csv_of([line()]))
    assert (report.format, report.quarantined) == (Format.TAP3, True)


def test_unknown_sources_and_nameless_ones_are_refused(records: RecordsService) -> None:
    with pytest.raises(NotFoundError, match=r"records.no_source"):
        records.take_bytes(SourceId(99), "a.csv", b"x")
    with pytest.raises(InvalidError, match=r"records.source_name"):
        records.add_source("  ", OPERATOR)


def test_what_was_taken_is_there_after_a_restart_and_orphans_are_dropped(opened: Opener, tmp_path: Path) -> None:
    first = opened()
    first.take_batch(first.add_source("mediation-1", OPERATOR), "1", usage_rows(10))
    rows = all_rows(first)
    first.close()
    bucket = tmp_path / "records" / "day=2026-03-01" / "b=00000"
    (bucket / "s-00000002-0000-00000.parquet").write_bytes(b"no manifest row names this")
    (bucket / "s-00000002-0000-00001.parquet.tmp").write_bytes(b"half writ")
    second = opened()
    assert second.orphans_dropped == 2
    assert all_rows(second).equals(rows)
    assert len(list(bucket.iterdir())) == 1


def test_gzip_text_is_taken(records: RecordsService, source: SourceId) -> None:
    assert records.take_bytes(source, "a.csv.gz", gz(csv_of([line()] * 3))).records == 3
