from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from tallyward.detect.adapters.month_totals import MonthTotals
from tallyward.kernel.ids import SegmentId
from tallyward.records.model import SegmentRef
from tests.detect.world import PLAIN_RECORD, usage_table


def segment(folder: Path, number: int, day: date, **record: int) -> SegmentRef:
    path = folder / f"s{number}.parquet"
    pq.write_table(usage_table([{**PLAIN_RECORD, **record}]), path)
    return SegmentRef(SegmentId(number), path, day, 0, 1, 0, 0, f"sha{number}")


@pytest.mark.parametrize("keeps", [False, True])
def test_the_days_before_are_summed_for_each_card(tmp_path: Path, keeps: bool) -> None:
    most = (1 << 32) - 1
    first = segment(tmp_path, 1, date(2026, 3, 1), card_id=1, up=most, dn=most)
    more = segment(tmp_path, 2, date(2026, 3, 1), card_id=2, up=5, dn=0)
    second = segment(tmp_path, 3, date(2026, 3, 2), card_id=1, up=1, dn=1)
    kept = tmp_path / "kept" if keeps else None
    with duckdb.connect() as engine:
        totals = MonthTotals(engine, {"up::BIGINT + dn::BIGINT": "e0"}, kept)
        assert totals.folders() == ([kept] if keeps else [])
        for _ in range(2):
            rows = totals.of([(first, more), (second,)]).sort_by("card_id").to_pylist()
            assert rows == [{"card_id": 1, "e0": 2 * most + 2}, {"card_id": 2, "e0": 5}]
        assert totals.of([]).num_rows == 0
        assert totals.of([]).schema == totals.of([(first,)]).schema


def test_kept_sums_are_read_instead_of_the_records_until_the_records_change(tmp_path: Path) -> None:
    one = segment(tmp_path, 1, date(2026, 3, 1), card_id=1, up=7, dn=0)
    with duckdb.connect() as engine:
        totals = MonthTotals(engine, {"up::BIGINT": "e0"}, tmp_path / "kept")
        totals.folders()
        totals.of([(one,)])
        one.path.unlink()
        assert totals.of([(one,)])["e0"].to_pylist() == [7]
        other = segment(tmp_path, 2, date(2026, 3, 1), card_id=1, up=9, dn=0)
        assert totals.of([(other,)])["e0"].to_pylist() == [9]
        assert len(list((tmp_path / "kept").iterdir())) == 2


@pytest.mark.parametrize("keeps", [False, True])
def test_fractions_stay_fractions(tmp_path: Path, keeps: bool) -> None:
    days = [(segment(tmp_path, day, date(2026, 3, day), card_id=1, up=1, dn=0),) for day in (1, 2, 3)]
    with duckdb.connect() as engine:
        totals = MonthTotals(engine, {"up * 0.5::DOUBLE": "e0"}, tmp_path / "kept" if keeps else None)
        totals.folders()
        for _ in range(2):
            assert totals.of(days)["e0"].to_pylist() == [1.5]
