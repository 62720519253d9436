"""Real names on the simulated ledger: holders ask, the operator approves for persons and activates.

Hashes of real-name material and tokens of persons are made up: nobody stands behind them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import shake_256
from itertools import groupby
from typing import Final, NamedTuple

from tallyward.custody.authority import Purpose
from tallyward.custody.fields import HASH
from tallyward.custody.transactions import PERSON, Activate, ActRequest, RnApprove
from tallyward.simulate.chain_lots import Run, moved
from tallyward.simulate.chain_members import RULES
from tallyward.simulate.chain_pen import Pen, Said
from tallyward.simulate.chain_sales import parts_of

MOST_CARDS: Final = 2_000
"""Of one request."""


class Request(NamedTuple):
    """A request that was made: by whom, to whom, for which slots."""

    holder: str
    operator: str
    runs: tuple[Run, ...]
    said: Said

    @property
    def cards(self) -> int:
        """How many."""
        return sum(run.end - run.start for run in self.runs)

    def approval(self, by: str) -> RnApprove:
        """All its cards approved, as many as allowed for each person."""
        persons = -(-self.cards // RULES.person_cards)
        tokens = shake_256(b"person\0" + self.said.hash).digest(persons * PERSON)
        told = b"".join(tokens[at : at + PERSON] * RULES.person_cards for at in range(0, len(tokens), PERSON))
        bits = (1 << self.cards) - 1
        approved = bits.to_bytes(-(-self.cards // 8), "little")
        return RnApprove(by, self.said.hash, approved, told[: self.cards * PERSON])


def request(pen: Pen, runs: Iterable[Run]) -> list[Request]:
    """The holders ask for activation. Long runs are cut: a request's runs are not always those that were given."""
    made = []
    ordered = sorted(runs, key=lambda run: (run.holder, run.lot, run.start))
    for holder, group in groupby(ordered, key=lambda run: run.holder):
        for some in _portions(group):
            parts = parts_of(some)
            cards = sum(part.end - part.start for part in parts)
            name = f"material/{parts[0].lot}/{parts[0].start}/{parts[0].cause}"
            said = pen.say(ActRequest(holder, parts, shake_256(name.encode()).digest(cards * HASH)))
            moved(some, said.number)
            made.append(Request(holder, some[0].path[0], some, said))
    return made


def approve(pen: Pen, requests: Iterable[Request]) -> None:
    """The operator approves all cards of these requests."""
    for one in requests:
        moved(one.runs, pen.say(one.approval(one.operator), Purpose.REAL_NAME).number)


def activate(pen: Pen, requests: Iterable[Request]) -> None:
    """The operator activates them."""
    for one in requests:
        moved(one.runs, pen.say(Activate(one.operator, one.said.hash), Purpose.REAL_NAME).number)


def _portions(runs: Iterable[Run]) -> Iterator[tuple[Run, ...]]:
    some: list[Run] = []
    room = MOST_CARDS
    for run in runs:
        rest = run
        while rest.end - rest.start > room:
            middle = rest.start + room
            yield (*some, *([replace(rest, end=middle)] if room else []))
            rest = replace(rest, start=middle)
            some, room = [], MOST_CARDS
        some.append(rest)
        room -= rest.end - rest.start
    if some:
        yield tuple(some)
