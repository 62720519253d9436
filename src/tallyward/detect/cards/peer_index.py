"""Which list a peer is on, for millions of peers at once: an open hash table on columns. Pure.

A peer's slot is a multiplication away; one that is taken moves on to the next. What finds no slot within a few steps is
kept sorted beside the table: entries that somebody chose to collide cost a binary search, and nothing worse.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

_STEPS: Final = 4
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden section: neighbouring peers get slots far apart."""

Peers = NDArray[np.uint64]
Lists = NDArray[np.uint32]


class PeerIndex:
    """Peer -> list. No peer is 0, and no list."""

    def __init__(self, lists: Mapping[int, int]) -> None:
        peers = np.array(sorted(lists), np.uint64)
        values = np.array([lists[int(peer)] for peer in peers], np.uint32)
        bits = max(len(peers) * 4, 16).bit_length()
        self._shift = np.uint64(64 - bits)
        self._peers: Peers = np.zeros((1 << bits) + _STEPS, np.uint64)
        self._lists: Lists = np.zeros(len(self._peers), np.uint32)
        for step in range(_STEPS):
            slots = self._slots(peers) + step
            free = np.flatnonzero(self._peers[slots] == 0)
            _, first = np.unique(slots[free], return_index=True)
            placed = free[first]
            self._peers[slots[placed]], self._lists[slots[placed]] = peers[placed], values[placed]
            left = np.ones(len(peers), np.bool_)
            left[placed] = False
            peers, values = peers[left], values[left]
        self._rest, self._rest_lists = peers, values

    def lists_of(self, peers: Peers) -> Lists:
        """The list of each peer, 0 for one that is not there."""
        found = np.zeros(len(peers), np.uint32)
        asked = np.arange(len(peers))
        slots = self._slots(peers)
        for step in range(_STEPS):
            kept = self._peers[slots + step]
            same = kept == peers
            found[asked[same]] = self._lists[slots[same] + step]
            further = (kept != 0) & ~same
            asked, peers, slots = asked[further], peers[further], slots[further]
            if not len(asked):
                return found
        if len(self._rest):
            at = np.minimum(np.searchsorted(self._rest, peers), len(self._rest) - 1)
            same = self._rest[at] == peers
            found[asked[same]] = self._rest_lists[at[same]]
        return found

    def _slots(self, peers: Peers) -> NDArray[np.int64]:
        return (peers * _FACTOR >> self._shift).astype(np.int64)
