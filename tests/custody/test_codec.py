"""One item has one encoding, and nothing else is read."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody.codec import MOST_BYTES, MalformedError, decode, encode

ITEMS = st.recursive(
    st.none() | st.integers(0, (1 << 63) - 1) | st.binary(max_size=40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)


@given(ITEMS)
def test_what_is_written_is_read_again(item: object) -> None:
    try:
        assert decode(encode(item)) == item  # type: ignore[arg-type]
    except MalformedError as error:
        assert "deeply" in str(error)


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_or_are_the_one_encoding(data: bytes) -> None:
    with suppress(MalformedError):
        assert encode(decode(data)) == data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x18\x01", "canonical"),
        (b"\x00\x00", "canonical"),
        (b"\x9f\x00\xff", "canonical"),
        (b"\x20", "range"),
        (b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff", "range"),
        (b"\xf9\x3c\x00", "float"),
        (b"\xf5", "bool"),
        (b"\xa1\x00\x00", "dict"),
        (b"\xc1\x00", "datetime"),
        (b"\x81" * 100_000 + b"\x00", "CBOR"),
        (b"\x81" * 7 + b"\x00", "deeply"),
        (b"\x5b\x00\x00\x00\xff\xff\xff\xff\xff", "CBOR"),
        (bytes(MOST_BYTES + 1), "over"),
        (b"", "CBOR"),
    ],
)
def test_other_encodings_kinds_and_sizes_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        decode(data)
