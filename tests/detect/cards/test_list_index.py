import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards.list_index import ListIndex
from tallyward.detect.cards.peer_ranges import Range, tables

TOP = (1 << 64) - 1
RANGES = st.lists(
    st.builds(
        lambda one, low, wide: Range(one, low, min(low + wide, TOP)),
        st.integers(1, 4), st.integers(1, 60) | st.just(TOP - 3), st.integers(0, 9),
    ),
    max_size=12,
)  # fmt: skip


@given(RANGES, st.lists(st.tuples(st.integers(1, 5), st.integers(0, 75) | st.just(TOP)), max_size=40))
def test_a_peer_is_on_a_list_where_one_of_its_ranges_holds_it(
    ranges: list[Range], asked: list[tuple[int, int]]
) -> None:
    lists = np.array([one for one, _ in asked], np.uint32)
    peers = np.array([peer for _, peer in asked], np.uint64)
    found = ListIndex(tables(ranges), 5).covers(lists, peers).tolist()
    assert found == [any(one.list == a and one.low <= peer <= one.high for one in ranges) for a, peer in asked]
