"""Sales and orders on the simulated ledger: many runs of slots move in few entries."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from tallyward.custody.card_orders import CardOrder
from tallyward.custody.fields import Part
from tallyward.custody.transactions import Accept, Offer, Reject, Withdraw
from tallyward.simulate.chain_lots import Run, moved
from tallyward.simulate.chain_pen import Pen, Said

_MOST_PARTS: Final = 4_000
"""Of one entry: far from its limit of a million bytes."""


class Deal(NamedTuple):
    """An offer that was made; `parts`: the cards as they stood before."""

    seller: str
    buyer: str
    runs: tuple[Run, ...]
    parts: tuple[Part, ...]
    said: Said


def parts_of(runs: Iterable[Run]) -> tuple[Part, ...]:
    """Neighbours that were last moved together become one part."""
    found: list[Part] = []
    for run in runs:
        before = found[-1] if found else None
        if before and (before.lot, before.end, before.cause) == (run.lot, run.start, run.cause):
            found[-1] = before._replace(end=run.end)
        else:
            found.append(Part(run.lot, run.start, run.end, run.cause))
    return tuple(found)


def offer(pen: Pen, runs: Iterable[Run], hop: int, expires: int) -> list[Deal]:
    """The holders at place `hop` of the paths, counted from the operator (0) or the end (-2), offer to the next."""
    return _offered(pen, ((run.path[hop], run.path[hop + 1], run) for run in runs), expires)


def give_back(pen: Pen, runs: Iterable[Run], expires: int) -> list[Deal]:
    """Those who bought first offer to the operator again."""
    return _offered(pen, ((run.path[1], run.path[0], run) for run in runs), expires)


def accept(pen: Pen, deals: Iterable[Deal]) -> None:
    """The buyers take the cards."""
    for deal in deals:
        moved(deal.runs, pen.say(Accept(deal.buyer, deal.said.hash)).number)


def reject(pen: Pen, deals: Iterable[Deal]) -> None:
    """The buyers do not take the cards."""
    for deal in deals:
        moved(deal.runs, pen.say(Reject(deal.buyer, deal.said.hash)).number)


def withdraw(pen: Pen, deals: Iterable[Deal]) -> None:
    """The sellers take their offers back."""
    for deal in deals:
        moved(deal.runs, pen.say(Withdraw(deal.seller, deal.said.hash)).number)


def order(pen: Pen, form: type[CardOrder], runs: Iterable[Run], reason: str, *, by_holder: bool = False) -> None:
    """The operator, or each holder, changes the state of cards."""
    named = [(run.holder if by_holder else run.path[0], "", run) for run in runs]
    for (speaker, _), some in _grouped(named):
        moved(some, pen.say(form(speaker, parts_of(some), reason)).number)


def _offered(pen: Pen, sales: Iterable[tuple[str, str, Run]], expires: int) -> list[Deal]:
    deals = []
    for (seller, buyer), some in _grouped(sales):
        parts = parts_of(some)
        said = pen.say(Offer(seller, buyer, parts, expires, None))
        moved(some, said.number)
        deals.append(Deal(seller, buyer, some, parts, said))
    return deals


def _grouped(sales: Iterable[tuple[str, str, Run]]) -> Iterator[tuple[tuple[str, str], tuple[Run, ...]]]:
    """What fits into an entry each, by who speaks to whom; runs by lot and slot."""
    ordered = sorted(sales, key=lambda sale: (sale[0], sale[1], sale[2].lot, sale[2].start))
    for pair, group in groupby(ordered, key=lambda sale: (sale[0], sale[1])):
        runs: Sequence[Run] = [run for _, _, run in group]
        for at in range(0, len(runs), _MOST_PARTS):
            yield pair, tuple(runs[at : at + _MOST_PARTS])
