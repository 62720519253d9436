"""A log grown in batches of any size has the tiles and roots of one grown at once."""

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody import merkle
from tallyward.custody.tiles import HASH, Tile, Tree, grown, layout


def leaves_of(count: int) -> list[bytes]:
    """Leaf hashes."""
    return [merkle.leaf_hash(str(one).encode()) for one in range(count)]


def _at(tiles: dict[Tile, bytes], level: int, number: int) -> bytes:
    return tiles[level, number]


def stored(batches: list[int]) -> dict[Tile, bytes]:
    """The tiles after some batches."""
    tiles: dict[Tile, bytes] = {}
    size = 0
    leaves = leaves_of(sum(batches))
    for count in batches:
        tiles |= grown(partial(_at, tiles), size, leaves[size : size + count])
        size += count
    return tiles


@given(st.lists(st.integers(0, 700), min_size=1, max_size=5))
def test_batches_do_not_show(batches: list[int]) -> None:
    size = sum(batches)
    tiles = stored(batches)
    assert {tile: len(data) // HASH for tile, data in tiles.items()} == {
        (level, number): width for level, number, width in layout(size)
    }
    tree = Tree(lambda level, number: tiles[level, number], size)
    leaves = leaves_of(size)
    assert tree.root() == merkle.root_of(leaves)
    if size:
        index = size * 2 // 3
        proof = merkle.inclusion(tree.subtree, index, size)
        assert merkle.included(leaves[index], index, size, proof, tree.root())
        assert tree.root(index) == merkle.root_of(leaves[:index])


def test_three_levels() -> None:
    size = 256 * 256 + 300
    tree_tiles = stored([size])
    assert {level for level, _ in tree_tiles} == {0, 1, 2}
    assert Tree(lambda level, number: tree_tiles[level, number], size).root() == merkle.root_of(leaves_of(size))


def test_a_tile_that_lost_its_end_gives_a_wrong_root_and_no_crash() -> None:
    tiles = stored([300])
    whole = Tree(lambda level, number: tiles[level, number], 300).root()
    assert Tree(lambda level, number: tiles[level, number][:-HASH], 300).root() != whole
