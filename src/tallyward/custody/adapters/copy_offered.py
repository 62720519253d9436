"""What a node offers to late members: its copy as of its newest snapshot, in chunks (`copy_chunks`).

The log only grows, so entries are cut out of it when they are asked for. Snapshots replace each other: those of the
last offers are held until newer ones were made, as others may be in the middle of asking.
"""

from collections import OrderedDict
from hashlib import sha256
from typing import Final, NamedTuple

from tallyward.custody.adapters.replicated_ledger import ReplicatedLedger
from tallyward.custody.copy_chunks import CHUNK, FORMAT, MOST_CHUNKS, Manifest, chunk_of, hash_of
from tallyward.custody.snapshot import size_of

_HELD: Final = 2


class Offer(NamedTuple):
    """A copy as of a block. `hash`: of its manifest; `cuts`: which entries the first chunks have; then `snapshot`."""

    height: int
    manifest: bytes
    chunks: int
    hash: bytes
    cuts: tuple[tuple[int, int], ...]
    snapshot: bytes


class OfferedCopies:
    """Offers by height."""

    def __init__(self) -> None:
        """None yet."""
        self._offers: OrderedDict[int, Offer] = OrderedDict()
        self._full: list[tuple[int, int, bytes]] = []
        """(begin, end, hash) of chunks that no further entry can become part of."""

    def of(self, ledger: ReplicatedLedger) -> list[Offer]:
        """The newest offer, if there is a snapshot; made when it is asked for first."""
        at = ledger.snapshot_at
        if at is None:
            return []
        height, size = at
        if height not in self._offers:
            data = ledger.snapshot()
            if size_of(data) != size:
                return []
            offer = self._made(ledger, height, size, data)
            if offer.chunks > MOST_CHUNKS:
                return []
            self._offers[height] = offer
            if len(self._offers) > _HELD:
                self._offers.popitem(last=False)
        return [self._offers[height]]

    def chunk(self, ledger: ReplicatedLedger, height: int, form: int, place: int) -> bytes:
        """A chunk of an offer; empty if it is none that is held."""
        offer = self._offers.get(height)
        if offer is None or form != FORMAT or not 0 <= place < offer.chunks:
            return b""
        if place < len(offer.cuts):
            return chunk_of([data for _, data in ledger.entries(*offer.cuts[place])])
        begin = (place - len(offer.cuts)) * CHUNK
        return offer.snapshot[begin : begin + CHUNK]

    def _made(self, ledger: ReplicatedLedger, height: int, size: int, data: bytes) -> Offer:
        cuts = self._cuts(ledger, size)
        hashes = [one for _, _, one in cuts] + [hash_of(data[at : at + CHUNK]) for at in range(0, len(data), CHUNK)]
        manifest = Manifest(size, len(cuts), tuple(hashes)).pack()
        places = tuple((begin, end) for begin, end, _ in cuts)
        return Offer(height, manifest, len(hashes), sha256(manifest).digest(), places, data)

    def _cuts(self, ledger: ReplicatedLedger, size: int) -> list[tuple[int, int, bytes]]:
        begin = self._full[-1][1] if self._full else 0
        held: list[bytes] = []
        weight = 0
        for at, entry in ledger.entries(begin, size):
            if weight >= CHUNK:
                self._full.append((begin, at, hash_of(chunk_of(held))))
                begin, held, weight = at, [], 0
            held.append(entry)
            weight += len(entry)
        known = [one for one in self._full if one[1] <= size]
        return [*known, (begin, size, hash_of(chunk_of(held)))] if held else known
