"""Neighbouring leaves of a lot's tree and what proves them together: at most 2 * log2(count) hashes, not a path a card.

Whoever can prove a run of leaves can prove each run within it, and none beyond it. Tree: RFC 9162, 2.1. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tallyward.custody import merkle
from tallyward.custody.codec import MalformedError


@dataclass(frozen=True, slots=True)
class Run:
    """Leaves `start` onwards of a tree of `count`. `beside`: hashes of the subtrees next to them, left to right."""

    start: int
    leaves: Sequence[bytes]
    count: int
    beside: tuple[bytes, ...] = ()

    @property
    def end(self) -> int:
        """Before which leaf it ends."""
        return self.start + len(self.leaves)

    def root(self) -> bytes:
        """The root it leads to; refuses hashes too few or too many with `MalformedError`."""
        places = list(_beside(self.start, self.end, 0, self.count))
        if not 0 <= self.start < self.end <= self.count or len(places) != len(self.beside):
            raise MalformedError("the proof does not fit its leaves")
        return self._hash(0, self.count, dict(zip(places, self.beside, strict=True)))

    def within(self, start: int, end: int) -> "Run":
        """A run inside this one."""
        if not self.start <= start < end <= self.end:
            raise ValueError(f"leaves {start} to {end} are not known")
        known = dict(zip(_beside(self.start, self.end, 0, self.count), self.beside, strict=True))
        beside = tuple(self._hash(begin, stop, known) for begin, stop in _beside(start, end, 0, self.count))
        return Run(start, self.leaves[start - self.start : end - self.start], self.count, beside)

    def _hash(self, begin: int, end: int, known: dict[tuple[int, int], bytes]) -> bytes:
        """The hash over leaves of the tree from `begin` to before `end`."""
        if (begin, end) in known:
            return known[begin, end]
        if self.start <= begin and end <= self.end:
            return merkle.root_of(self.leaves[begin - self.start : end - self.start])
        middle = begin + _split(end - begin)
        return merkle.node_hash(self._hash(begin, middle, known), self._hash(middle, end, known))


def _beside(start: int, end: int, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    """The largest subtrees of [begin, stop) that hold no leaf of [start, end), from left to right."""
    if stop <= start or end <= begin:
        yield begin, stop
    elif begin < start or end < stop:
        middle = begin + _split(stop - begin)
        yield from _beside(start, end, begin, middle)
        yield from _beside(start, end, middle, stop)


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1
