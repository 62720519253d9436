"""All that a machine knows at the end of a block, as bytes, and the machine again from those bytes and the log. Pure.

Nothing in a snapshot is believed; what each part is proven by:

- tables, what stands of the spans, number of the governors' decisions: the state's root, computed again from the bytes
  as they lie here, which must be the one in the log's BLOCK_END at this height; rows are read after that only
- the spans before those that stand: the links that those end in
- size, height, time: that same BLOCK_END, the last entry of the log as it was then
- the ledger's id and origin: the first entry, whose hash the id is
- times of all blocks: their own BLOCK_ENDs, one of each height; of these only the places are here
- tallies, numbers of members and lots, the slots that a span began with: counted again, not kept here

The order of a table's rows, in which they came, is proven by nothing, and nothing hangs on it. Whoever hands in the
entries sees to it that they are the log's: see `adapters.snapshot_file`. Two machines that took the same entries have
the same snapshot, byte for byte. What happened to an entry before this height since it was taken is not looked at:
that is what `audit` is for.
"""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any, Final

import cbor2
import numpy as np
from numpy.typing import NDArray

from tallyward.custody import span_packing
from tallyward.custody.block_times import BlockTimes
from tallyward.custody.codec import Item
from tallyward.custody.entry import LEDGER_ID, body_of, entry_of
from tallyward.custody.fields import rules
from tallyward.custody.machine import Machine
from tallyward.custody.packing import Packed, number, numbers, strings
from tallyward.custody.report_rows import (
    ApprovalRow,
    BindingRow,
    CreditRow,
    DestroyedRow,
    IncidentRow,
    OrderRow,
    RuleVersions,
    StockRow,
)
from tallyward.custody.state import TABLES, KeyRow, LotRow, MemberRow, OfferRow, RequestRow, State, Table
from tallyward.custody.tallies import Tallies
from tallyward.custody.transactions import BlockEnd, Kind
from tallyward.kernel.errors import CorruptError, TallywardError

MAGIC: Final = b"tallyward custody snapshot v1\n"


def snapshot(machine: Machine) -> bytes:
    """The machine as it is at the end of a block."""
    state = machine.state
    parts = [MAGIC, machine.id, number(machine.size), number(machine.height), number(state.turn)]
    for name in TABLES:
        table: Table[tuple[object, ...]] = getattr(state, name)
        rows = list(table.packed())
        parts.append(number(len(rows)))
        parts += strings([key for key, _ in rows]) + strings([row for _, row in rows])
    parts += span_packing.pack(state.spans, len(state.lots_by_number))
    parts.append(numbers("u8", machine.times.ends))
    return b"".join(parts)


def size_of(data: bytes) -> int:
    """How many entries a snapshot says that it stands for, nothing else read; 0 if it is none."""
    begin = len(MAGIC) + LEDGER_ID
    return int.from_bytes(data[begin : begin + 8]) if data.startswith(MAGIC) else 0


class Snapshot:
    """What a snapshot says, not proven yet. `ends`: the entries that end the blocks so far, `size`: entries so far."""

    def __init__(self, data: bytes) -> None:
        """Read bytes; refuses what is no snapshot with `custody.snapshot_refused`."""
        packed = Packed(data)
        if packed.take(len(MAGIC)) != MAGIC:
            raise packed.refused("it is none, or of another version")
        self.ledger = packed.take(LEDGER_ID)
        self.size, self.height, self._turn = packed.number(), packed.number(), packed.number()
        self._tables = {name: self._rows(packed) for name in TABLES}
        self._spans = span_packing.unpack(packed)
        self.ends: NDArray[np.int64] = packed.numbers("u8", self.height)
        packed.ended()
        if not self.height or self.ends[-1] != self.size - 1:
            raise packed.refused("its last block does not end it")

    def machine(self, genesis: bytes, blocks: Iterable[bytes]) -> Machine:
        """The machine, proven. `genesis`: the log's first entry; `blocks`: its entries at `ends`.

        Refuses with `custody.snapshot_refused` what the log does not prove.
        """
        try:
            machine = Machine(genesis)
        except TallywardError as error:
            raise refused("the log's first entry begins no ledger") from error
        if machine.id != self.ledger:
            raise refused("it is of another ledger")
        state = State()
        state.turn, state.height, state.spans = self._turn, self.height, self._spans
        for name, rows in self._tables.items():
            getattr(state, name).stand_for(rows)
        times, last = self._times(blocks)
        time = times(self.size - 1)
        if entry_of(body_of(machine.id, BlockEnd(self.height, time, state.root())), ()) != last:
            raise refused("its root is not the one in the log")
        try:
            self._filled(state)
        except (ValueError, TypeError, LookupError, AttributeError, cbor2.CBORError) as error:
            raise refused("its rows can't be read") from error
        machine.state, machine.times, machine.time, machine.size = state, times, time, self.size
        return machine

    def _rows(self, packed: Packed) -> dict[bytes, bytes]:
        count = packed.number()
        keys, rows = packed.strings(count), packed.strings(count)
        found = dict(zip(keys, rows, strict=True))
        if len(found) != count:
            raise packed.refused("a row is there twice")
        return found

    def _times(self, blocks: Iterable[bytes]) -> tuple[BlockTimes, bytes]:
        """The times of all blocks, and the last block's end."""
        found, last = BlockTimes(), b""
        height = 0
        try:
            for height, (end, last) in enumerate(zip(self.ends.tolist(), blocks, strict=True), 1):
                body, signatures = cbor2.loads(last)
                kind, ledger, at, time, _ = cbor2.loads(body)
                if (kind, ledger, at, signatures) != (Kind.BLOCK_END, self.ledger, height, []) or type(time) is not int:
                    raise refused("the log ends no such block")
                found.add(end, time)
        except (ValueError, TypeError, cbor2.CBORError, RecursionError, MemoryError) as error:
            raise refused("the log ends no such block") from error
        return found, last

    def _filled(self, state: State) -> None:
        """Read the rows, which are proven now, and count again what is counted."""
        for name, rows in self._tables.items():
            form = _FORMS[name]
            getattr(state, name).rows = {key: form(cbor2.loads(row)) for key, row in rows.items()}
        state.members_by_number = [row.id for row in sorted(state.members.rows.values())]
        state.lots_by_number = [row.id for row in sorted(state.lots.rows.values())]
        standing = (state.spans.standing(lot) for lot in range(len(state.lots_by_number)))
        state.tallies = Tallies.counted(
            chain.from_iterable(standing),
            ((row.buyer, sum(end - start for _, start, end in row.parts)) for row in state.offers.rows.values()),
            state.approvals.rows.values(),
            state.orders.rows,
        )


def refused(problem: str) -> CorruptError:
    """Why a snapshot is not taken up."""
    return CorruptError("custody.snapshot_refused", problem=problem)


def _tupled(item: Item) -> object:
    return tuple(map(_tupled, item)) if isinstance(item, list) else item


def _form(row: Callable[..., tuple[object, ...]]) -> Callable[[Any], tuple[object, ...]]:
    return lambda item: row(*map(_tupled, item))


_FORMS: Final[dict[str, Callable[[Any], tuple[object, ...]]]] = {
    "members": _form(MemberRow),
    "keys": _form(KeyRow),
    "rules": lambda item: RuleVersions(tuple(map(rules, item[0]))),
    "lots": _form(LotRow),
    "offers": _form(OfferRow),
    "requests": _form(RequestRow),
    "approvals": _form(ApprovalRow),
    "bindings": _form(BindingRow),
    "orders": _form(OrderRow),
    "stock": _form(StockRow),
    "incidents": _form(IncidentRow),
    "destroyed": _form(DestroyedRow),
    "credit": _form(CreditRow),
}
