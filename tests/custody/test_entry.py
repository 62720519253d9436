"""An entry is read only in its one form, signatures and all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody.codec import MalformedError, encode
from tallyward.custody.entry import (
    LEDGER_ID,
    Entry,
    Signature,
    _decoded,
    _framed,
    body_of,
    entry_of,
    key_id,
    parse_entry,
)
from tallyward.custody.transactions import Withdraw
from tests.custody.chain import public, signed

LEDGER = bytes(LEDGER_ID)
ONE = Withdraw("OP", bytes(32))


def test_an_entry_keeps_the_bytes_that_were_signed() -> None:
    entry = parse_entry(signed(LEDGER, ONE, "op", "op2"))
    assert entry.body == body_of(LEDGER, ONE)
    assert [one.key for one in entry.signatures] == [key_id(public("op")), key_id(public("op2"))]
    assert entry == Entry(LEDGER, ONE, entry.body, entry.signatures)
    assert entry.hash != parse_entry(signed(LEDGER, Withdraw("RES", bytes(32)), "op")).hash


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_a_reason(data: bytes) -> None:
    for given_bytes in (data, entry_of(data, ())):
        with pytest.raises(MalformedError):
            parse_entry(given_bytes)


@pytest.mark.parametrize(
    "entry",
    [
        encode([body_of(LEDGER, ONE)]),
        encode([body_of(LEDGER, ONE), [[b"key"]]]),
        encode([body_of(LEDGER, ONE), [["key", b"signature"]]]),
        entry_of(encode([3, LEDGER]), ()),
        entry_of(body_of(LEDGER[:-1], ONE), ()),
        entry_of(body_of(LEDGER, ONE), (Signature(b"k", b"s"),)) + b"\0",
    ],
)
def test_parts_that_are_missing_or_too_many(entry: bytes) -> None:
    with pytest.raises(MalformedError):
        parse_entry(entry)


@given(
    st.binary(max_size=80) | st.integers(0, 70_000).map(bytes),
    st.lists(st.tuples(st.sampled_from([b"k" * 8, b"k" * 7, b""]), st.sampled_from([b"s" * 64, b"s" * 63]))),
    st.none() | st.tuples(st.integers(0, 200), st.integers(0, 255)),
)
def test_the_short_way_reads_what_the_long_way_reads_or_nothing(
    body: bytes, signatures: list[tuple[bytes, bytes]], flip: tuple[int, int] | None
) -> None:
    data = bytearray(entry_of(body, tuple(Signature(*one) for one in signatures)))
    if flip and len(data) > flip[0]:
        data[-1 - flip[0]] ^= flip[1]
    short = _framed(bytes(data))
    try:
        long = _decoded(bytes(data))
    except MalformedError:
        assert short is None
        return
    fits = all((len(one.key), len(one.value)) == (8, 64) for one in long[1])
    plain = 24 <= len(long[0]) < 65_536 and 0 < len(long[1]) < 24 and fits
    assert short == (long if plain else None)


def test_bytes_too_short_for_any_frame() -> None:
    for size in range(90):
        assert _framed(b"\x82\x58" + bytes(size)) is None
