"""Spans divide a lot without gap or overlap, and remember where they came from."""

from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody.spans import Move, Spans
from tallyward.custody.states import CardState

MOVES = st.lists(st.tuples(st.integers(0, 99), st.integers(1, 100), st.integers(0, 5)), max_size=25)


@given(MOVES)
def test_moves_equal_a_table_of_single_cards(moves: list[tuple[int, int, int]]) -> None:
    spans = Spans()
    lot = spans.open(100, 0, 1)
    cards = [[(0, 1)] for _ in range(100)]
    for cause, (start, size, holder) in enumerate(moves, 2):
        inside = spans.at(lot, start)
        end = min(start + size, inside.end)
        spans.move(Move(lot, start, end, holder, CardState.HELD, 0), cause)
        for slot in range(start, end):
            cards[slot].append((holder, cause))
    standing = list(spans.standing(lot))
    assert [one.start for one in standing] == [0, *(one.end for one in standing[:-1])]
    assert standing[-1].end == 100
    for slot, way in enumerate(cards):
        assert [(one.holder, one.cause) for one in reversed(spans.chain(lot, slot))] == way


@given(MOVES)
def test_the_root_tells_any_difference_in_the_way(moves: list[tuple[int, int, int]]) -> None:
    roots = set()
    for last in (1, 2):
        spans = Spans()
        lot = spans.open(100, 0, 1)
        for cause, (start, size, holder) in enumerate(moves, 2):
            end = min(start + size, spans.at(lot, start).end)
            spans.move(Move(lot, start, end, holder, CardState.HELD, 0), cause)
        spans.move(Move(lot, 50, 51, last, CardState.LOST, 0), 99)
        roots.add(spans.root())
    assert len(roots) == 2


@given(MOVES)
def test_what_cards_were_in_before_an_entry(moves: list[tuple[int, int, int]]) -> None:
    spans = Spans()
    lot = spans.open(100, 0, 1)
    then = []
    for cause, (start, size, holder) in enumerate(moves, 2):
        then.append([spans.chain(lot, slot)[0].holder for slot in range(100)])
        end = min(start + size, spans.at(lot, start).end)
        spans.move(Move(lot, start, end, holder, CardState.HELD, 0), cause)
    for entry, holders in enumerate(then, 2):
        found = [
            before.holder
            for span in spans.standing(lot)
            if (before := spans.before(span, entry))
            for _ in range(span.start, span.end)
        ]
        assert found == holders
    assert [spans.before(span, 1) for span in spans.standing(lot)] == [None] * len(list(spans.standing(lot)))


def test_a_million_cards_move_by_two_rows() -> None:
    spans = Spans()
    lot = spans.open(1_000_000, 0, 1)
    spans.move(Move(lot, 0, 1_000_000, 1, CardState.OFFERED, 0), 2)
    assert len(spans.history) == 2
