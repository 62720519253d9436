import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.records.cut import cut
from tallyward.records.model import UNKNOWN_BUCKET
from tallyward.records.schema import USAGE
from tallyward.registry.profile_schema import BUCKET_CARDS
from tests.records.making import DAY_TS, usage_rows

CARDS = st.sampled_from([0, 1, 5, BUCKET_CARDS - 1, BUCKET_CARDS, BUCKET_CARDS + 1, 3 * BUCKET_CARDS, 2**32 - 1])
ROWS = st.lists(st.tuples(CARDS, st.integers(DAY_TS - 90_000, DAY_TS + 90_000)), min_size=1, max_size=60)


def usage_of(rows: list[tuple[int, int]]) -> pa.Table:
    table = usage_rows(len(rows))
    card, ts = (pa.array(column, pa.uint32()) for column in zip(*rows, strict=True))
    return table.set_column(0, USAGE.field("card_id"), card).set_column(1, USAGE.field("ts"), ts)


@settings(deadline=None)
@given(ROWS)
def test_pieces_hold_every_record_once_where_it_belongs(rows: list[tuple[int, int]]) -> None:
    pieces = list(cut(usage_of(rows)))
    assert len({(piece.day, piece.bucket) for piece in pieces}) == len(pieces)
    found = []
    for piece in pieces:
        card, ts = piece.rows["card_id"].to_numpy().astype(np.int64), piece.rows["ts"].to_numpy()
        assert (np.diff(card * 2**32 + ts) >= 0).all()
        expected = np.where(card == 0, UNKNOWN_BUCKET, card // BUCKET_CARDS)
        assert set(expected) == {piece.bucket}
        assert {str(day) for day in np.unique(ts.astype("datetime64[s]").astype("datetime64[D]"))} == {
            piece.day.isoformat()
        }
        found += list(zip(card.tolist(), ts.tolist(), piece.rows["up"].to_pylist(), strict=True))
    assert sorted(found) == sorted((card, ts, at) for at, (card, ts) in enumerate(rows))


def test_all_columns_move_with_their_record() -> None:
    (piece,) = cut(usage_rows(1000))
    before = {row["up"]: row for row in usage_rows(1000).to_pylist()}
    assert all(before[row["up"]] == row for row in piece.rows.to_pylist())
