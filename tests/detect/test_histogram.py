import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.histogram import MOST_ERROR, Histogram

VALUES = st.lists(st.one_of(st.integers(0, 600), st.integers(0, (1 << 63) - 1)), min_size=1, max_size=60)
THOUSANDTHS = st.sampled_from([1, 500, 950, 990, 999, 1000])


def counted(values: list[int]) -> Histogram:
    found = Histogram()
    found.add(np.array(values, np.uint64))
    return found


def exact(values: list[int], thousandths: int) -> int:
    """Nearest rank: the least value that so many thousandths of the values do not pass."""
    return sorted(values)[-(-len(values) * thousandths // 1000) - 1]


@given(VALUES, THOUSANDTHS)
def test_a_quantile_is_never_below_the_exact_one_and_at_most_a_hundredth_above(
    values: list[int], thousandths: int
) -> None:
    true, told = exact(values, thousandths), counted(values).quantile(thousandths)
    assert true <= told <= true + true * MOST_ERROR
    assert MOST_ERROR <= 0.01


@given(st.lists(st.integers(0, 255), min_size=1), THOUSANDTHS)
def test_quantiles_of_small_values_are_exact(values: list[int], thousandths: int) -> None:
    assert counted(values).quantile(thousandths) == exact(values, thousandths)


@given(VALUES, VALUES)
def test_merged_histograms_are_the_histogram_of_all_values(one: list[int], other: list[int]) -> None:
    merged = counted(one)
    merged.merge(counted(other))
    assert merged == counted(one + other)
    assert merged.count == len(one) + len(other)


@pytest.mark.parametrize(
    ("thousandths", "value"), [(500, 500 * 2), (990, 990 * 2), (999, 999 * 2), (1000, 2000), (1, 2)]
)
def test_hand_computed_quantiles_of_a_thousand_values(thousandths: int, value: int) -> None:
    told = counted([2 * number for number in range(1, 1001)]).quantile(thousandths)
    assert value <= told <= value * 1.0079


def test_nothing_counted_has_quantile_zero_and_a_value_beyond_all_bins_falls_into_the_last() -> None:
    assert Histogram().quantile(999) == 0
    assert counted([(1 << 64) - 1]).quantile(500) == (1 << 63) - 1
