from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from tallyward.detect.adapters.stranger_records import StrangerRecords, texts
from tallyward.detect.cards.verdict import BucketAnswer
from tallyward.kernel.ids import SegmentId
from tallyward.records.model import UNKNOWN_BUCKET, SegmentRef
from tests.detect.world import DAY, PLAIN_RECORD, START, Row, usage_table


def test_unknown_numbers_and_cells_are_counted_over_all_files(tmp_path: Path) -> None:
    rows: list[list[Row]] = [
        [{"stranger": 5, "ts": START + turn} for turn in range(7)],
        [{"stranger": 5, "ts": START + 99, "cell": 90}, {"stranger": 6, "cell": 90}],
    ]
    files = []
    for number, part in enumerate(rows):
        path = tmp_path / f"it's {number}.parquet"
        pq.write_table(usage_table([{**PLAIN_RECORD, "card_id": 0, **row} for row in part]), path)
        files.append(SegmentRef(SegmentId(40 + number), path, DAY, UNKNOWN_BUCKET, len(part), 0, 0, "x"))
    answer = BucketAnswer(UNKNOWN_BUCKET)
    with duckdb.connect() as engine:
        StrangerRecords(engine, (40, 41)).tell(files, answer, strange_cells=50)
    assert answer.records == 9
    assert [(one.code, one.records, one.first_ts, one.last_ts) for one in answer.strangers] == [
        (5, 8, START, START + 99),
        (6, 1, START + 100, START + 100),
    ]
    assert [(one.segment, one.row) for one in answer.strangers[0].witnesses] == [(40, row) for row in range(5)]
    assert [(one.code, one.records) for one in answer.cells] == [(90, 2)]
    assert [one.segment for one in answer.cells[0].witnesses] == [41, 41]
    assert answer.lost_cards == []


def test_a_quote_in_a_path_stays_text() -> None:
    assert texts(["a'b"]) == "['a''b']"
