from decimal import Decimal

import numpy as np
import pyarrow as pa

from tallyward.detect.adapters.bucket_records import ROW_BITS
from tallyward.detect.adapters.judged_records import Judged, key_hits, values_of
from tallyward.detect.cards.evidence import Order
from tallyward.detect.cards.plan import EVIDENCE_COLUMNS, JudgedFault, KeyCount
from tallyward.detect.cards.stage_one import key_question
from tallyward.detect.cards.verdict import KeyPairs
from tallyward.detect.cards.vocabulary import RECORD_COLUMNS
from tests.detect.stretches import one_fault


def judged(*rows: dict[str, int]) -> Judged:
    """Records; `place` is segment 1 and the row's own number."""
    columns = {name: np.array([row.get(name, 0) for row in rows], np.int64) for name in EVIDENCE_COLUMNS}
    columns["card_id"] = np.array([row["card_id"] for row in rows], np.uint32)
    columns["imei"] = columns["imei"].astype(np.uint64)
    columns["c0"] = np.array([row.get("c0", 1) for row in rows], np.bool_)
    columns["place"] = (1 << ROW_BITS) + np.arange(len(rows), dtype=np.int64)
    return Judged(columns, (50, 60))


def of_fault(holds: str = "c0") -> JudgedFault:
    return JudgedFault(0, one_fault(record="up > 1"), holds, counted=False, shown=Order.EARLIEST, by="")


def test_figures_count_the_records_where_the_fault_holds() -> None:
    rows = judged(
        {"card_id": 3, "ts": 9},
        {"card_id": 3, "ts": 4, "c0": 0},
        {"card_id": 3, "ts": 5},
        {"card_id": 8, "ts": 1, "c0": 0},
    )
    found = rows.figures(of_fault(), None)
    assert {card: figures[:3] for card, figures in found.items()} == {3: (2, 5, 9)}
    assert [(one.segment, one.row, one.ts) for one in found[3][3]] == [(60, 2, 5), (60, 0, 9)]
    assert set(rows.figures(of_fault(""), np.array([8], np.uint32))) == {8}


def test_five_records_are_shown_at_most() -> None:
    found = judged(*({"card_id": 1, "ts": ts} for ts in range(9))).figures(of_fault(), None)
    assert found[1][0] == 9
    assert [one.ts for one in found[1][3]] == [0, 1, 2, 3, 4]


def test_a_hot_pair_is_a_hit_only_where_a_record_shows_it() -> None:
    given = one_fault(record="up > 1", across={"by": "imei", "count_distinct": "card_id", "at_least": "many"})
    key = KeyCount(2, 3, key_question(given, RECORD_COLUMNS["imei"]), "c0")
    rows = judged(
        {"card_id": 1, "imei": 7, "ts": 3},
        {"card_id": 1, "imei": 7, "ts": 2},
        {"card_id": 2, "imei": 7, "c0": 0},
        {"card_id": 3, "imei": 9},
    )
    hot = [KeyPairs(2, np.array([7, 7, 8], np.uint64), np.array([1, 2, 3], np.uint32))]
    (hit,) = key_hits(key, rows, hot)
    assert (hit.fault, hit.card, hit.key, hit.records, hit.first_ts, hit.observed, hit.limit) == (
        2,
        1,
        7,
        2,
        2,
        None,
        3,
    )
    assert key_hits(key, rows, []) == []


def test_values_of_the_engine_are_pythons() -> None:
    wide = pa.chunked_array([pa.array([Decimal(1 << 100), None], pa.decimal128(38, 0))])
    assert values_of(wide) == [1 << 100, None]
    assert values_of(pa.chunked_array([[1.5, 2.5]])) == [1.5, 2.5]
    assert values_of(pa.chunked_array([[[1, 2], [3]]])) == [[1, 2], [3]]
    assert values_of(pa.chunked_array([[None, 3]])) == [None, 3]
