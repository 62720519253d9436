"""A member's whole copy in chunks, for a late member: the log's entries, then the snapshot of a machine. Pure.

The manifest goes before: how many entries there are, and the hash of each chunk, so that a chunk that somebody spoilt
is asked of somebody else. Nothing here proves a manifest. What it leads to is proven by the log's root, which the
chain's validators have signed, over all entries; the snapshot is a hint (`snapshot`), and is proven by those.
"""

from hashlib import sha256
from typing import Final, NamedTuple

from tallyward.custody.packing import Packed, number, strings
from tallyward.kernel.errors import CorruptError

FORMAT: Final = 1
CHUNK: Final = 4 << 20
"""Bytes at which a chunk ends. An entry has at most 1 MB, and CometBFT passes on 16 MB at once."""
MOST_CHUNKS: Final = 100_000
"""Their hashes fit into what CometBFT passes on of an offer."""
_HASH: Final = 32


class Manifest(NamedTuple):
    """`size`: entries; `entry_chunks`: how many of the chunks have entries, the first ones; `hashes`: of all chunks."""

    size: int
    entry_chunks: int
    hashes: tuple[bytes, ...]

    def pack(self) -> bytes:
        """Its bytes."""
        return number(self.size) + number(self.entry_chunks) + b"".join(self.hashes)


def read_manifest(data: bytes) -> Manifest | None:
    """What a manifest says; None if it is none."""
    count, rest = divmod(len(data) - 16, _HASH)
    if rest or not 0 < count <= MOST_CHUNKS:
        return None
    packed = Packed(data)
    size, entry_chunks = packed.number(), packed.number()
    if not 0 < entry_chunks <= count or size < entry_chunks:
        return None
    return Manifest(size, entry_chunks, tuple(packed.take(_HASH) for _ in range(count)))


def chunk_of(entries: list[bytes]) -> bytes:
    """Entries as a chunk."""
    return b"".join([number(len(entries)), *strings(entries)])


def entries_of(chunk: bytes) -> list[bytes]:
    """The entries of a chunk; none if it is none."""
    packed = Packed(chunk)
    try:
        found = packed.strings(packed.number())
        packed.ended()
    except CorruptError:
        return []
    return found


def hash_of(chunk: bytes) -> bytes:
    """By which the manifest knows a chunk."""
    return sha256(chunk).digest()
