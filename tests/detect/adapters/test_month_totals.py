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
            totals.offer([(first, more), (second,)])
            rows = engine.execute("SELECT card_id, e0 FROM earlier ORDER BY 1").fetchall()
            assert rows == [(1, 2 * most + 2), (2, 5)]
        totals.offer([])
        assert engine.execute("SELECT count(*) FROM earlier").fetchall() == [(0,)]


def test_kept_sums_are_read_instead_of_the_records_until_the_records_change(tmp_path: Path) -> None:
    one = segment(tmp_path, 1, date(2026, 3, 1), card_id=1, up=7, dn=0)
    with duckdb.connect() as engine:
        totals = MonthTotals(engine, {"up::BIGINT": "e0"}, tmp_path / "kept")
        totals.folders()
        totals.offer([(one,)])
        one.path.unlink()
        totals.offer([(one,)])
        assert engine.execute("SELECT e0 FROM earlier").fetchall() == [(7,)]
        other = segment(tmp_path, 2, date(2026, 3, 1), card_id=1, up=9, dn=0)
        totals.offer([(other,)])
        assert engine.execute("SELECT e0 FROM earlier").fetchall() == [(9,)]
        assert len(list((tmp_path / "kept").iterdir())) == 2
