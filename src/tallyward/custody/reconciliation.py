"""Does the network know the same active cards as the ledger? Asked nightly, operator by operator. Pure.

No chain can force that what happens is written into it (custody note, "Completeness"): a card that an operator lets
into the network without an entry shows only here. What does not agree is counted in both directions and named with
its operator; a number of the network is looked for among all states of the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.custody.number_prints import Prints, among, prints, sorted_once
from tallyward.custody.state import State
from tallyward.custody.states import CardState
from tallyward.kernel.catalogue import Language, words
from tallyward.kernel.errors import InvalidError

EXAMPLES: Final = 20
NO_LOT: Final = -1
"""In place of a state: the number is in no lot."""


class LotNumbers(NamedTuple):
    """A lot's card numbers (text) and states (`CardState`), both by slot."""

    numbers: pa.Array
    states: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Difference:
    """So many numbers are on one side only. `state`: on the ledger, or `NO_LOT`; `examples`: some of them, sorted."""

    state: int
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """An operator's network beside its ledger.

    `matched`: numbers active on both sides. `network_only`: active in the network, by what they are on the ledger.
    `ledger_only`: active on the ledger, not in the network. `listed_twice`, `active_twice`: surplus places.
    """

    operator: str
    matched: int
    network_only: tuple[Difference, ...]
    ledger_only: Difference
    listed_twice: int
    active_twice: int

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not (self.network_only or self.ledger_only.count or self.listed_twice or self.active_twice)

    def tell(self, language: Language) -> list[str]:
        """What differs, a sentence each; one sentence where nothing does."""
        if self.agrees:
            return [words(language, "custody.reconciliation.agrees", operator=self.operator, cards=self.matched)]
        sides = [("network_only", one) for one in self.network_only]
        if self.ledger_only.count:
            sides.append(("ledger_only", self.ledger_only))
        told = [
            words(
                language,
                f"custody.reconciliation.{side}",
                operator=self.operator,
                cards=one.count,
                state=words(language, f"custody.state.{_name(one.state)}"),
                examples=", ".join(one.examples),
            )
            for side, one in sides
        ]
        surplus = {"listed_twice": self.listed_twice, "active_twice": self.active_twice}
        return told + [
            words(language, f"custody.reconciliation.{key}", operator=self.operator, cards=cards)
            for key, cards in surplus.items()
            if cards
        ]


def states_by_slot(state: State, lot: int) -> NDArray[np.uint8]:
    """The state of each card of a lot."""
    standing = list(state.spans.standing(lot))
    kinds = np.fromiter((span.state for span in standing), dtype=np.uint8, count=len(standing))
    return np.repeat(kinds, [span.end - span.start for span in standing])


def reconcile(operator: str, network: pa.Array, lots: Sequence[LotNumbers]) -> Reconciliation:
    """Compare the network's list of active numbers with an operator's lots.

    Too much for one call can be divided by any rule that puts a number of both sides into the same call, such as its
    last digits. Refuses what is no column of numbers with `custody.numbers`, a lot whose columns differ in length with
    `custody.numbers_by_slot`.
    """
    for lot in lots:
        if len(lot.numbers) != len(lot.states):
            raise InvalidError("custody.numbers_by_slot", numbers=len(lot.numbers), cards=len(lot.states))
    listed = prints(network)
    by_slot = [prints(lot.numbers) for lot in lots]
    of_network = sorted_once(listed)
    active, active_twice = _in_state(by_slot, lots, CardState.ACTIVE)
    in_both = among(of_network, active)
    ledger_only = active[~among(active, of_network)]
    return Reconciliation(
        operator,
        int(np.count_nonzero(in_both)),
        _by_state(of_network[~in_both], network, listed, by_slot, lots),
        Difference(CardState.ACTIVE, len(ledger_only), _examples(ledger_only, lots, by_slot)),
        len(listed) - len(of_network),
        active_twice,
    )


def _in_state(by_slot: list[Prints], lots: Sequence[LotNumbers], state: CardState) -> tuple[Prints, int]:
    """The prints of all cards in a state, and how many of them are there more than once."""
    found = [one[lot.states == state] for one, lot in zip(by_slot, lots, strict=True)]
    together = np.concatenate(found) if found else np.empty(0, dtype=np.uint64)
    once = sorted_once(together)
    return once, len(together) - len(once)


def _by_state(
    rest: Prints, network: pa.Array, listed: Prints, by_slot: list[Prints], lots: Sequence[LotNumbers]
) -> tuple[Difference, ...]:
    """What is in the network only, by its state on the ledger. A number of several slots counts in the first state."""
    lot = [LotNumbers(network, np.empty(0, dtype=np.uint8))]
    found = []
    for state in CardState:
        if not len(rest):
            break
        if state is CardState.ACTIVE:
            continue
        there = among(rest, _in_state(by_slot, lots, state)[0])
        if there.any():
            some = rest[there]
            found.append(Difference(state, len(some), _examples(some, lot, [listed])))
            rest = rest[~there]
    if len(rest):
        found.append(Difference(NO_LOT, len(rest), _examples(rest, lot, [listed])))
    return tuple(found)


def _name(state: int) -> str:
    return "NO_LOT" if state == NO_LOT else CardState(state).name


def _examples(some: Prints, lots: Sequence[LotNumbers], by_slot: list[Prints]) -> tuple[str, ...]:
    """The numbers of some prints, at most `EXAMPLES`."""
    wanted = some[:EXAMPLES]
    found: set[str] = set()
    for one, lot in zip(by_slot, lots, strict=True):
        if not len(wanted):
            break
        at = np.flatnonzero(np.isin(one, wanted))
        found.update(lot.numbers.take(pa.array(at)).to_pylist())
    return tuple(sorted(found)[:EXAMPLES])
