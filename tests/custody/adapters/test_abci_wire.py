"""Frames and fields: whatever bytes come, they are read as they were written or refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tallyward.custody.adapters.abci_wire import Frames, framed, message, packed, read_fields, signed
from tallyward.custody.codec import MalformedError

FIELDS = some.lists(
    some.tuples(some.integers(1, 1 << 28), some.one_of(some.integers(1, (1 << 64) - 1), some.binary(min_size=1)))
)


@given(FIELDS)
def test_fields_come_back_as_they_were_written(fields: list[tuple[int, int | bytes]]) -> None:
    assert list(read_fields(message(*fields))) == fields


@given(some.binary(max_size=200))
def test_bytes_of_strangers_are_read_or_refused(data: bytes) -> None:
    try:
        found = list(read_fields(data))
    except MalformedError:
        return
    assert all(number > 0 for number, _ in found)
    assert sum(len(value) for _, value in found if isinstance(value, bytes)) <= len(data)


@given(some.lists(some.binary(max_size=300)), some.lists(some.integers(1, 50)))
def test_frames_are_the_same_however_the_socket_cuts_them(messages: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(map(framed, messages))
    frames, found = Frames(), []
    for cut in [*cuts, len(stream)]:
        found += list(frames.feed(stream[:cut]))
        stream = stream[cut:]
    assert found == messages


@given(some.binary(max_size=400))
def test_a_stream_of_strangers_is_cut_or_refused(data: bytes) -> None:
    frames = Frames(64)
    try:
        found = list(frames.feed(data))
    except MalformedError:
        return
    assert all(len(one) <= 64 for one in found)


def test_a_long_frame_is_refused_before_it_has_come() -> None:
    with pytest.raises(MalformedError, match="over 100"):
        list(Frames(100).feed(b"\xff\xff\x03"))
    with pytest.raises(MalformedError, match="64 bits"):
        list(Frames().feed(b"\xff" * 10))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x00\x01", "number 0"),
        (b"\x0a\x05ab", "longer than its message"),
        (b"\x09\x00", "longer than its message"),
        (b"\x0b", "wire type 3"),
        (b"\x08", "cut off"),
        (b"\x08" + b"\xff" * 9 + b"\x7f", "64 bits"),
    ],
)
def test_what_is_no_message(data: bytes, why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        list(read_fields(data))


def test_fixed_fields_are_stepped_over() -> None:
    assert list(read_fields(b"\x09" + bytes(8) + b"\x15" + bytes(4) + b"\x18\x07")) == [(3, 7)]


def test_zero_and_nothing_are_left_out_but_not_in_lists() -> None:
    assert message((1, 0), (2, b""), (3, "")) == b""
    assert list(read_fields(message((4, [b"", b"x"])))) == [(4, b""), (4, b"x")]


def test_negative_numbers_are_64_bits() -> None:
    assert [signed(value) for _, value in read_fields(message((1, -1), (2, 5))) if isinstance(value, int)] == [-1, 5]


def test_numbers_one_behind_the_other() -> None:
    assert packed() == b""
    assert packed(0, 1, 300).hex() == "0001ac02"
