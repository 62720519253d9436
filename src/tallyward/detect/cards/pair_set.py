"""Which pairs of two numbers were seen, for millions at once: an open hash table on columns. Pure.

A pair's slot is a multiplication away; one that is taken moves on to the next. The multiplier comes from a seed:
whoever may choose the pairs does not know where they collide.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden section: owners that follow each other get slots far apart."""
_LEAST: Final = 1 << 10

Owners = NDArray[np.uint32]
Values = NDArray[np.uint64]
Mask = NDArray[np.bool_]


class PairSet:
    """Pairs of an owner (1 or more) and a value. 12 bytes a slot, at most half of the slots taken."""

    def __init__(self, seed: int) -> None:
        """`seed`: any number that others can't guess."""
        self._odd = np.uint64(((seed * 2 + 1) * int(_FACTOR)) % (1 << 64))
        self._count = 0
        self._allot(_LEAST)

    def __len__(self) -> int:
        return self._count

    def has(self, owners: Owners, values: Values) -> Mask:
        """Which of these pairs were added."""
        found = np.zeros(len(owners), np.bool_)
        asked, slots = np.arange(len(owners)), self._slots(owners, values)
        while len(asked):
            kept = self._owners[slots]
            same = (kept == owners[asked]) & (self._values[slots] == values[asked])
            found[asked[same]] = True
            further = (kept != 0) & ~same
            asked, slots = asked[further], (slots[further] + 1) & self._mask
        return found

    def add(self, owners: Owners, values: Values) -> Mask:
        """Add pairs; tells which are new, of those given twice the first."""
        new = np.zeros(len(owners), np.bool_)
        absent = np.flatnonzero(~self.has(owners, values))
        if len(absent):
            order = np.lexsort((absent, values[absent], owners[absent]))
            absent = absent[order]
            first = np.ones(len(absent), np.bool_)
            first[1:] = (owners[absent[1:]] != owners[absent[:-1]]) | (values[absent[1:]] != values[absent[:-1]])
            absent = absent[first]
            new[absent] = True
            self._insert(owners[absent], values[absent])
        return new

    def pairs(self) -> tuple[Owners, Values]:
        """All pairs, in no order."""
        taken = np.flatnonzero(self._owners)
        return self._owners[taken], self._values[taken]

    def _insert(self, owners: Owners, values: Values) -> None:
        """Pairs that are not there, each once."""
        if (self._count + len(owners)) * 2 > len(self._owners):
            kept = self.pairs()
            self._allot(1 << ((self._count + len(owners)) * 4).bit_length())
            self._place(*kept)
        self._place(owners, values)
        self._count += len(owners)

    def _place(self, owners: Owners, values: Values) -> None:
        slots = self._slots(owners, values)
        while len(owners):
            free = np.flatnonzero(self._owners[slots] == 0)
            _, first = np.unique(slots[free], return_index=True)
            placed = free[first]
            self._owners[slots[placed]], self._values[slots[placed]] = owners[placed], values[placed]
            left = np.ones(len(owners), np.bool_)
            left[placed] = False
            owners, values, slots = owners[left], values[left], (slots[left] + 1) & self._mask

    def _allot(self, size: int) -> None:
        self._mask = size - 1
        self._shift = np.uint64(64 - (size - 1).bit_length())
        self._owners: Owners = np.zeros(size, np.uint32)
        self._values: Values = np.zeros(size, np.uint64)

    def _slots(self, owners: Owners, values: Values) -> NDArray[np.int64]:
        mixed = (values ^ (owners.astype(np.uint64) * _FACTOR)) * self._odd
        return ((mixed ^ (mixed >> np.uint64(29))) * _FACTOR >> self._shift).astype(np.int64)
