"""The ordinary way of a shipment on the simulated ledger: registered, sold from hand to hand, named, active."""

from collections.abc import Generator, Iterator, Sequence
from typing import Final

from tallyward.custody.transactions import RegisterLot
from tallyward.kernel.clock import SECONDS_PER_DAY
from tallyward.simulate import chain_attempts
from tallyward.simulate.chain_faults import SOLD, Stop
from tallyward.simulate.chain_lots import Run, Shipment, moved
from tallyward.simulate.chain_members import RULES
from tallyward.simulate.chain_names import activate, approve, request
from tallyward.simulate.chain_pen import Block, Pen
from tallyward.simulate.chain_sales import accept, give_back, offer, reject, withdraw

OVERDUE_SECONDS: Final = 14 * SECONDS_PER_DAY
"""How long one stands that nobody will accept: over before the day."""
_MOST_HOPS: Final = 3
_STEPS: Final = 5 + 2 * _MOST_HOPS + 4
_LEFT_OUT: Final = {Stop.OPERATOR: 0, Stop.SELLER: 1}
"""How many hops of its path a run does not go; `OPERATOR` goes none."""


def ship(pen: Pen, shipment: Shipment, begin: int, end: int, *, tries: bool) -> Generator[Block, None, list[Run]]:
    """The blocks from `begin` to before `end`; gives all runs but those just sold. `tries`: with attempts."""
    times = iter(begin + (end - begin) * step // _STEPS for step in range(_STEPS + 1))
    pen.time = next(times)
    _register(pen, shipment, tries=tries)
    yield from pen.close(next(times), shipment.lots)
    yield from _detours(pen, shipment.runs, times)
    for hop in range(_MOST_HOPS):
        yield from _hop(pen, [run for run in shipment.runs if _goes(run, hop)], hop, times, tries=tries)
    offer(pen, (run for run in shipment.runs if run.fate.name == "overdue"), -2, pen.time + OVERDUE_SECONDS)
    yield from pen.close(next(times))
    named = yield from _name(pen, [run for run in shipment.runs if run.fate.stop is Stop.ACTIVE], times, tries=tries)
    rest = [run for run in shipment.runs if run.fate.stop is not Stop.ACTIVE]
    return [run for run in (*rest, *named) if run.fate is not SOLD]


def _register(pen: Pen, shipment: Shipment, *, tries: bool) -> None:
    for book in shipment.lots:
        said = pen.say(RegisterLot(book.operator, book.lot, len(book.numbers), book.root, book.product, RULES.id))
        moved((run for run in shipment.runs if run.lot == book.lot), said.number)
    if tries:
        chain_attempts.forge_registrations(pen, shipment.lots[0])


def _detours(pen: Pen, runs: Sequence[Run], times: Iterator[int]) -> Iterator[Block]:
    """First sales that come to nothing: withdrawn, rejected, or given back, after which the old sale is replayed."""
    expires = pen.time + RULES.transit
    withdrawn, rejected, sold = (
        offer(pen, (run for run in runs if run.fate.name == name), 0, expires)
        for name in ("withdrawn_once", "rejected_once", "came_back")
    )
    yield from pen.close(next(times))
    withdraw(pen, withdrawn)
    reject(pen, rejected)
    accept(pen, sold)
    yield from pen.close(next(times))
    returned = give_back(pen, (run for run in runs if run.fate.name == "came_back"), expires)
    yield from pen.close(next(times))
    accept(pen, returned)
    for deal in sold[:1]:
        chain_attempts.replay(pen, deal)
    yield from pen.close(next(times))


def _goes(run: Run, hop: int) -> bool:
    hops = len(run.path) - 1 - _LEFT_OUT.get(run.fate.stop, 0)
    return hop < hops and run.fate.stop is not Stop.OPERATOR


def _hop(pen: Pen, runs: Sequence[Run], hop: int, times: Iterator[int], *, tries: bool) -> Iterator[Block]:
    expires = pen.time + RULES.transit
    deals = offer(pen, runs, hop, expires)
    if tries:
        for deal in deals[:1]:
            chain_attempts.sell_twice(pen, deal, expires)
    yield from pen.close(next(times))
    accept(pen, deals)
    if tries:
        for deal in deals[-1:]:
            chain_attempts.sell_twice(pen, deal, expires)
    yield from pen.close(next(times))


def _name(pen: Pen, runs: Sequence[Run], times: Iterator[int], *, tries: bool) -> Generator[Block, None, list[Run]]:
    """Requests, approvals, activations; the runs as they were cut for it."""
    requests = request(pen, runs)
    if tries and requests:
        chain_attempts.approve_oneself(pen, requests[0])
        chain_attempts.activate_unapproved(pen, requests[-1])
    yield from pen.close(next(times))
    approve(pen, requests)
    yield from pen.close(next(times))
    activate(pen, requests)
    yield from pen.close(next(times))
    return [run for one in requests for run in one.runs]
