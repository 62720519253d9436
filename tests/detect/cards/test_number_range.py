import operator
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards.finding import LimitOrigin
from tallyward.detect.cards.number_range import WIDEST, is_whole, number_range
from tallyward.detect.cards.tree import Aggregate, Arithmetic, Number, Operator, Scalar
from tallyward.detect.cards.vocabulary import RECORD_COLUMNS, Column, Home, Kind, limit_column

UP, DN, DUR = (RECORD_COLUMNS[name] for name in ("up", "dn", "dur"))
DAY_BYTES, FAR_KM = limit_column("day_bytes", 6), limit_column("far_km", 20.5)
COMBINE: Final = {"+": operator.add, "-": operator.sub, "*": operator.mul}
OPERATORS: Final[tuple[Operator, ...]] = ("+", "-", "*")

WHOLE_LEAVES = st.sampled_from([UP, DN, DUR, DAY_BYTES]) | st.integers(0, 10**20).map(Number)
LEAVES = WHOLE_LEAVES | st.sampled_from([Number(0.5), FAR_KM])


def joined(parts: st.SearchStrategy[Scalar]) -> st.SearchStrategy[Scalar]:
    return st.builds(Arithmetic, st.sampled_from(OPERATORS), parts, parts)


WHOLE = st.recursive(WHOLE_LEAVES, joined, max_leaves=5)
MIXED = st.recursive(LEAVES, joined, max_leaves=5)


def value(node: Scalar, row: dict[str, int]) -> float:
    match node:
        case Number(value=found):
            return found
        case Column(name="far_km", default=default) if default is not None:
            return default
        case Column(name=name):
            return row[name]
        case Arithmetic(operator=name, left=left, right=right):
            return (
                float(made) if isinstance(made := COMBINE[name](value(left, row), value(right, row)), float) else made
            )
    raise AssertionError(node)


def row_of(most: dict[str, int]) -> st.SearchStrategy[dict[str, int]]:
    return st.fixed_dictionaries(
        {name: st.sampled_from([0, 1, top]) | st.integers(0, top) for name, top in most.items()}
    )


ROWS = row_of({column.name: column.most for column in (UP, DN, DUR, DAY_BYTES)})


@given(WHOLE, ROWS)
def test_no_value_is_outside_its_range(node: Scalar, row: dict[str, int]) -> None:
    found = number_range(node)
    if found is not None:
        assert found[0] <= value(node, row) <= found[1]


@given(WHOLE)
def test_a_range_that_is_told_fits_128_bits(node: Scalar) -> None:
    found = number_range(node)
    assert found is None or -(1 << 126) < found[0] <= found[1] < 1 << 126


@given(WHOLE.filter(lambda node: number_range(node) is not None), st.lists(ROWS, min_size=1, max_size=4))
def test_no_aggregate_is_outside_its_range(node: Scalar, rows: list[dict[str, int]]) -> None:
    values = [value(node, row) for row in rows]
    made = {"sum": sum(values), "month_sum": sum(values), "min": min(values), "max": max(values)}
    for function in ("sum", "month_sum", "min", "max"):
        found = number_range(Aggregate(function, node))
        if found is not None:
            assert found[0] <= made[function] <= found[1], function


@given(MIXED, ROWS)
def test_what_is_whole_is_never_a_fraction(node: Scalar, row: dict[str, int]) -> None:
    assert isinstance(value(node, row), int) or not is_whole(node)


@pytest.mark.parametrize("function", ["sum", "month_sum", "min", "max"])
def test_an_aggregate_of_whole_numbers_is_whole(function: str) -> None:
    assert is_whole(Aggregate(function, Arithmetic("+", UP, DN)))  # type: ignore[arg-type] # one of four texts


@pytest.mark.parametrize("function", ["sum", "month_sum", "min", "max"])
def test_an_aggregate_of_fractions_is_a_fraction(function: str) -> None:
    assert not is_whole(Aggregate(function, Arithmetic("*", UP, Number(0.4))))  # type: ignore[arg-type] # one of four texts


def test_counts_are_whole_and_never_negative_and_distances_are_fractions() -> None:
    for part in (Aggregate("count", None), Aggregate("count_distinct", RECORD_COLUMNS["imei"])):
        found = number_range(part)
        assert found is not None
        assert found[0] == 0
        assert found[1] >= 1 << 32
        assert is_whole(part)
    assert not is_whole(Aggregate("span_km", RECORD_COLUMNS["cell"]))


def test_a_limit_with_a_fraction_is_not_whole() -> None:
    assert (is_whole(FAR_KM), is_whole(DAY_BYTES), is_whole(Number(1.0)), is_whole(Number(1))) == (
        False,
        True,
        False,
        True,
    )


def test_what_may_get_negative_has_a_negative_least_value() -> None:
    assert number_range(Arithmetic("-", UP, DN)) == (-UP.most, DN.most)
    found = number_range(Aggregate("sum", Arithmetic("-", UP, DN)))
    assert found is not None
    assert found[0] < -(1 << 60)
    assert found[1] > 1 << 60


def test_the_widest_value_is_just_out_of_range() -> None:
    def top(most: int) -> Column:
        return Column("x", Kind.NUMBER, Home.LIMIT, most, origin=LimitOrigin.RULE)

    assert number_range(top(WIDEST - 1)) == (0, WIDEST - 1)
    assert number_range(top(WIDEST)) is None
    assert number_range(Arithmetic("-", Number(0), top(WIDEST))) is None
