"""Whether a peer is on a list, for millions of pairs at once: entries are looked up, wide prefixes searched. Pure."""

import numpy as np
from numpy.typing import NDArray

from tallyward.detect.cards.pair_set import PairSet
from tallyward.detect.cards.peer_ranges import ListTables


class ListIndex:
    """Group lists of one registry version."""

    def __init__(self, lists: ListTables, seed: int) -> None:
        """`seed`: any number that others can't guess."""
        self._entries = PairSet(seed)
        entries = np.array(lists.entries, np.uint64).reshape(-1, 2)
        self._entries.add(entries[:, 0].astype(np.uint32), entries[:, 1])
        wide = sorted(lists.prefixes, key=lambda one: (one.list, one.low))
        self._list = np.array([one.list for one in wide], np.uint32)
        self._low = np.array([one.low for one in wide], np.uint64)
        self._high = np.array([one.high for one in wide], np.uint64)

    def covers(self, lists: NDArray[np.uint32], peers: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Where the peer is an entry of the list or within one of its prefixes."""
        found = self._entries.has(lists, peers)
        if len(self._list):
            left = np.flatnonzero(~found)
            found[left] = self._within(lists[left], peers[left])
        return found

    def _within(self, lists: NDArray[np.uint32], peers: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Prefixes of a list do not overlap: the last that begins at or below the peer is the only one that can."""
        begin = np.searchsorted(self._list, lists, side="left")
        low, high = begin.copy(), np.searchsorted(self._list, lists, side="right")
        while bool((low < high).any()):
            middle = np.minimum((low + high) // 2, len(self._low) - 1)
            below = (low < high) & (self._low[middle] <= peers)
            high = np.where((low < high) & ~below, middle, high)
            low = np.where(below, middle + 1, low)
        last = np.maximum(low - 1, 0)
        return (low > begin) & (self._high[last] >= peers)
