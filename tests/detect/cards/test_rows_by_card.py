import numpy as np
import pytest

from tallyward.detect.cards.day_columns import DayColumns
from tallyward.detect.cards.rows_by_card import RowsByCard, box_of
from tests.detect.stretches import references
from tests.detect.world import PLACES


@pytest.mark.parametrize("cards", [[0, 1, 2, 3], [0, 0, 1, 3, 3], [3, 0, 3, 1, 0], []])
def test_rows_are_found_and_counted_by_card_whatever_their_order(cards: list[int]) -> None:
    day = DayColumns({}, np.array(cards, np.int32), (0,) if cards else ())
    found = RowsByCard(day, None, 5)
    assert found.count.tolist() == [cards.count(card) for card in range(5)]
    for wanted in ([], [0], [1, 3], [2, 4]):
        rows = found.of(np.array(wanted, np.intp)).tolist()
        assert sorted(rows) == [row for row, card in enumerate(cards) if card in wanted]


def test_values_of_a_card_are_put_together_over_its_runs() -> None:
    day = DayColumns({}, np.array([2, 2, 0, 2], np.int32), (0,))
    rows = RowsByCard(day, None, 3)
    values = np.array([5, 1, 9, 7], np.uint32)
    assert rows.least(values).tolist() == [9, 2**32 - 1, 1]
    assert rows.most(values).tolist() == [9, 0, 7]
    assert rows.reduced(np.add, values.astype(np.int64), 0).tolist() == [9, 0, 13]


def test_a_box_is_around_the_known_cells_of_a_card() -> None:
    day = DayColumns({}, np.array([0, 0, 0, 1], np.int32), (0,))
    box = box_of(RowsByCard(day, None, 2), np.array([1, 5, 99, 99], np.uint32), references())
    low, high, west, east, *_ = (side.tolist() for side in box)
    assert (low[0], high[0]) == (PLACES[1][0], PLACES[5][0])
    assert (west[0], east[0]) == (PLACES[1][1], PLACES[5][1])
    assert np.isnan([low[1], high[1], west[1], east[1]]).all()
