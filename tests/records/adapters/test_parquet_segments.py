import errno
import hashlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tallyward.kernel.errors import CorruptError, UnavailableError
from tallyward.kernel.ids import CardId, SegmentId
from tallyward.records.adapters import parquet_segments
from tallyward.records.adapters.parquet_segments import ParquetSegments
from tallyward.records.cut import cut
from tallyward.records.model import SegmentRef
from tallyward.records.ports import StoredSegment
from tallyward.records.schema import USAGE
from tests.records.making import DAY, usage_rows


def ref(root: Path, stored: StoredSegment) -> SegmentRef:
    return SegmentRef(
        SegmentId(1), root / stored.path, DAY, 0, stored.rows, stored.min_ts, stored.max_ts, stored.sha256
    )


def test_a_segment_says_what_it_holds(tmp_path: Path) -> None:
    store = ParquetSegments(tmp_path)
    rows = usage_rows(1000)
    stored = store.write(rows, DAY, 3, "00000001-0000")
    path = Path(store.resolve(stored.path))
    assert stored.path == "day=2026-03-01/b=00003/s-00000001-0000.parquet"
    assert stored.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert stored.bytes == path.stat().st_size
    assert (stored.rows, stored.min_ts, stored.max_ts) == (
        1000,
        min(rows["ts"].to_pylist()),
        max(rows["ts"].to_pylist()),
    )
    assert pq.read_table(path, partitioning=None).cast(USAGE).equals(rows)


def test_row_groups_carry_statistics_and_are_compressed(tmp_path: Path) -> None:
    store = ParquetSegments(tmp_path)
    (piece,) = cut(usage_rows(200_000))
    file = pq.ParquetFile(store.resolve(store.write(piece.rows, DAY, 0, "a").path))
    first = file.metadata.row_group(0)
    assert (file.num_row_groups, first.num_rows) == (2, 122_880)
    assert all(first.column(at).statistics.has_min_max for at in range(first.num_columns))
    assert {first.column(at).compression for at in range(first.num_columns)} == {"ZSTD"}


def test_only_a_cards_own_rows_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_segments, "ROW_GROUP", 100)
    store = ParquetSegments(tmp_path)
    (piece,) = cut(usage_rows(2000, cards=40))
    stored = store.write(piece.rows, DAY, 0, "a")
    for card in (1, 17, 40, 41):
        rows, numbers = store.card_rows(ref(tmp_path, stored), CardId(card))
        expected = [at for at, found in enumerate(piece.rows["card_id"].to_pylist()) if found == card]
        assert numbers.tolist() == expected
        every = piece.rows["up"].to_pylist()
        assert rows["up"].to_pylist() == [every[at] for at in expected]


def test_a_segment_that_is_gone_or_damaged_is_named(tmp_path: Path) -> None:
    store = ParquetSegments(tmp_path)
    stored = store.write(usage_rows(10), DAY, 0, "a")
    (tmp_path / stored.path).write_bytes(b"damaged")
    with pytest.raises(CorruptError, match=r"records.segment_unreadable"):
        store.card_rows(ref(tmp_path, stored), CardId(1))
    store.remove(stored.path)
    store.remove(stored.path)
    with pytest.raises(CorruptError, match=r"records.segment_unreadable"):
        store.card_rows(ref(tmp_path, stored), CardId(1))


def test_no_flipped_bit_ends_in_anything_but_a_name(tmp_path: Path) -> None:
    store = ParquetSegments(tmp_path)
    stored = store.write(usage_rows(50), DAY, 0, "a")
    path, segment = tmp_path / stored.path, ref(tmp_path, stored)
    good, named = path.read_bytes(), 0
    reads = (store.keys, store.rows, lambda one: store.card_rows(one, CardId(1)))
    for at in range(0, len(good), 3):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :])
        for read in reads:
            try:
                read(segment)
            except CorruptError as wrong:
                assert wrong.code == "records.segment_unreadable"
                named += 1
    assert named > len(good) // 3


def test_files_are_listed_half_written_ones_as_well(tmp_path: Path) -> None:
    store = ParquetSegments(tmp_path)
    stored = store.write(usage_rows(10), DAY, 0, "a")
    (tmp_path / (stored.path + ".tmp")).touch()
    (tmp_path / "manifest.sqlite").touch()
    assert store.files() == {stored.path, stored.path + ".tmp"}


@pytest.mark.parametrize("at", ["opened", "written", "synced"])
def test_a_failing_write_leaves_nothing(tmp_path: Path, at: str) -> None:
    def fail(step: str) -> None:
        if step == at:
            raise OSError(errno.ENOSPC, "full")

    store = ParquetSegments(tmp_path, fail)
    with pytest.raises(UnavailableError, match=r"records.disk_full"):
        store.write(usage_rows(10), DAY, 0, "a")
    assert not store.files()
