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
_AT_ONCE: Final = 1 << 16
"""Pairs looked up together: few enough that room is made for what is new, not for what was given twice."""

Owners = NDArray[np.uint32]
Values = NDArray[np.uint64]
Mask = NDArray[np.bool_]
Places = NDArray[np.int64]


class PairSet:
    """Pairs of an owner (1 or more) and a value. 12 bytes a slot, at most half of the slots taken."""

    def __init__(self, seed: int, expected: int = 0) -> None:
        """`seed`: any number that others can't guess. `expected`: so many pairs are added without making more room."""
        self._odd = np.uint64(((seed * 2 + 1) * int(_FACTOR)) % (1 << 64))
        self._count = 0
        self._allot(max(_LEAST, _room(expected)))

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
        for start in range(0, len(owners), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            absent = start + np.flatnonzero(~self.has(owners[part], values[part]))
            new[absent[self._insert(owners[absent], values[absent])]] = True
        return new

    def pairs(self) -> tuple[Owners, Values]:
        """All pairs, in no order."""
        taken = np.flatnonzero(self._owners)
        return self._owners[taken], self._values[taken]

    def _insert(self, owners: Owners, values: Values) -> Places:
        """Pairs that are not there; the places of those that are new by now, each pair once."""
        if (self._count + len(owners)) * 2 > len(self._owners):
            kept = self.pairs()
            self._allot(_room((self._count + len(owners)) * 2))
            self._place(*kept)
        placed = self._place(owners, values)
        self._count += len(placed)
        return placed

    def _place(self, owners: Owners, values: Values) -> Places:
        """Each pair goes the same way from slot to slot, so pairs given twice meet, and the first takes the slot."""
        slots = self._slots(owners, values)
        left = np.arange(len(owners))
        placed = [left[:0]]
        while len(left):
            free = np.flatnonzero(self._owners[slots] == 0)
            taker, wanted = left[free], slots[free]
            self._values[wanted[::-1]] = taker[::-1]  # of several for one slot the last written stays: the first pair
            won = self._values[wanted] == taker
            taker, wanted = taker[won], wanted[won]
            self._owners[wanted], self._values[wanted] = owners[taker], values[taker]
            placed.append(taker)
            further = (self._owners[slots] != owners[left]) | (self._values[slots] != values[left])
            left, slots = left[further], (slots[further] + 1) & self._mask
        return np.concatenate(placed)

    def _allot(self, size: int) -> None:
        self._mask = size - 1
        self._shift = np.uint64(64 - (size - 1).bit_length())
        self._owners: Owners = np.zeros(size, np.uint32)
        self._values: Values = np.zeros(size, np.uint64)

    def _slots(self, owners: Owners, values: Values) -> NDArray[np.int64]:
        mixed = (values ^ (owners.astype(np.uint64) * _FACTOR)) * self._odd
        return ((mixed ^ (mixed >> np.uint64(29))) * _FACTOR >> self._shift).astype(np.int64)


def _room(pairs: int) -> int:
    """Slots for so many pairs, a power of two of which they take at most half."""
    return 1 << (pairs * 2 - 1).bit_length() if pairs else 0
