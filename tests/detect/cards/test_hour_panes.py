import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards.hour_panes import HOURS, hours_of, panes_of, peak_of

RECORDS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 86_399), st.integers(0, 1 << 33)), max_size=40)
DAY = 1_773_014_400  # a UTC midnight


@given(RECORDS, st.integers(1, HOURS))
def test_a_peak_is_the_most_that_any_hours_in_a_row_add_up_to(records: list[tuple[int, int, int]], hours: int) -> None:
    card, second, value = (np.array([row[at] for row in records], np.int64) for at in range(3))
    panes = panes_of(card.astype(np.int32), (second + DAY).astype(np.uint32), value, 4)
    wanted = [
        max(
            sum(used for own, at, used in records if own == one and first <= at // 3600 < first + hours)
            for first in range(HOURS - hours + 1)
        )
        for one in range(4)
    ]
    assert peak_of(panes, hours).tolist() == wanted


def test_panes_of_batches_add_up_to_those_of_the_day() -> None:
    dice = np.random.default_rng(3)
    card, ts, value = dice.integers(0, 9, 500), dice.integers(DAY, DAY + 86_400, 500), dice.integers(0, 1 << 32, 500)
    halves = panes_of(card[:200], ts[:200], value[:200], 9) + panes_of(card[200:], ts[200:], value[200:], 9)
    assert (halves == panes_of(card, ts, value, 9)).all()


def test_each_hour_counts_once() -> None:
    ts = np.array([DAY, DAY + 59, DAY + 3_600, DAY + 86_399, DAY + 7_200], np.uint32)
    found = hours_of(np.array([0, 0, 0, 0, 2], np.int32), ts, 3)
    assert np.bitwise_count(found).tolist() == [3, 0, 1]
