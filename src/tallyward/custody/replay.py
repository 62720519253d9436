"""A ledger's entries told once more, each with the state before it: what reads history stands on this. Pure.

Rules and states are checked on the way; signatures were checked when the entries came, and `audit` checks them again.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tallyward.custody.entry import Entry
from tallyward.custody.machine import PROVEN_BEFORE, Machine, read
from tallyward.custody.transactions import BlockEnd
from tallyward.kernel.errors import CorruptError


class Step(NamedTuple):
    """Entry `number` at a time (seconds since 1970); `machine` is as it was before it, but for the first entry."""

    number: int
    time: int
    entry: Entry
    machine: Machine


def replay(entries: Iterable[tuple[int, bytes]]) -> Iterator[Step]:
    """Each entry of whole blocks, from the first on; what comes after the last block's end is left out.

    An entry takes effect when the next one is asked for. Refuses what breaks the rules with their codes, and a block
    of another state with `custody.state_differs`.
    """
    machine: Machine | None = None
    waiting: list[tuple[int, Entry, bytes]] = []
    for number, data in entries:
        entry = read(data)
        if not isinstance(entry.transaction, BlockEnd):
            waiting.append((number, entry, data))
            continue
        time = entry.transaction.time
        for at, one, each in waiting:
            if machine is None:
                machine = Machine(each)
                yield Step(at, time, one, machine)
                continue
            change = machine.judge(one, time, PROVEN_BEFORE)
            yield Step(at, time, one, machine)
            machine.take(change)
        waiting.clear()
        if machine is None or machine.end_block(time) != data or machine.size != number + 1:
            raise CorruptError("custody.state_differs", number=number)
        yield Step(number, time, entry, machine)
