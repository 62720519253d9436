"""Numbers and byte strings one behind the other, written and read in columns; what is read is bounded by what is there.

Numbers are big-endian. Pure.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tallyward.kernel.errors import CorruptError

_WIDE: Final = 8


def number(one: int) -> bytes:
    """One number."""
    return one.to_bytes(_WIDE, "big")


def numbers(kind: str, column: Sequence[int]) -> bytes:
    """A column of numbers. `kind`: numpy's name of their size, such as u4; what is over raises `OverflowError`."""
    return np.array(column, dtype=f">{kind}").tobytes()


def strings(column: Sequence[bytes]) -> list[bytes]:
    """A column of byte strings: their lengths, then all of them."""
    return [numbers("u4", [len(one) for one in column]), b"".join(column)]


class Packed:
    """Bytes that are read from their beginning."""

    def __init__(self, data: bytes) -> None:
        """Nothing is read yet."""
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        """The next bytes; refuses with `custody.snapshot_refused` where there are fewer."""
        end = self._at + size
        if end > len(self._data):
            raise self.refused("it ends too early")
        found = self._data[self._at : end]
        self._at = end
        return found

    def number(self) -> int:
        """The next number."""
        return int.from_bytes(self.take(_WIDE), "big")

    def numbers(self, kind: str, count: int) -> NDArray[np.int64]:
        """The next column of numbers; those over 2**63 - 1 are refused."""
        size = np.dtype(kind).itemsize
        found = np.frombuffer(self.take(count * size), f">{kind}")
        if size == _WIDE and (found >> (8 * _WIDE - 1)).any():
            raise self.refused("a number is out of range")
        return found.astype(np.int64)

    def strings(self, count: int) -> list[bytes]:
        """The next column of byte strings."""
        places = np.append(0, np.cumsum(self.numbers("u4", count))).tolist()
        whole = self.take(places[-1])
        return [whole[begin:end] for begin, end in pairwise(places)]

    def ended(self) -> None:
        """Refuses with `custody.snapshot_refused` if anything is left."""
        if self._at != len(self._data):
            raise self.refused("it goes on after its end")

    def refused(self, problem: str) -> CorruptError:
        """Why these bytes are not taken up."""
        return CorruptError("custody.snapshot_refused", problem=problem)
