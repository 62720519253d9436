"""Roots and proofs against RFC 9162 written down as it stands there, and proofs that must not hold."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody import merkle

# Leaves and roots of the reference trees of Certificate Transparency (RFC 6962 and 9162 use the same tree).
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def written_down(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\1" + written_down(leaves[:half]) + written_down(leaves[half:])).digest()


def subtrees(leaves: Sequence[bytes]) -> merkle.Subtree:
    """Looks up by computing."""
    return lambda level, number: written_down(leaves[number << level : (number + 1) << level])


def some(count: int) -> list[bytes]:
    """Leaf hashes."""
    return [merkle.leaf_hash(str(one).encode()) for one in range(count)]


@pytest.mark.parametrize("count", range(1, 9))
def test_reference_roots(count: int) -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(one)) for one in INPUTS[:count]]
    assert merkle.root(subtrees(leaves), count).hex() == ROOTS[count - 1]
    assert merkle.root_of(leaves).hex() == ROOTS[count - 1]


def test_the_empty_tree() -> None:
    assert merkle.root(subtrees([]), 0) == merkle.root_of([]) == sha256().digest()


@given(st.integers(1, 300), st.data())
def test_a_proof_of_inclusion_holds_for_its_entry_only(count: int, data: st.DataObject) -> None:
    leaves = some(count)
    index = data.draw(st.integers(0, count - 1))
    proof = merkle.inclusion(subtrees(leaves), index, count)
    root = written_down(leaves)
    assert merkle.included(leaves[index], index, count, proof, root)
    other = data.draw(st.integers(0, count + 5))
    if other != index:
        assert not merkle.included(leaves[index], other, count, proof, root)
    assert not merkle.included(merkle.leaf_hash(b"x"), index, count, proof, root)
    assert not merkle.included(leaves[index], index, count, [*proof, root], root)
    if proof:
        assert not merkle.included(leaves[index], index, count, proof[:-1], root)


@given(st.integers(1, 200), st.integers(0, 200), st.data())
def test_a_proof_of_consistency_holds_for_its_two_trees_only(old: int, more: int, data: st.DataObject) -> None:
    leaves = some(old + more)
    proof = merkle.consistency(subtrees(leaves), old, old + more)
    was, now = written_down(leaves[:old]), written_down(leaves)
    assert merkle.consistent(old, old + more, was, now, proof)
    changed = [*leaves]
    changed[data.draw(st.integers(0, old - 1))] = merkle.leaf_hash(b"changed")
    assert not merkle.consistent(old, old + more, written_down(changed[:old]), now, proof)
    assert not merkle.consistent(old, old + more, was, written_down(changed), proof)
    if more:
        assert not merkle.consistent(old, old + more + 1, was, now, [*proof, was])


def test_places_that_are_not_there() -> None:
    with pytest.raises(ValueError, match="no entry"):
        merkle.inclusion(subtrees(some(3)), 3, 3)
    with pytest.raises(ValueError, match="no step"):
        merkle.consistency(subtrees(some(3)), 4, 3)
    assert not merkle.included(some(1)[0], 0, 0, [], merkle.EMPTY)
    assert not merkle.consistent(3, 2, b"", b"", [])
