import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards.peer_index import PeerIndex

PEERS = st.integers(1, 50) | st.integers(1, (1 << 64) - 1)


@given(st.dictionaries(PEERS, st.integers(1, 0xFFFFFFFF), max_size=60), st.lists(PEERS, max_size=30))
def test_every_peer_is_found_and_no_other(lists: dict[int, int], others: list[int]) -> None:
    asked = [*lists, *others]
    found = PeerIndex(lists).lists_of(np.array(asked, np.uint64))
    assert found.tolist() == [lists.get(peer, 0) for peer in asked]


def test_entries_chosen_to_collide_are_all_found() -> None:
    back = pow(0x9E3779B97F4A7C15, -1, 1 << 64)
    lists = {(turn * back) % (1 << 64): turn for turn in range(1, 300)}  # all in the first slot
    index = PeerIndex(lists)
    assert len(index._rest) > 200
    asked = np.array([*lists, back * 301 % (1 << 64)], np.uint64)
    assert index.lists_of(asked).tolist() == [*lists.values(), 0]
