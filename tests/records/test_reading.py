from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tallyward.records.decode.detect_format import detect_format
from tallyward.records.decode.issues import Issues, RefusalError
from tallyward.records.model import Format
from tallyward.records.offered import Offered
from tallyward.records.reading import Reader
from tests.records.decode.cdr_writer import pgw
from tests.records.decode.detail_writer import record as detail
from tests.records.decode.diameter_writer import sms_request
from tests.records.making import csv_of, gz, line, usage_rows


def test_progress_through_parquet_is_told_in_rows(tmp_path: Path) -> None:
    pq.write_table(usage_rows(300_000), tmp_path / "a.parquet")
    told: list[tuple[int, int]] = []
    offered = Offered("a.parquet", tmp_path / "a.parquet")
    rows = Reader({}).read(offered, Format.PARQUET, Issues(), lambda *at: told.append(at))
    assert sum(part.table.num_rows for part in rows) == 300_000
    assert told == [(262_144, 300_000), (300_000, 300_000)]


def test_progress_ends_at_the_size_of_the_file() -> None:
    told: list[tuple[int, int]] = []
    data = csv_of([line()] * 10)
    for content in (data, gz(data)):
        rows = Reader({}).read(Offered("a.csv", content), Format.CSV, Issues(), lambda *at: told.append(at))
        assert [part.table.num_rows for part in rows] == [10]
        assert told[-1] == (len(content), len(content))


def test_every_format_that_can_be_named_is_read_or_refused_well() -> None:
    for form in set(Format) - {Format.BATCH}:
        with pytest.raises(RefusalError):
            list(Reader({}).read(Offered("a", b"?"), form, Issues(), None))


def test_progress_of_records_ends_at_the_size_of_the_file() -> None:
    for content in (pgw() * 100, gz(pgw() * 100), detail().encode(), sms_request(0)):
        told: list[tuple[int, int]] = []

        def hear(done: int, total: int, told: list[tuple[int, int]] = told) -> None:
            told.append((done, total))

        offered = Offered("a", content)
        form = detect_format(offered.head, "a")
        (part,) = Reader({}).read(offered, form, Issues(), hear)
        assert part.table.num_rows or (part.sessions and part.sessions.heard)
        assert told[-1] == (len(content), len(content))
