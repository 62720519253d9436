"""The last days before the demo's day on the simulated ledger: cards that go their own way reach its end."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from tallyward.custody.card_orders import Cancel, Find, Lose, Quarantine, Resume, Suspend
from tallyward.simulate.chain_counting import count_stock
from tallyward.simulate.chain_faults import Stop
from tallyward.simulate.chain_lots import Run
from tallyward.simulate.chain_names import activate, approve, request
from tallyward.simulate.chain_pen import Block, Pen
from tallyward.simulate.chain_sales import offer, order

_STEPS: Final = 6


def settle(pen: Pen, runs: Sequence[Run], begin: int, end: int, expires: int) -> Iterator[Block]:
    """The blocks from `begin` to before `end`; `expires`: when the last offers end, after the day."""
    times = iter(begin + (end - begin) * step // _STEPS for step in range(_STEPS + 1))
    pen.time = next(times)
    by_name: defaultdict[str, list[Run]] = defaultdict(list)
    for run in runs:
        by_name[run.fate.name].append(run)

    def of(*names: str) -> list[Run]:
        return [run for name in names for run in by_name[name]]

    count_stock(pen, (run for run in runs if run.fate.stop is not Stop.ACTIVE))
    yield from pen.close(next(times))
    order(pen, Lose, of("lost", "lost_silent", "found_again"), "missing at the count of stock", by_holder=True)
    order(pen, Suspend, of("suspended", "suspended_silent", "resumed"), "real name is checked again")
    order(pen, Cancel, of("cancelled", "cancelled_silent", "quarantined"), "contract is over")
    request(pen, of("asked", "asked_silent"))
    requests = request(pen, of("approved", "approved_silent"))
    yield from pen.close(next(times))
    approve(pen, requests)
    order(pen, Find, of("found_again"), "found in another box", by_holder=True)
    order(pen, Resume, of("resumed"), "real name is in order")
    order(pen, Quarantine, of("quarantined"), "number rests")
    yield from pen.close(next(times))
    late = request(pen, of("found_again"))
    yield from pen.close(next(times))
    approve(pen, late)
    yield from pen.close(next(times))
    activate(pen, late)
    offer(pen, of("on_its_way", "on_its_way_silent"), -2, expires)
    yield from pen.close(next(times))
