import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards.evidence import Grouped, Order, grouped, order_of, shown
from tests.detect.rule_making import fault, make_rule

ROWS = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3), st.integers(0, 9)), max_size=40)


def groups(found: Grouped) -> dict[int, list[int]]:
    parts = zip(found.keys.tolist(), found.starts[:-1], found.starts[1:], strict=True)
    return {key: found.rows[start:end].tolist() for key, start, end in parts}


def told(rows: list[tuple[int, int, int]], order: Order) -> dict[int, list[int]]:
    card, value, ts = (np.array([row[at] for row in rows], np.int64) for at in range(3))
    return groups(shown(order, value, card, ts, np.arange(len(rows))))


@given(ROWS)
def test_the_earliest_come_first(rows: list[tuple[int, int, int]]) -> None:
    for card, found in told(rows, Order.EARLIEST).items():
        own = [at for at, row in enumerate(rows) if row[0] == card]
        assert found == sorted(own, key=lambda at: (rows[at][2], at))


@given(ROWS)
def test_the_largest_come_first(rows: list[tuple[int, int, int]]) -> None:
    for card, found in told(rows, Order.LARGEST).items():
        own = [at for at, row in enumerate(rows) if row[0] == card]
        assert found == sorted(own, key=lambda at: (-rows[at][1], rows[at][2], at))


@given(ROWS)
def test_each_value_comes_once_before_any_comes_again(rows: list[tuple[int, int, int]]) -> None:
    for card, found in told(rows, Order.EACH_ONCE).items():
        values = [rows[at][1] for at in found]
        different = len({row[1] for row in rows if row[0] == card})
        assert len(set(values[:different])) == different
        assert sorted(found) == [at for at, row in enumerate(rows) if row[0] == card]


@given(ROWS, st.integers(1, 5))
def test_the_first_few_of_each_group(rows: list[tuple[int, int, int]], most: int) -> None:
    found = grouped(np.array([row[0] for row in rows], np.int64), np.arange(len(rows)))
    if rows:
        assert groups(found.first(most)) == {card: own[:most] for card, own in groups(found).items()}


def test_what_is_observed_tells_the_order() -> None:
    def order(observed: str) -> Order:
        return order_of(make_rule(fault(card="count() > 1", observed=observed)).faults[0])[0]

    assert order("count_distinct(peer)") is Order.EACH_ONCE
    assert order("span_km(cell)") is Order.EACH_ONCE
    assert order("sum(up + dn)") is Order.LARGEST
    assert order("count()") is Order.EARLIEST
