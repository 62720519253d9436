"""A simulated chain run through the ledger's machine, entry by entry."""

from dataclasses import dataclass, field

from tallyward.custody.machine import Machine, read
from tallyward.custody.spans import Span
from tallyward.kernel.errors import TallywardError
from tallyward.simulate.chain import Chain
from tallyward.simulate.chain_lots import LotBook
from tallyward.simulate.chain_pen import Attempt, Block


@dataclass
class Run:
    """`slots`: (lot, slot) of each place where a card number stands; `refused`: (code, hash), as they came.

    `times`: of the block of each entry that was taken.
    """

    machine: Machine
    blocks: list[Block] = field(default_factory=list)
    slots: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    times: dict[int, int] = field(default_factory=dict)

    @property
    def books(self) -> list[LotBook]:
        return [book for block in self.blocks for book in block.lots]

    @property
    def attempts(self) -> list[Attempt]:
        return [one for block in self.blocks for one in block.attempts]

    def chain(self, number: str) -> list[Span]:
        """A card's way, from where it stands back to its registration."""
        ((lot, slot),) = self.slots[number]
        state = self.machine.state
        return state.spans.chain(state.lots.rows[lot.encode()].number, slot)

    def holder(self, span: Span) -> str:
        return self.machine.state.members_by_number[span.holder]

    def state(self, number: str) -> str:
        return self.chain(number)[0].state.name


def run(chain: Chain) -> Run:
    machine = Machine(chain.genesis)
    machine.end_block(machine.time)
    found = Run(machine)
    for block in chain.blocks():
        take(found, block)
    return found


def take(found: Run, block: Block) -> None:
    for book in block.lots:
        for slot, number in enumerate(book.numbers):
            found.slots.setdefault(number, []).append((book.lot, slot))
    for data in block.entries:
        entry = read(data)
        try:
            found.times[found.machine.take(found.machine.judge(entry, block.time))] = block.time
        except TallywardError as error:
            found.refused.append((error.code, entry.hash.hex()))
    found.machine.end_block(block.time)
    found.blocks.append(block)
