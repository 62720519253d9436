"""One root over a table that changes: a binary trie by key whose shape depends on nothing but the rows. Pure.

A leaf is SHA-256(0x00 || key as 32 bytes || value), an inner node SHA-256(0x01 || bit || left || right), where `bit`
is the highest bit in which keys below it differ; paths without a choice have no node. Setting a row costs about
log2(rows) hashes, asked for only when the root is.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

EMPTY = sha256(b"\2").digest()
"""The root of a table without rows."""


@dataclass(slots=True)
class _Leaf:
    key: int
    hash: bytes


@dataclass(slots=True)
class _Inner:
    bit: int
    key: int  # of any row below: says which prefix the rows share
    left: "_Node"
    right: "_Node"
    hash: bytes | None = None


_Node: TypeAlias = _Leaf | _Inner


class HashTrie:
    """Rows by whole number from 0 to 2**256 - 1."""

    def __init__(self) -> None:
        """Begin empty."""
        self._top: _Node | None = None

    def set(self, key: int, value: bytes) -> None:
        """Put a row, in place of the one of this key."""
        leaf = _Leaf(key, sha256(b"\0" + key.to_bytes(32, "big") + value).digest())
        self._top = leaf if self._top is None else _placed(self._top, leaf)

    def remove(self, key: int) -> None:
        """Take a row out, which must be there."""
        if self._top is None:
            raise KeyError(key)
        self._top = _without(self._top, key)

    def root(self) -> bytes:
        """The root over all rows."""
        return EMPTY if self._top is None else _hash(self._top)


def _placed(top: _Node, leaf: _Leaf) -> _Node:
    """The tree with a leaf in it; the path to it is asked for its hashes anew."""
    above: _Inner | None = None
    node, went_right = top, False
    while True:
        differing = (node.key ^ leaf.key).bit_length() - 1
        if isinstance(node, _Leaf) or differing > node.bit:
            break
        node.hash = None
        above, went_right = node, bool(leaf.key >> node.bit & 1)
        node = node.right if went_right else node.left
    new: _Node = leaf
    if differing >= 0:
        right = leaf.key >> differing & 1
        new = _Inner(differing, leaf.key, *((node, leaf) if right else (leaf, node)))
    if above is None:
        return new
    if went_right:
        above.right = new
    else:
        above.left = new
    return top


def _without(top: _Node, key: int) -> _Node | None:
    grand: _Inner | None = None
    above: _Inner | None = None
    node = top
    while isinstance(node, _Inner):
        node.hash = None
        grand, above = above, node
        node = node.right if key >> node.bit & 1 else node.left
    if node.key != key:
        raise KeyError(key)
    if above is None:
        return None
    sibling = above.left if above.right is node else above.right
    if grand is None:
        return sibling
    if grand.right is above:
        grand.right = sibling
    else:
        grand.left = sibling
    return top


def _hash(node: _Node) -> bytes:
    """The hash of a subtree; no deeper than a key has bits."""
    if isinstance(node, _Leaf):
        return node.hash
    if node.hash is None:
        node.hash = sha256(b"\1" + bytes([node.bit]) + _hash(node.left) + _hash(node.right)).digest()
    return node.hash
