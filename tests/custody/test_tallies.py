"""What is counted along the way is what can be counted from the tables."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody.report_rows import NOBODY, ApprovalRow, OrderRow
from tallyward.custody.spans import Move, Spans
from tallyward.custody.states import STOCK, CardState
from tallyward.custody.tallies import Tallies, tokens

MOVES = st.lists(
    st.tuples(st.integers(0, 99), st.integers(1, 40), st.integers(0, 3), st.sampled_from([*CardState])), max_size=30
)


@given(MOVES)
def test_stock_is_what_the_spans_say(moves: list[tuple[int, int, int, CardState]]) -> None:
    spans, tallies = Spans(), Tallies()
    for _ in range(2):
        tallies.opened(spans.open(100, 0, 1), 0, 100)
    for cause, (start, size, holder, state) in enumerate(moves, 2):
        end = min(start + size, spans.at(1, start).end)
        move = Move(1, start, end, holder, state, 0)
        tallies.moved(spans.move(move, cause), move)
    wanted: Counter[tuple[int, int]] = Counter()
    for lot in (0, 1):
        for span in spans.standing(lot):
            wanted[span.holder, lot] += (span.end - span.start) * (span.state in STOCK)
    found = {(holder, lot): cards for holder, lots in tallies.stock.items() for lot, cards in lots.items()}
    assert found == {place: cards for place, cards in wanted.items() if cards}
    for holder in range(4):
        assert tallies.held[holder] == wanted[holder, 0] + wanted[holder, 1]
    again = Tallies.counted((span for lot in (0, 1) for span in spans.standing(lot)), (), (), {})
    assert (again.stock, again.held) == ({one: lots for one, lots in tallies.stock.items() if lots}, tallies.held)


def test_persons_are_counted_until_they_are_given_back() -> None:
    ann, bob = b"ann.........", b"bob........."
    tallies = Tallies()
    full = ApprovalRow(((0, 0, 3),), ann + bob + ann)
    tallies.approved(None, full)
    assert tallies.persons == {ann: 2, bob: 1}
    left = full._replace(persons=NOBODY + bob + ann)
    tallies.approved(full, left)
    assert tallies.persons == {ann: 1, bob: 1}
    tallies.approved(left, None)
    assert not tallies.persons
    assert tokens(full.persons) == [ann, bob, ann]


def test_orders_are_found_by_the_lots_they_wait_for() -> None:
    tallies = Tallies()
    order = OrderRow("REG", "OP", 1, 9, 4, ((0, 0, 2), (3, 0, 2)), 0)
    tallies.ordered(b"o", None, order)
    assert (list(tallies.orders[0]), list(tallies.orders[3])) == ([b"o"], [b"o"])
    half = order._replace(parts=((3, 0, 2),))
    tallies.ordered(b"o", order, half)
    assert (list(tallies.orders[0]), list(tallies.orders[3])) == ([], [b"o"])
    tallies.ordered(b"o", half, half._replace(parts=(), met=5))
    assert not tallies.orders[3]


def test_everything_is_counted_again() -> None:
    approvals = [ApprovalRow(((0, 0, 2),), b"ann........." + NOBODY), ApprovalRow(((0, 5, 6),), b"ann.........")]
    orders = {b"o": OrderRow("REG", "OP", 1, 9, 4, ((3, 0, 2),), 0), b"m": OrderRow("REG", "OP", 1, 9, 4, (), 7)}
    found = Tallies.counted((), [("RES", 5), ("SHOP", 1), ("RES", 2)], approvals, orders)
    assert found.persons == {b"ann.........": 2}
    assert found.coming == {"RES": 7, "SHOP": 1}
    assert found.orders == {3: {b"o": None}}
