from pathlib import Path

import pyarrow.parquet as pq

from tallyward.records.decode.issues import Issues
from tallyward.records.model import Format
from tallyward.records.offered import Offered
from tallyward.records.reading import Reader
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
