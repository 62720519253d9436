"""One root over a table that changes: a binary trie by key whose shape depends on nothing but the rows. Pure.

A leaf is SHA-256(0x00 || key as 32 bytes || value), an inner node SHA-256(0x01 || bit || left || right), where `bit`
is the highest bit in which keys below it differ; paths without a choice have no node. Rows are put together, by one way
down the trie for all of them: what changed twice since the last root is hashed once, and nodes are never changed.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TypeAlias

EMPTY = sha256(b"\2").digest()
"""The root of a table without rows."""

_Node: TypeAlias = "tuple[bytes, int, int, _Place, _Place]"
"""(hash, key of any row below, bit, left, right). A leaf's bit is -1."""
_Place: TypeAlias = "_Node | None"
_BITS = [bytes([1, bit]) for bit in range(256)]


class HashTrie:
    """Rows by whole number from 0 to 2**256 - 1."""

    def __init__(self) -> None:
        """Begin empty."""
        self._top: _Place = None

    def update(self, rows: Mapping[int, bytes | None]) -> None:
        """Put rows in place of those of these keys; None: there is none (any more)."""
        keys = sorted(rows)
        leaves = [None if (value := rows[key]) is None else _leaf(key, value) for key in keys]
        if keys:
            self._top = _put(self._top, keys, leaves, 0, len(keys))

    def root(self) -> bytes:
        """The root over all rows."""
        return EMPTY if self._top is None else self._top[0]


def _leaf(key: int, value: bytes) -> _Node:
    return sha256(b"\0" + key.to_bytes(32, "big") + value).digest(), key, -1, None, None


def _put(node: _Place, keys: Sequence[int], leaves: Sequence[_Place], low: int, high: int) -> _Place:
    """A subtree with some rows, `keys[low:high]`, put into it; no deeper than a key has bits."""
    first = keys[low]
    bit = (first ^ keys[high - 1]).bit_length() - 1
    left = right = node
    if node is not None:
        bit = max(bit, (first ^ node[1]).bit_length() - 1, node[2])
        if bit == node[2]:
            left, right = node[3], node[4]
        elif node[1] >> bit & 1:
            left = None
        else:
            right = None
    if bit < 0:
        return leaves[low]
    middle = bisect_left(keys, (first >> bit | 1) << bit, low, high)
    if low < middle:
        left = leaves[low] if left is None and middle - low == 1 else _put(left, keys, leaves, low, middle)
    if middle < high:
        right = leaves[middle] if right is None and high - middle == 1 else _put(right, keys, leaves, middle, high)
    if left is None or right is None:
        return right if left is None else left
    return sha256(_BITS[bit] + left[0] + right[0]).digest(), left[1], bit, left, right
