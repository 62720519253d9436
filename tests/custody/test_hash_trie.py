"""A table's root depends on its rows, not on how they came."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody.hash_trie import EMPTY, HashTrie

ROWS = st.dictionaries(st.integers(0, (1 << 256) - 1) | st.integers(0, 40), st.binary(max_size=4), max_size=30)


def built(rows: dict[int, bytes], order: int) -> HashTrie:
    """A trie of rows set in a shuffled order."""
    keys = list(rows)
    random.Random(order).shuffle(keys)
    trie = HashTrie()
    for key in keys:
        trie.set(key, rows[key])
        trie.root()
    return trie


@given(ROWS, st.integers(), st.integers(0, 40), st.binary(max_size=4))
def test_the_order_does_not_show(rows: dict[int, bytes], order: int, key: int, value: bytes) -> None:
    one, two = built(rows, order), built(rows, order + 1)
    assert one.root() == two.root()
    before = one.root()
    one.set(key, value)
    assert (one.root() == before) == (rows.get(key) == value)
    if key in rows:
        one.set(key, rows[key])
    else:
        one.remove(key)
    assert one.root() == before


@given(ROWS)
def test_taking_all_rows_away_leaves_the_empty_root(rows: dict[int, bytes]) -> None:
    trie = built(rows, 0)
    for key in rows:
        trie.remove(key)
    assert trie.root() == EMPTY
    with pytest.raises(KeyError):
        trie.remove(1)


def test_a_row_that_is_not_there_is_not_taken_away() -> None:
    trie = built({1: b"a", 2: b"b"}, 0)
    with pytest.raises(KeyError):
        trie.remove(3)
