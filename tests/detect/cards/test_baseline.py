from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards.baseline import METRICS, MOST, NAMES, QUANTILES, ByBaseline


def test_names_are_a_metric_and_a_quantile() -> None:
    assert len(NAMES) == len(METRICS) * len(QUANTILES) == 20
    assert {"bytes_p50", "peers_p999", "hours_p99", "records_p95", "cells_p50"} <= set(NAMES)


@pytest.mark.parametrize(
    ("usual", "times", "least", "limit"),
    [(3, 2, 8, 8), (5, 2, 8, 10), (7, 1, 0, 7), (3, 1.5, 0, 5), (10, 0.1, 0, 1), (0, 3, 0, 0), (10, 1.1, 0, 11)],
)
def test_a_limit_is_the_value_times_a_factor_rounded_up_and_never_below_the_least(
    usual: int, times: float, least: int, limit: int
) -> None:
    assert ByBaseline("peers_p999", times, least).limit(usual) == limit


def test_a_limit_is_no_larger_than_its_column_nor_than_what_is_exact() -> None:
    assert ByBaseline("bytes_p999", 1_000_000).limit(1 << 62) == MOST
    assert ByBaseline("peers_p999", 4).limit(1 << 31, (1 << 32) - 1) == (1 << 32) - 1
    assert ByBaseline("peers_p999", 1, 1 << 40).limit(1, (1 << 32) - 1) == (1 << 32) - 1


@given(st.integers(0, 1 << 30), st.integers(1, 10_000))
def test_rounding_is_that_of_the_decimal_that_was_written(usual: int, hundredths: int) -> None:
    exact = Fraction(hundredths, 100) * usual
    assert exact <= ByBaseline("bytes_p99", hundredths / 100).limit(usual) < exact + 1


def test_people_read_how_a_limit_follows() -> None:
    assert ByBaseline("peers_p999", 2, 8).text(64) == "peers_p999 × 2, ≥ 8, else 64"
