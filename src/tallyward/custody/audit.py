"""Checking a whole ledger from its bytes: every entry, hash, head and rule. Says what is wrong, and where. Pure.

It trusts nothing that is stored. What an attacker with the file can do shows as one of these kinds; only heads that
others keep (witnesses, members, receipts) show that a whole file was put back to an older day, or that there are two
of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from tallyward.custody import merkle
from tallyward.custody.checkpoint import NoteKey, SignedCheckpoint
from tallyward.custody.machine import Machine, read
from tallyward.custody.tiles import HASH, layout
from tallyward.custody.transactions import BlockEnd
from tallyward.kernel.errors import TallywardError


class Fault(StrEnum):
    """What can be wrong with a ledger."""

    ENTRY_MISSING = "entry_missing"
    ENTRY_CHANGED = "entry_changed"
    ENTRY_REFUSED = "entry_refused"
    TAIL_CUT = "tail_cut"
    UNSIGNED_TAIL = "unsigned_tail"
    TILE_CHANGED = "tile_changed"
    HEAD_SIGNATURE = "head_signature"
    HEAD_DIFFERS = "head_differs"
    STATE_DIFFERS = "state_differs"
    ROLLED_BACK = "rolled_back"
    FORKED = "forked"


@dataclass(frozen=True, slots=True)
class Found:
    """A fault; `at`: the first entry or size that it concerns; `why` in words of the machine, where it has any."""

    fault: Fault
    at: int
    why: str = ""


class Stored(Protocol):
    """A ledger's bytes as they lie."""

    def entries(self) -> Iterator[tuple[int, bytes]]:
        """(number, entry) by number."""
        ...

    def tile(self, level: int, number: int) -> bytes:
        """Hashes of a tile; empty if there is none."""
        ...

    def heads(self) -> Iterable[SignedCheckpoint]:
        """All signed heads by size."""
        ...


def audit(
    stored: Stored, key: NoteKey, known: Sequence[SignedCheckpoint] = (), *, rules: bool = True
) -> tuple[list[Found], int]:
    """(faults, entries). `key`: the log's; `known`: heads that others keep; `rules`: replay signatures and rules."""
    leaves, found = _read(stored)
    heads = list(stored.heads())
    found += _tiles(stored, leaves)
    found += _heads(heads, leaves, key)
    found += _against(known, leaves, key)
    if rules:
        found += _replayed(stored)
    return _first_causes(found), len(leaves)


def _read(stored: Stored) -> tuple[list[bytes], list[Found]]:
    """Leaf hashes, and where entries are missing: what lies behind a gap is not counted."""
    leaves: list[bytes] = []
    for number, data in stored.entries():
        if number != len(leaves):
            return leaves, [Found(Fault.ENTRY_MISSING, len(leaves))]
        leaves.append(merkle.leaf_hash(data))
    return leaves, []


def _tiles(stored: Stored, leaves: list[bytes]) -> list[Found]:
    """Where the stored hashes are not those of the entries."""
    row, level = leaves, 0
    for at, number, width in layout(len(leaves)):
        if at != level:
            level = at
            row = [merkle.root_of(row[one : one + 256]) for one in range(0, len(row) // 256 * 256, 256)]
        wanted = row[number * 256 : number * 256 + width]
        hashes = stored.tile(at, number)
        if hashes[: width * HASH] == b"".join(wanted):
            continue
        place = next((one for one in range(width) if hashes[one * HASH : one * HASH + HASH] != wanted[one]), 0)
        return [Found(Fault.TILE_CHANGED if at else Fault.ENTRY_CHANGED, (number * 256 + place) << (8 * at))]
    return []


def _heads(heads: list[SignedCheckpoint], leaves: list[bytes], key: NoteKey) -> list[Found]:
    """Whether each head is signed and says what the entries say."""
    found: list[Found] = []
    roots = _Roots(leaves)
    for one in heads:
        head = one.head
        if not one.signed_by([key]) or head.origin != key.name:
            found.append(Found(Fault.HEAD_SIGNATURE, head.size))
        elif head.size > len(leaves):
            found.append(Found(Fault.TAIL_CUT, len(leaves)))
        elif roots.at(head.size) != head.root:
            found.append(Found(Fault.HEAD_DIFFERS, head.size))
    last = max((one.head.size for one in heads), default=0)
    if last < len(leaves):
        found.append(Found(Fault.UNSIGNED_TAIL, last))
    return found


def _against(known: Sequence[SignedCheckpoint], leaves: list[bytes], key: NoteKey) -> list[Found]:
    """Whether heads that others keep are still true of these entries."""
    roots = _Roots(leaves)
    found = []
    for one in sorted(known, key=lambda each: each.head.size):
        if not one.signed_by([key]):
            continue
        if one.head.size > len(leaves):
            found.append(Found(Fault.ROLLED_BACK, len(leaves)))
        elif roots.at(one.head.size) != one.head.root:
            found.append(Found(Fault.FORKED, one.head.size))
    return found


def _replayed(stored: Stored) -> list[Found]:
    """The first entry that the rules refuse, or block whose state is another."""
    machine: Machine | None = None
    for block in _blocks(stored):
        for number, data in block.entries:
            try:
                if machine is None:
                    machine = Machine(data)
                else:
                    machine.take(machine.judge(read(data), block.time))
            except TallywardError as error:
                return [Found(Fault.ENTRY_REFUSED, number, error.code)]
        if machine is None or block.time < machine.time or machine.end_block(block.time) != block.data:
            return [Found(Fault.STATE_DIFFERS, block.end)]
    return []


@dataclass(slots=True)
class _Block:
    entries: list[tuple[int, bytes]]
    end: int
    time: int
    data: bytes


def _blocks(stored: Stored) -> Iterator[_Block]:
    """The entries by block; an unreadable entry is left for the machine to refuse."""
    waiting: list[tuple[int, bytes]] = []
    for number, data in stored.entries():
        end = _end(data)
        if end is None:
            waiting.append((number, data))
        else:
            yield _Block(waiting, number, end.time, data)
            waiting = []
    if waiting:
        yield _Block(waiting, waiting[-1][0], 0, b"")


def _end(data: bytes) -> BlockEnd | None:
    try:
        one = read(data).transaction
    except TallywardError:
        return None
    return one if isinstance(one, BlockEnd) else None


def _first_causes(found: list[Found]) -> list[Found]:
    """What follows from something else is not told again: a changed entry changes every head after it."""
    if any(one.fault in {Fault.ENTRY_CHANGED, Fault.ENTRY_MISSING} for one in found):
        hidden = {Fault.HEAD_DIFFERS, Fault.TAIL_CUT, Fault.UNSIGNED_TAIL, Fault.TILE_CHANGED, Fault.STATE_DIFFERS}
        return [one for one in found if one.fault not in hidden]
    seen: dict[Fault, Found] = {}
    for one in found:
        seen.setdefault(one.fault, one)
    return list(seen.values())


class _Roots:
    """Roots of growing sizes of one list of leaves, from hashes that are computed once."""

    def __init__(self, leaves: list[bytes]) -> None:
        self._size = 0
        self._leaves = leaves
        self._peaks: list[tuple[int, bytes]] = []

    def at(self, size: int) -> bytes:
        """The root of the first `size` leaves; sizes may not fall."""
        if size < self._size:
            self._size, self._peaks = 0, []
        for leaf in self._leaves[self._size : size]:
            height, peak = 0, leaf
            while self._peaks and self._peaks[-1][0] == height:
                height, peak = height + 1, merkle.node_hash(self._peaks.pop()[1], peak)
            self._peaks.append((height, peak))
        self._size = size
        if not self._peaks:
            return merkle.EMPTY
        found = self._peaks[-1][1]
        for _, peak in reversed(self._peaks[:-1]):
            found = merkle.node_hash(peak, found)
        return found
