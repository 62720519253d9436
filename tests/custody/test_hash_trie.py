"""A table's root depends on its rows, not on how they came."""

import random
from hashlib import sha256

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
        trie.update({key: rows[key]})
    return trie


@given(ROWS, st.integers(), st.integers(0, 40), st.binary(max_size=4))
def test_the_order_does_not_show(rows: dict[int, bytes], order: int, key: int, value: bytes) -> None:
    one, two = built(rows, order), built(rows, order + 1)
    assert one.root() == two.root()
    before = one.root()
    one.update({key: value})
    assert (one.root() == before) == (rows.get(key) == value)
    one.update({key: rows.get(key)})
    assert one.root() == before


@given(ROWS, ROWS, st.sets(st.integers(0, 40)))
def test_rows_put_together_are_as_rows_put_one_by_one(
    rows: dict[int, bytes], more: dict[int, bytes], gone: set[int]
) -> None:
    trie = HashTrie()
    trie.update(rows)
    assert trie.root() == built(rows, 0).root()
    trie.update({**more, **dict.fromkeys(gone)})
    left = {key: value for key, value in {**rows, **more}.items() if key not in gone}
    assert trie.root() == built(left, 1).root()


@given(ROWS)
def test_taking_all_rows_away_leaves_the_empty_root(rows: dict[int, bytes]) -> None:
    trie = built(rows, 0)
    for key in rows:
        trie.update({key: None})
    assert trie.root() == EMPTY


def test_a_row_that_is_not_there_is_not_missed() -> None:
    trie = built({1: b"a", 2: b"b"}, 0)
    before = trie.root()
    trie.update({3: None})
    assert trie.root() == before


def test_leaves_and_nodes_are_hashed_as_it_is_written_down() -> None:
    leaves = [sha256(b"\0" + key.to_bytes(32, "big") + b"v").digest() for key in (4, 6)]
    assert built({4: b"v"}, 0).root() == leaves[0]
    assert built({4: b"v", 6: b"v"}, 0).root() == sha256(b"\1\1" + leaves[0] + leaves[1]).digest()
