"""Numbers that look random and are a pure function of (seed, stream, key): the same on any machine, in any order.

Integer arithmetic only (splitmix64), so no processor's rounding and no library's choice of algorithm shows in a fleet,
and a block of cards comes out the same whether it is made alone or with all the others.
"""

import hashlib
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

I64: TypeAlias = NDArray[np.int64]
U64: TypeAlias = NDArray[np.uint64]
Flags: TypeAlias = NDArray[np.bool_]

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)


def part(bits: U64, shift: int, width: int) -> I64:
    """`width` bits of each number from bit `shift` on: several small draws out of one."""
    return ((bits >> np.uint64(shift)) & np.uint64((1 << width) - 1)).astype(np.int64)


class Draws:
    """All draws of one seed."""

    def __init__(self, seed: int) -> None:
        """Draws of `seed`, any integer."""
        self.seed = seed

    def bits(self, stream: str, keys: I64) -> U64:
        """64 even bits for each key. `stream` names what they are for: two streams have nothing in common."""
        digest = hashlib.blake2b(f"{self.seed}/{stream}".encode(), digest_size=8).digest()
        mixed = keys.astype(np.uint64)
        mixed *= _GOLDEN
        mixed ^= np.uint64(int.from_bytes(digest, "big"))
        for shift, factor in ((30, _FIRST), (27, _SECOND)):
            mixed ^= mixed >> np.uint64(shift)
            mixed *= factor
        mixed ^= mixed >> np.uint64(31)
        return mixed

    def below(self, stream: str, keys: I64, ends: int | I64) -> I64:
        """A whole number from 0 to just under `ends` (at most 2**31) for each key."""
        high = (self.bits(stream, keys) >> np.uint64(32)).astype(np.int64)
        return (high * ends) >> 32

    def one(self, stream: str, end: int, key: int = 0) -> int:
        """One whole number from 0 to just under `end`."""
        return int(self.below(stream, np.array([key], dtype=np.int64), end)[0])
