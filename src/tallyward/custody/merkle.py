"""The Merkle tree of a log (RFC 9162, 2.1): root, inclusion and consistency proofs, and how to check them. Pure.

Hashes of perfect subtrees are looked up, never computed from entries: see `tiles`. Hashes are 32 bytes of SHA-256.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TypeAlias

Subtree: TypeAlias = Callable[[int, int], bytes]
"""(level, number) -> hash of the perfect subtree over entries [number << level, (number + 1) << level)."""

EMPTY = sha256().digest()
"""The root of a tree without entries."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return sha256(b"\1" + left + right).digest()


def root(subtree: Subtree, size: int) -> bytes:
    """The root of the first `size` entries."""
    return _range(subtree, 0, size) if size else EMPTY


def inclusion(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """What proves that entry `index` is in the tree of the first `size` (RFC 9162, 2.1.3.1), from the leaf upwards."""
    if not 0 <= index < size:
        raise ValueError(f"no entry {index} of {size}")
    proof: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            proof.append(_range(subtree, middle, end))
            end = middle
        else:
            proof.append(_range(subtree, begin, middle))
            begin = middle
    return proof[::-1]


def consistency(subtree: Subtree, old: int, new: int) -> list[bytes]:
    """What proves that the tree of the first `new` entries begins with that of the first `old` (RFC 9162, 2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError(f"no step from {old} to {new} entries")
    proof: list[bytes] = []
    begin, end, whole = 0, new, True
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            proof.append(_range(subtree, middle, end))
            end = middle
        else:
            proof.append(_range(subtree, begin, middle))
            begin, whole = middle, False
    if not whole:
        proof.append(_range(subtree, begin, end))
    return proof[::-1]


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether a proof of inclusion holds (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for one in proof:
        if not last:
            return False
        if at & 1 or at == last:
            found = node_hash(one, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, one)
        at, last = at >> 1, last >> 1
    return not last and found == root_hash


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof of consistency holds (RFC 9162, 2.1.4.2); every tree begins with the empty one."""
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        return not proof and (old_root == new_root if old == new else old_root == EMPTY)
    path = [old_root, *proof] if not old & (old - 1) else list(proof)
    return bool(path) and _meets(old, new, old_root, new_root, path)


def _meets(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a path leads to both roots."""
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for one in path[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            first, second = node_hash(one, first), node_hash(one, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, one)
        at, last = at >> 1, last >> 1
    return not last and first == old_root and second == new_root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes that are all at hand."""
    if not leaves:
        return EMPTY
    row = list(leaves)
    while len(row) > 1:
        pairs = [sha256(b"\1" + row[at] + row[at + 1]).digest() for at in range(0, len(row) - 1, 2)]
        row = [*pairs, row[-1]] if len(row) & 1 else pairs
    return row[0]


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _range(subtree: Subtree, begin: int, end: int) -> bytes:
    """The hash over entries from `begin` to before `end`; a perfect subtree of at least their size begins there."""
    count = end - begin
    if not count & (count - 1):
        level = count.bit_length() - 1
        return subtree(level, begin >> level)
    middle = begin + _split(count)
    return node_hash(_range(subtree, begin, middle), _range(subtree, middle, end))
