import operator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards.span import MOST_WHOLE, Span, combined, exactly, floats, may_hold
from tallyward.detect.cards.tree import Comparison, Operator

COMPARE: dict[Comparison, Any] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
COMBINE: dict[Operator, Any] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
NUMBERS = st.integers(0, 9) | st.integers(0, (1 << 64) - 1) | st.floats(0, 1e12)


def span(*values: float) -> Span:
    """One place for each value, as its own type has it."""
    kind = np.uint64 if all(isinstance(value, int) for value in values) else np.float64
    return exactly(np.array(values, kind), max(abs(value) for value in values))


def ends(one: Span) -> tuple[Fraction, Fraction]:
    return Fraction(np.atleast_1d(one.low)[0].item()), Fraction(np.atleast_1d(one.high)[0].item())


@given(NUMBERS, NUMBERS, st.sampled_from(list(COMBINE)))
def test_the_exact_result_lies_within_the_span(left: float, right: float, name: Operator) -> None:
    found = combined(name, span(left), span(right))
    exact = COMBINE[name](Fraction(left), Fraction(right))
    low, high = ends(found)
    assert low <= exact <= high
    assert abs(exact) <= found.size * (1 + 1e-12) + 1e-300


@given(NUMBERS, NUMBERS, NUMBERS, st.sampled_from(list(COMBINE)), st.sampled_from(list(COMPARE)))
def test_a_comparison_that_holds_is_never_ruled_out(
    one: float, other: float, third: float, name: Operator, compared: Comparison
) -> None:
    exact = COMBINE[name](Fraction(one), Fraction(other))
    possible = may_hold(compared, combined(name, span(one), span(other)), span(third))
    if COMPARE[compared](exact, Fraction(third)):
        assert bool(np.atleast_1d(possible)[0])


@given(st.integers(0, (1 << 64) - 1), st.integers(0, (1 << 64) - 1), st.sampled_from(list(COMPARE)))
def test_whole_numbers_are_compared_exactly(left: int, right: int, name: Comparison) -> None:
    assert may_hold(name, span(left), span(right)).tolist() == [COMPARE[name](left, right)]


@given(st.integers(-(1 << 61), 1 << 61), st.integers(0, (1 << 64) - 1), st.sampled_from(list(COMPARE)))
def test_signed_and_unsigned_columns_are_compared_exactly(left: int, right: int, name: Comparison) -> None:
    signed = exactly(np.array([left], np.int64), MOST_WHOLE)
    assert may_hold(name, signed, span(right)).tolist() == [COMPARE[name](left, right)]
    assert may_hold(name, span(right), signed).tolist() == [COMPARE[name](right, left)]


def test_small_whole_numbers_stay_whole_and_exact() -> None:
    found = combined("-", span(3), exactly(np.array([5], np.uint32), (1 << 32) - 1))
    assert (found.whole, found.exact, np.asarray(found.low).tolist()) == (True, True, [-2])


@pytest.mark.parametrize("value", [0, 1, (1 << 53) - 1, 1 << 53, (1 << 53) + 1])
def test_only_whole_numbers_that_binary64_may_round_are_widened(value: int) -> None:
    found = floats(exactly(np.array([value], np.int64), MOST_WHOLE))
    assert ends(found)[0] <= value <= ends(found)[1]
    assert (ends(found) == (Fraction(value), Fraction(value))) == (value < 1 << 53)


def test_what_may_pass_62_bits_becomes_a_span() -> None:
    found = combined("*", span((1 << 64) - 1), span(3))
    assert not found.whole
    assert not found.exact


def test_two_spans_that_overlap_may_be_equal_and_may_differ() -> None:
    wide, point = Span(np.array([1]), np.array([4]), 4), exactly(3, 3)
    assert [bool(may_hold(name, wide, point).all()) for name in COMPARE] == [True] * 6
    apart = exactly(9, 9)
    assert [bool(may_hold(name, wide, apart).all()) for name in COMPARE] == [False, True, True, True, False, False]


def test_two_literals_are_whole_and_compared_exactly_with_a_wide_column() -> None:
    six = combined("+", exactly(3, 3), exactly(3, 3))
    assert six.whole
    assert may_hold("<", six, span((1 << 64) - 1, 6, 7)).tolist() == [True, False, True]


def test_some_places_of_a_span() -> None:
    wide = Span(np.array([1, 2, 3]), np.array([4, 5, 6]), 6).at(np.array([2, 0]))
    assert (np.asarray(wide.low).tolist(), np.asarray(wide.high).tolist()) == ([3, 1], [6, 4])
    assert exactly(7, 7).at(np.array([0, 0])).low == 7
    assert span(1, 2).at(slice(1, 2)).exact


@pytest.mark.parametrize("number", [(1 << 53) - 1, (1 << 53) + 1, (1 << 64) - 1])
def test_in_binary64_the_number_stays_within_the_ends(number: int) -> None:
    low, high = ends(floats(span(number)))
    assert low <= number <= high
    assert (low == high) == (number < 1 << 53)
