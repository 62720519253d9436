"""Each way in which manifest and segments can differ is told, and nothing else."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tallyward.kernel.ids import SourceId
from tallyward.records.schema import USAGE
from tallyward.records.service import RecordsService
from tests.records.making import DAY, csv_of, line, usage_rows


@pytest.fixture
def segment(records: RecordsService, source: SourceId) -> Path:
    """One of three segments: the first."""
    records.take_batch(source, "1", usage_rows(300, cards=400))
    records.take_bytes(source, "a.csv", csv_of([line(imsi="460009999999999"), line(imsi="460001234567891")]))
    found = records.upkeep.verify()
    assert (found.segments, found.records, found.faults, found.unnamed) == (3, 302, (), 0)
    return records.snapshot(DAY).bucket(0)[0].path


def written(change: Callable[[pa.Table], pa.Table]) -> Callable[[Path, Path], None]:
    def do(segment: Path, _folder: Path) -> None:
        pq.write_table(change(pq.read_table(segment, partitioning=None).cast(USAGE)), segment)

    return do


def column(name: str, at: int, value: int) -> Callable[[pa.Table], pa.Table]:
    def change(rows: pa.Table) -> pa.Table:
        values = rows[name].to_numpy().copy()
        values[at] = value
        return rows.set_column(USAGE.get_field_index(name), USAGE.field(name), pa.array(values))

    return change


def manifest(statement: str) -> Callable[[Path, Path], None]:
    def do(_segment: Path, folder: Path) -> None:
        with closing(sqlite3.connect(folder / "manifest.sqlite", isolation_level=None)) as db:
            db.execute(statement)

    return do


def flip(segment: Path, _folder: Path) -> None:
    data = bytearray(segment.read_bytes())
    data[len(data) // 3] ^= 1
    segment.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "quick", "full"),
    [
        (lambda segment, _folder: segment.unlink(), {"missing"}, {"missing"}),
        (
            lambda segment, _folder: segment.write_bytes(b"nothing"),
            {"size", "unreadable"},
            {"size", "digest", "unreadable"},
        ),
        (written(lambda rows: rows.slice(1)), {"size", "rows", "min_ts"}, {"size", "rows", "min_ts", "digest"}),
        (written(column("card_id", -1, 250_001)), {"size", "bucket"}, {"size", "bucket", "digest"}),
        (written(column("card_id", -1, 0)), {"size", "bucket", "order"}, {"size", "bucket", "order", "digest"}),
        (written(column("ts", -1, 1_772_409_600)), {"size", "day", "max_ts"}, {"size", "day", "max_ts", "digest"}),
        (manifest("UPDATE segment SET sha256='ab' WHERE id=1"), set(), {"digest"}),
        (manifest("UPDATE segment SET day='2026-02-28' WHERE id=1"), {"day", "hours"}, {"day", "hours"}),
        (manifest("UPDATE segment SET bucket=9 WHERE id=1"), {"bucket"}, {"bucket"}),
        (manifest("DELETE FROM segment WHERE id=1"), {"unnamed", "hours"}, {"unnamed", "hours"}),
        (manifest("UPDATE hour SET records = records + 1"), {"hours"}, {"hours"}),
    ],
    ids=[
        "missing",
        "replaced",
        "row lost",
        "bucket",
        "stranger",
        "day",
        "digest",
        "other day",
        "other bucket",
        "unnamed",
        "hours",
    ],
)
def test_what_differs_is_told(
    records: RecordsService,
    segment: Path,
    tmp_path: Path,
    harm: Callable[[Path, Path], None],
    quick: set[str],
    full: set[str],
) -> None:
    lowest = min(row["ts"] for row in pq.read_table(segment, partitioning=None).to_pylist())
    if "min_ts" in quick:  # the row that is lost is the earliest only by chance
        first = pq.read_table(segment, partitioning=None)["ts"][0].as_py()
        quick, full = (kinds - ({"min_ts"} if first != lowest else set()) for kinds in (quick, full))
    harm(segment, tmp_path / "records")
    assert {fault.kind.value for fault in records.upkeep.verify(quick=True).faults} == quick
    found = records.upkeep.verify()
    assert {fault.kind.value for fault in found.faults} == full
    assert {fault.path for fault in found.faults} <= {
        str(segment.relative_to(tmp_path / "records")),
        "day=2026-03-01",
        "day=2026-02-28",
    }


def test_a_single_flipped_bit_is_found(records: RecordsService, segment: Path, tmp_path: Path) -> None:
    flip(segment, tmp_path)
    kinds = {fault.kind.value for fault in records.upkeep.verify().faults}
    assert "digest" in kinds


def test_files_of_a_writer_at_work_are_no_fault(records: RecordsService, segment: Path) -> None:
    (segment.parent / "s-00000099-0000-00000.parquet").write_bytes(b"half")
    (segment.parent / "s-00000099-0000-00001.parquet.tmp").write_bytes(b"")
    beside = records.upkeep.verify(alone=False)
    assert (beside.faults, beside.unnamed) == ((), 2)
    assert {fault.kind.value for fault in records.upkeep.verify().faults} == {"unnamed"}
