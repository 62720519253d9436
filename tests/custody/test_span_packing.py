"""Spans come again from their bytes with the same numbers, ways and root, and with the slots that they began with."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody.packing import Packed, number, numbers
from tallyward.custody.span_packing import pack, unpack
from tallyward.custody.spans import LINK, Move, Spans
from tallyward.custody.states import CardState
from tallyward.kernel.errors import CorruptError

MOVES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 49), st.integers(1, 50), st.integers(0, 5), st.sampled_from(CardState)),
    max_size=30,
)


@given(MOVES, MOVES)
def test_they_come_again_and_go_on(
    before: list[tuple[int, int, int, int, CardState]], after: list[tuple[int, int, int, int, CardState]]
) -> None:
    spans = Spans()
    for lot in range(3):
        spans.open(50, 0, lot)
    _moved(spans, before, 3)
    again = unpack(Packed(b"".join(pack(spans, 3))))
    for one in (spans, again):
        one.root()
        _moved(one, after, 99)
    assert again.history == spans.history
    assert [list(again.standing(lot)) for lot in range(3)] == [list(spans.standing(lot)) for lot in range(3)]
    assert again.root() == spans.root()
    assert pack(again, 3) == pack(spans, 3)


def test_no_lots() -> None:
    assert unpack(Packed(b"".join(pack(Spans(), 0)))).root() == Spans().root()


@pytest.mark.parametrize(
    ("parent", "sizes", "cards", "start", "born"),
    [
        ([0, 2], [2], [9], [0, 5], [0, 1]),
        ([0, 3], [2], [9], [0, 5], [0, 1]),
        ([0, 1], [2], [9], [0, 5], [0, 2]),
        ([0, 1], [2], [9], [1, 5], [0, 1]),
        ([0, 1], [2], [9], [0, 0], [0, 1]),
        ([0, 1], [2], [5], [0, 5], [0, 1]),
        ([0, 1], [2, 0], [9, 1], [0, 5], [0, 1]),
        ([0, 1], [1, 1], [9, 9], [0, 5], [0, 1]),
        ([0, 1], [2], [9], [0, 5], [0, 0]),
    ],
)
def test_spans_that_do_not_divide_a_lot_are_refused(
    parent: list[int], sizes: list[int], cards: list[int], start: list[int], born: list[int]
) -> None:
    _read([0, 1], [2], [9], [0, 5], [0, 1])
    with pytest.raises(CorruptError, match="snapshot_refused"):
        _read(parent, sizes, cards, start, born)


def test_a_state_that_there_is_not_is_refused() -> None:
    _read([0, 1], [2], [9], [0, 5], [0, 1], state=len(CardState) - 1)
    with pytest.raises(CorruptError, match="snapshot_refused"):
        _read([0, 1], [2], [9], [0, 5], [0, 1], state=len(CardState))


def test_the_columns_are_what_is_hashed() -> None:
    from tallyward.custody.span_packing import _FIELDS

    assert _FIELDS.itemsize == LINK.size
    assert np.frombuffer(LINK.pack(1, 2, 3, 4, 5), _FIELDS)[0].tolist() == (1, 2, 3, 4, 5)


def _read(
    parent: list[int], sizes: list[int], cards: list[int], start: list[int], born: list[int], state: int = 1
) -> Spans:
    said = b"".join(LINK.pack(0, 0, state, cause, 0) for cause in (1, 2))
    columns = b"".join(numbers("u4", one) for one in (sizes, cards, start, born))
    return unpack(Packed(number(2) + said + numbers("u4", parent) + number(len(sizes)) + columns))


def _moved(spans: Spans, moves: list[tuple[int, int, int, int, CardState]], first: int) -> None:
    for cause, (lot, start, size, holder, state) in enumerate(moves, first):
        end = min(start + size, spans.at(lot, start).end)
        spans.move(Move(lot, start, end, holder, state, cause % 3), cause)
