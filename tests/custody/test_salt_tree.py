"""Seeds open what they cover, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody.salt_tree import Seed, covering, salts, whole, without

SECRET = bytes(range(32))


@given(st.integers(1, 600), st.data())
def test_seeds_of_a_part_open_exactly_its_slots(count: int, data: st.DataObject) -> None:
    lot = whole(SECRET, count)
    every = dict(salts([lot]))
    start = data.draw(st.integers(0, count - 1))
    end = data.draw(st.integers(start + 1, count))
    seeds = covering([lot], start, end)
    assert dict(salts(seeds)) == {slot: every[slot] for slot in range(start, end)}
    assert len(seeds) <= 2 * max(1, (count - 1).bit_length())
    inner = covering(seeds, start, start + 1)
    assert dict(salts(inner)) == {start: every[start]}


@given(st.integers(2, 300), st.data())
def test_a_punctured_seed_opens_all_slots_but_one(count: int, data: st.DataObject) -> None:
    lot = whole(SECRET, count)
    gone = data.draw(st.integers(0, count - 1))
    left = without([lot], gone)
    assert set(dict(salts(left))) == set(lot.slots) - {gone}
    with pytest.raises(ValueError, match="do not open"):
        covering(left, gone, gone + 1)


def test_siblings_and_lots_differ() -> None:
    left, right = Seed(1, 0, SECRET).halves()
    assert left.value != right.value
    assert whole(SECRET, 8) != whole(bytes(32), 8)
    with pytest.raises(ValueError, match="32 secret bytes"):
        whole(b"short", 8)
