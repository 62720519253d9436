import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tallyward.kernel.identities import luhn_digit
from tallyward.records.decode.imei import with_check_digit


@given(st.lists(st.integers(1, 10**14 - 1), min_size=1, max_size=30))
def test_check_digits_are_those_of_the_kernel(bodies: list[int]) -> None:
    found = with_check_digit(np.array(bodies, np.uint64)).tolist()
    assert found == [int(f"{body:014d}{luhn_digit(f'{body:014d}')}") for body in bodies]


def test_absent_stays_absent() -> None:
    assert with_check_digit(np.zeros(2, np.uint64)).tolist() == [0, 0]
