import contextlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tallyward.detect.adapters.bucket_records import ROW_BITS, BucketReader, CardRecords, read_columns
from tallyward.detect.adapters.column_room import Room
from tallyward.kernel.errors import CorruptError, UnavailableError
from tallyward.kernel.ids import SegmentId
from tallyward.records.model import SegmentRef
from tests.detect.world import DAY, PLAIN_RECORD, Row, usage_table

COLUMNS = ("card_id", "up", "imei")
ROW = (4 + 4 + 8) * 1.6


def segments(folder: Path, *parts: list[Row], row_group: int = 4) -> list[SegmentRef]:
    found = []
    for number, rows in enumerate(parts):
        path = folder / f"s{number}.parquet"
        pq.write_table(usage_table(rows), path, row_group_size=row_group)
        found.append(SegmentRef(SegmentId(number + 7), path, DAY, 0, len(rows), 0, 0, "x"))
    return found


def used(*cards: int) -> list[Row]:
    return [{**PLAIN_RECORD, "card_id": card, "up": up} for up, card in enumerate(cards)]


def rows_of(records: CardRecords) -> list[tuple[int, int]]:
    return [
        (int(place) + records.first, int(up))
        for place, up in zip(records.day.card, records.day.columns["up"], strict=True)
    ]


@pytest.mark.parametrize("most_rows", [1000, 10, 3])
def test_every_record_is_read_once_whatever_the_memory(tmp_path: Path, most_rows: int) -> None:
    parts = [used(1, 1, 2, 3, 3, 5, 8, 8, 9), used(2, 2, 4, 9, 9)]
    reader = BucketReader(segments(tmp_path, *parts), 0, 16, round(most_rows * ROW))
    stretches = list(reader.stretches(COLUMNS))
    assert (len(stretches) == 1) == (most_rows == 1000)
    assert [one.first for one in stretches[1:]] == [one.end for one in stretches[:-1]]
    assert (stretches[0].first, stretches[-1].end) == (0, 16)
    assert max(one.day.count for one in stretches) <= max(most_rows * 2, 14 if most_rows == 1000 else 0)
    read = sorted(pair for one in stretches for pair in rows_of(one))
    assert read == sorted((row["card_id"], row["up"]) for part in parts for row in part)


@pytest.mark.parametrize("most_rows", [1000, 3])
def test_a_place_tells_segment_and_row(tmp_path: Path, most_rows: int) -> None:
    files = segments(tmp_path, used(1, 1, 2, 5), used(2, 5, 5))
    for records in BucketReader(files, 0, 8, round(most_rows * ROW)).stretches(COLUMNS):
        cards = np.unique(records.day.card).astype(np.uint32) + np.uint32(records.first)
        for row in records.of(cards, number=3).to_pylist():
            segment, at = row["place"] >> ROW_BITS, row["place"] & ((1 << ROW_BITS) - 1)
            there = pq.read_table(files[segment - 3].path).slice(at, 1).to_pylist()[0]
            assert (there["card_id"], there["up"]) == (row["card_id"], row["up"])


def test_only_the_cards_asked_for_are_taken(tmp_path: Path) -> None:
    (records,) = BucketReader(segments(tmp_path, used(1, 2, 2, 3)), 0, 8, 10_000).stretches(COLUMNS)
    assert records.of(np.array([2, 7], np.uint32), 0)["card_id"].to_pylist() == [2, 2]


@pytest.mark.parametrize("most_kept", [0, 10_000])
def test_columns_come_as_asked_for_whether_some_were_kept_or_not(tmp_path: Path, most_kept: int) -> None:
    room = Room(most_kept)
    reader = BucketReader(segments(tmp_path, used(1, 2)), 0, 8, 10_000, room)
    (first,) = reader.stretches(("card_id", "imei", "cell"), again=True)
    assert list(first.day.columns) == ["card_id", "imei", "cell"]
    (second,) = reader.stretches(COLUMNS)
    assert list(second.day.columns) == [*COLUMNS]


def test_neighbours_in_two_segments_are_not_compared(tmp_path: Path) -> None:
    (records,) = BucketReader(segments(tmp_path, used(1, 1), used(1, 1)), 0, 8, 10_000).stretches(COLUMNS)
    assert np.flatnonzero(records.day.changes(frozenset({"imei"}))).tolist() == [0, 2]


def test_one_card_with_too_many_records_is_refused(tmp_path: Path) -> None:
    reader = BucketReader(segments(tmp_path, used(*[3] * 50)), 0, 8, round(3 * ROW))
    with pytest.raises(UnavailableError) as caught:
        list(reader.stretches(COLUMNS))
    assert (caught.value.code, caught.value.parameters["card"]) == ("detect.memory", 3)


@pytest.mark.parametrize("content", [b"", b"PAR1 no more", b"\0" * 4096])
def test_a_file_that_is_no_parquet_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.parquet").write_bytes(content)
    with pytest.raises(CorruptError) as caught:
        read_columns(tmp_path / "s.parquet", COLUMNS)
    assert (caught.value.code, caught.value.parameters["file"]) == ("detect.file_unreadable", "s.parquet")


def test_a_missing_or_damaged_segment_is_refused_by_name(tmp_path: Path) -> None:
    (segment,) = segments(tmp_path, used(1, 2, 3))
    content = bytearray(segment.path.read_bytes())
    content[8:40] = b"\xff" * 32
    segment.path.write_bytes(content)
    for most in (10_000, round(2 * ROW)):
        with pytest.raises(CorruptError):
            list(BucketReader([segment], 0, 8, most).stretches(COLUMNS))
    segment.path.unlink()
    with pytest.raises(CorruptError):
        list(BucketReader([segment], 0, 8, 10_000).stretches(COLUMNS))


@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_byte_is_read_or_refused_by_name_and_nothing_else(tmp_path: Path, seed: int) -> None:
    (segment,) = segments(tmp_path, used(1, 2, 3))
    whole = segment.path.read_bytes()
    dice = np.random.default_rng(seed)
    for at in dice.integers(0, len(whole), 150).tolist():
        damaged = bytearray(whole)
        damaged[at] ^= int(dice.integers(1, 256))
        segment.path.write_bytes(damaged)
        with contextlib.suppress(CorruptError):
            list(BucketReader([segment], 0, 8, 10_000).stretches(COLUMNS))


def test_a_column_with_missing_values_is_refused_by_name(tmp_path: Path) -> None:
    (segment,) = segments(tmp_path, used(1, 2, 3))
    table = usage_table(used(1, 2, 3))
    up = table.schema.get_field_index("up")
    table = table.set_column(up, table.schema.field(up).with_nullable(True), pa.array([1, None, 3], pa.uint32()))
    pq.write_table(table, segment.path)
    with pytest.raises(CorruptError) as caught:
        list(BucketReader([segment], 0, 8, 10_000).stretches(COLUMNS))
    assert (caught.value.code, caught.value.parameters["file"]) == ("detect.file_unreadable", segment.path.name)
