"""A card's way with who signed each step of it: what a person is shown, and a court would ask for. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from tallyward.custody.authority import Purpose
from tallyward.custody.card_path import Link, path
from tallyward.custody.entry import Entry
from tallyward.custody.machine import Machine
from tallyward.custody.transactions import Kind

_CHANGES_OF_HANDS = frozenset({Kind.ACCEPT, Kind.SALE})


@dataclass(frozen=True, slots=True)
class Signer:
    """A member whose key signed. `hosted`: the platform keeps that key for it; `gone`: the key is ended by now."""

    member: str
    key: str
    hosted: bool
    gone: bool


@dataclass(frozen=True, slots=True)
class TraceStep:
    """A stage of a card's way, the entry that brought it about, and its signatures."""

    link: Link
    kind: Kind
    signers: tuple[Signer, ...]
    entry_hash: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A card: `number` by its operator's books, or none; from its registration to now, the oldest step first."""

    number: str | None
    lot: str
    slot: int
    operator: str
    product: str
    steps: tuple[TraceStep, ...]

    @property
    def hops(self) -> int:
        """How often it changed hands."""
        return sum(one.kind in _CHANGES_OF_HANDS for one in self.steps)


def trace(
    machine: Machine, entry: Callable[[int], Entry], lot: str, slot: int, now: int, number: str | None = None
) -> Trace:
    """The way of slot `slot` of a registered lot. `entry`: an entry by its number."""
    state = machine.state
    row = state.lots.rows[lot.encode()]
    steps = []
    for link in path(state, row.number, slot, machine.times, now):
        one = entry(link.entry)
        steps.append(TraceStep(link, one.transaction.kind, signers(machine, one), one.hash.hex()))
    return Trace(number, lot, slot, row.operator, row.product, tuple(steps))


def signers(machine: Machine, entry: Entry) -> tuple[Signer, ...]:
    """Who signed an entry of the ledger."""
    found = []
    for one in entry.signatures:
        row = machine.state.keys.rows[one.key]
        hosted = bool(row.purposes & Purpose.HOSTED)
        found.append(Signer(row.member, one.key.hex(), hosted, bool(row.gone)))
    return tuple(found)
