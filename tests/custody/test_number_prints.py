"""Prints tell numbers apart, whatever column they stand in."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.custody.number_prints import LONGEST, among, prints, sorted_once
from tallyward.kernel.errors import InvalidError

texts = st.text("0123456789ABCDEF", min_size=1, max_size=LONGEST)


@settings(deadline=None)
@given(st.lists(texts, max_size=40))
def test_equal_numbers_and_no_others_have_equal_prints(numbers: list[str]) -> None:
    found = prints(pa.array(numbers, pa.string())).tolist()
    assert len(set(found)) == len(set(numbers))
    assert dict(zip(numbers, found, strict=True)) == {one: found[numbers.index(one)] for one in numbers}


def test_a_print_depends_on_its_number_alone() -> None:
    numbers = [f"8986{one:016}" for one in range(1000)]
    whole = prints(pa.array(numbers))
    cut = pa.array(["1", "22", *numbers, "333"], pa.large_string()).slice(2, 1000)
    assert (prints(cut) == whole).all()
    assert (prints(pa.array([numbers[7], "1"]))[0] == whole[7]).all()


def test_prints_of_numbers_in_a_row_spread_over_all_bits() -> None:
    found = prints(pa.array([f"8986{one:016}" for one in range(4096)]))
    ones = np.unpackbits(found.view(np.uint8)).reshape(4096, 64).mean(axis=0)
    assert (abs(ones - 0.5) < 0.05).all()


@pytest.mark.parametrize("numbers", [["1", None], ["1", ""], ["1" * (LONGEST + 1)], [1, 2]])
def test_what_is_no_column_of_numbers_is_refused(numbers: list[object]) -> None:
    with pytest.raises(InvalidError, match=r"custody\.numbers"):
        prints(pa.array(numbers))


@settings(deadline=None)
@given(st.lists(st.integers(0, 50)), st.lists(st.integers(0, 50)))
def test_among(some: list[int], others: list[int]) -> None:
    one, other = (sorted_once(np.array(each, dtype=np.uint64)) for each in (some, others))
    assert one.tolist() == sorted(set(some))
    assert among(one, other).tolist() == [each in others for each in sorted(set(some))]
