from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tallyward.detect.adapters.bucket_records import BucketReader
from tallyward.detect.adapters.column_room import Room
from tests.detect.adapters.test_bucket_records import COLUMNS, rows_of, segments, used
from tests.detect.world import PLAIN_RECORD, usage_table


@pytest.mark.parametrize("most_kept", [0, 10 * 12, 10_000])
def test_what_a_first_reading_kept_is_not_read_again(tmp_path: Path, most_kept: int) -> None:
    (segment,) = segments(tmp_path, used(*range(10)))
    room = Room(most_kept)
    reader = BucketReader([segment], 0, 16, 10_000, room)
    (first,) = reader.stretches(("card_id", "imei"), again=True)
    assert first.day.columns["imei"].tolist() == [PLAIN_RECORD["imei"]] * 10
    pq.write_table(usage_table([{**row, "imei": 9} for row in used(*range(10))]), segment.path, row_group_size=4)
    (second,) = reader.stretches(COLUMNS)
    assert second.day.columns["imei"].tolist() == [9 if most_kept == 0 else PLAIN_RECORD["imei"]] * 10
    assert second.day.columns["up"].tolist() == list(range(10))
    (third,) = reader.stretches(COLUMNS)  # given away by now
    assert third.day.columns["imei"].tolist() == [9] * 10


def test_room_is_used_again_by_larger_and_smaller_buckets(tmp_path: Path) -> None:
    room = Room()
    for at, cards in enumerate([(1, 2, 2), (3, 3, 4, 5, 6), (7,)]):
        folder = tmp_path / str(at)
        folder.mkdir()
        (records,) = BucketReader(segments(folder, used(*cards)), 0, 16, 10_000, room).stretches(COLUMNS)
        assert rows_of(records) == [(card, up) for up, card in enumerate(cards)]
