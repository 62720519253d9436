"""How the hashes of a log lie on disk: tiles of up to 256 (C2SP tlog-tiles), from which all others follow. Pure.

The tile of level L and number N holds the hashes of the perfect subtrees of 256**L entries, from number 256 * N on.
Full tiles never change; the last tile of a level grows.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Final, TypeAlias

from tallyward.custody.merkle import EMPTY, node_hash, root

HASH: Final = 32
WIDTH: Final = 256
_BITS: Final = 8
_CACHED: Final = 4096

Tile: TypeAlias = tuple[int, int]
"""Level and number."""
Fetch: TypeAlias = Callable[[int, int], bytes]
"""(level, number) -> the tile's hashes, one after another."""


class Tree:
    """A log's tree over its tiles. What was fetched of full tiles is kept, the latest used ones."""

    def __init__(self, fetch: Fetch, size: int) -> None:
        """`size`: how many entries the tiles hold."""
        self._fetch = fetch
        self._kept: OrderedDict[Tile, list[list[bytes]]] = OrderedDict()
        self.size = size

    def subtree(self, level: int, number: int) -> bytes:
        """The hash of a perfect subtree; see `merkle.Subtree`."""
        tile_level, inner = divmod(level, _BITS)
        first = number << inner
        tile = tile_level, first // WIDTH
        rows = self._kept.get(tile)
        if rows is None:
            hashes = self._fetch(*tile)
            if len(hashes) < WIDTH * HASH:
                return _folded([hashes[at * HASH : at * HASH + HASH] for at in _places(first, inner)])
            rows = self._kept[tile] = _rows(hashes)
            if len(self._kept) > _CACHED:
                self._kept.popitem(last=False)
        return rows[inner][(first % WIDTH) >> inner]

    def root(self, size: int | None = None) -> bytes:
        """The root of the first entries; of all, if no size is given."""
        return root(self.subtree, self.size if size is None else size)


def grown(fetch: Fetch, size: int, leaves: Iterable[bytes]) -> dict[Tile, bytes]:
    """The tiles that change when leaf hashes are appended to a log of `size` entries."""
    changed: dict[Tile, bytes] = {}
    level, row = 0, list(leaves)
    while row:
        above: list[bytes] = []
        start = size
        while row:
            number, held = divmod(start, WIDTH)
            taken, row = row[: WIDTH - held], row[WIDTH - held :]
            tile = (fetch(level, number) if held else b"") + b"".join(taken)
            changed[level, number] = tile
            start += len(taken)
            if len(tile) == WIDTH * HASH:
                above.append(_folded([tile[at : at + HASH] for at in range(0, len(tile), HASH)]))
        level, size, row = level + 1, size // WIDTH, above
    return changed


def layout(size: int) -> list[tuple[int, int, int]]:
    """(level, number, hashes) of every tile that a log of `size` entries has."""
    found: list[tuple[int, int, int]] = []
    level = 0
    while size:
        full, rest = divmod(size, WIDTH)
        found += [(level, number, WIDTH) for number in range(full)]
        if rest:
            found.append((level, full, rest))
        level, size = level + 1, full
    return found


def _places(first: int, inner: int) -> range:
    return range(first % WIDTH, first % WIDTH + (1 << inner))


def _folded(row: list[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    if not row or not all(len(one) == HASH for one in row):
        return EMPTY  # a tile that lost its end: no proof made of it will hold
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def _rows(hashes: bytes) -> list[list[bytes]]:
    """All hashes inside a full tile, by level."""
    row = [hashes[at : at + HASH] for at in range(0, WIDTH * HASH, HASH)]
    rows = [row]
    while len(row) > 1:
        row = [sha256(b"\1" + row[at] + row[at + 1]).digest() for at in range(0, len(row), 2)]
        rows.append(row)
    return rows
