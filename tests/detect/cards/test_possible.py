import numpy as np
import pytest

from tallyward.detect.cards import tree
from tallyward.detect.cards.possible import by_cost, union, value, where
from tallyward.detect.cards.row_sight import RowSight
from tallyward.detect.cards.stage_one import settled
from tests.detect.stretches import one_fault, stretch


def rows(text: str) -> list[int]:
    made = stretch([{"fixed": 1}, {"fixed": 0}], [{"card": at % 2, "up": at} for at in range(6)])
    sight = RowSight(made.day, made.profiles, made.references)
    found: list[int] = where(settled(one_fault(record=text))[0], sight, np.arange(6)).tolist()
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("up > 3", [4, 5]),
        ("up > 3 OR up < 1", [0, 4, 5]),
        ("up > 3 OR up > 4", [4, 5]),
        ("fixed = 1 AND up <> 2", [0, 4]),
        ("NOT (fixed = 1 OR up = 3)", [1, 5]),
        ("up + up >= 9", [5]),
        ("1 = 1", [0, 1, 2, 3, 4, 5]),
        ("1 = 2", []),
    ],
)
def test_rows_are_those_where_the_condition_holds(text: str, found: list[int]) -> None:
    assert rows(text) == found


def test_alternatives_are_named_once_in_order() -> None:
    assert union([np.array([1, 4]), np.array([0, 4, 9]), np.array([], np.intp)]).tolist() == [0, 1, 4, 9]
    assert union([np.array([], np.intp)]).tolist() == []


def test_what_costs_most_is_asked_last() -> None:
    record = settled(one_fault(record="NOT on_list(data_list, peer) AND svc = 'data'"))[0]
    ordered = by_cost(record)
    assert isinstance(ordered, tree.And)
    assert isinstance(ordered.parts[-1], tree.OnList)
    card = by_cost(settled(one_fault(card="count_distinct(peer) > 2 AND fixed = 1"))[1])
    assert isinstance(card, tree.And)
    assert [type(part).__name__ for part in card.parts] == ["Compare", "Compare", "Counted"]
    assert not tree.aggregates(card.parts[0])


def test_a_condition_that_is_not_settled_is_no_question() -> None:
    with pytest.raises(TypeError):
        where(tree.Not(tree.TRUE), one_row(), np.arange(1))


def test_a_literal_is_the_same_everywhere() -> None:
    assert value(tree.Number(4), one_row(), np.arange(1)).low == 4


def one_row() -> RowSight:
    made = stretch([{}], [{"card": 0}])
    return RowSight(made.day, made.profiles, made.references)
