"""Whole numbers say what floats say, and never fall where the truth rises."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.custody.fixed_point import FULL, ONE, lean, ln, logit, per_mille, spread, weight

numbers = st.integers(1, 1 << 80)


@settings(deadline=None)
@given(numbers)
def test_logarithms_are_near_the_truth(number: int) -> None:
    assert abs(ln(number) / ONE - math.log(number)) < 5e-5


@settings(deadline=None)
@given(numbers, st.integers(0, 1 << 60))
def test_logarithms_never_fall(number: int, more: int) -> None:
    assert ln(number) <= ln(number + more)


def test_nothing_has_no_logarithm() -> None:
    with pytest.raises(ValueError, match="0 has no logarithm"):
        ln(0)


@settings(deadline=None)
@given(st.integers(-12 * ONE, 12 * ONE))
def test_chances_are_rounded_thousandths(chance: int) -> None:
    truth = 1000 / (1 + math.exp(-chance / ONE))
    assert abs(per_mille(chance) - truth) < 0.51


def test_chances_end_at_none_and_all() -> None:
    assert (per_mille(-99 * ONE), per_mille(0), per_mille(99 * ONE)) == (0, 500, 1000)
    assert per_mille(logit(3, 1)) == 750


def test_things_count_half_after_180_days_and_never_more_again() -> None:
    assert (weight(-5), weight(0), weight(180), weight(360)) == (FULL, FULL, FULL >> 1, FULL >> 2)
    assert weight(90) / FULL == pytest.approx(2**-0.5, rel=1e-6)
    assert all(weight(day) >= weight(day + 1) for day in range(4000))


def test_spread_is_the_trigamma_function() -> None:
    assert spread(1, 1) / ONE == pytest.approx(math.pi**2 / 6, rel=1e-3)
    assert spread(5, 10) / ONE == pytest.approx(math.pi**2 / 2, rel=1e-3)
    assert spread(10**6, 1) / ONE == pytest.approx(1e-6, abs=2 / ONE)


def test_lean_is_the_logarithm_less_the_digamma_function() -> None:
    euler = 0.5772156649
    assert lean(1, 1) / ONE == pytest.approx(euler, abs=1e-4)
    assert lean(5, 10) / ONE == pytest.approx(euler + math.log(2), abs=1e-4)  # digamma(1/2) = -euler - 2 ln 2
    assert lean(10**6, 1) / ONE == pytest.approx(5e-7, abs=1e-4)
