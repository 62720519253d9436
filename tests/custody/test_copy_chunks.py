"""A copy's manifest and chunks are read as they were written, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody.copy_chunks import (
    MOST_CHUNKS,
    Manifest,
    chunk_of,
    entries_of,
    hash_of,
    read_manifest,
)
from tallyward.custody.packing import number

HASHES = tuple(hash_of(bytes([one])) for one in range(5))


@given(st.lists(st.binary(max_size=50)))
def test_entries_come_again(entries: list[bytes]) -> None:
    assert entries_of(chunk_of(entries)) == entries
    assert entries_of(chunk_of(entries) + b"x") == []


@given(st.binary(max_size=100))
def test_bytes_of_strangers(data: bytes) -> None:
    assert chunk_of(entries_of(data)) == data or entries_of(data) == []
    read = read_manifest(data)
    assert read is None or read.pack() == data


def test_a_manifest_comes_again() -> None:
    manifest = Manifest(9, 3, HASHES)
    assert read_manifest(manifest.pack()) == manifest


@pytest.mark.parametrize(
    "data",
    [
        b"",
        number(9) + number(3),
        Manifest(9, 0, HASHES).pack(),
        Manifest(9, 6, HASHES).pack(),
        Manifest(2, 3, HASHES).pack(),
        Manifest(9, 3, HASHES).pack() + b"x",
        number(1 << 60) + number(1) + bytes(32) * (MOST_CHUNKS + 1),
    ],
)
def test_what_is_no_manifest(data: bytes) -> None:
    assert read_manifest(data) is None
