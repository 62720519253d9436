"""What is packed is read again; nothing is read beyond what is there, or made because somebody says that it is."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody.packing import Packed, number, numbers, strings
from tallyward.kernel.errors import CorruptError


@given(st.lists(st.binary(max_size=40)), st.lists(st.integers(0, 2**32 - 1)), st.integers(0, 2**64 - 1))
def test_what_is_packed_is_read_again(texts: list[bytes], column: list[int], one: int) -> None:
    packed = Packed(number(one) + b"".join(strings(texts)) + numbers("u4", column) + numbers("u8", column))
    assert packed.number() == one
    assert packed.strings(len(texts)) == texts
    assert packed.numbers("u4", len(column)).tolist() == packed.numbers("u8", len(column)).tolist() == column
    packed.ended()


@pytest.mark.parametrize("count", [1, 2**31, 2**64 - 1])
def test_more_than_there_is_is_refused_without_making_room_for_it(count: int) -> None:
    empty = Packed(b"")
    for read in (empty.take, partial(empty.numbers, "u4"), empty.strings):
        with pytest.raises(CorruptError, match="snapshot_refused"):
            read(count)
    with pytest.raises(CorruptError, match="snapshot_refused"):
        Packed(b"\xff\xff\xff\xff abc").strings(1)


def test_numbers_out_of_range_and_what_is_left_over() -> None:
    with pytest.raises(CorruptError, match="snapshot_refused"):
        Packed(b"\xff" * 8).numbers("u8", 1)
    with pytest.raises(CorruptError, match="snapshot_refused"):
        Packed(b"x").ended()
    with pytest.raises(OverflowError):
        numbers("u4", [1 << 32])
