"""Reports of stock on the simulated ledger: what members find on their shelves, and where they find something else."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from tallyward.custody.reports import StockReport
from tallyward.simulate.chain_faults import Fate, Fates, Stop
from tallyward.simulate.chain_lots import Run, lot_name, shipment_size
from tallyward.simulate.chain_pen import Pen
from tallyward.simulate.enterprises import FIRMS
from tallyward.simulate.fleet import Fleet

MISCOUNTS: Final = {"uncounted": 0, "counted_twice": 2}
"""How often cards of these fates are counted; the first lie with shops, the others with resellers: none cancel out."""
_NO_STOCK: Final = {"lost", "lost_silent", "found_again"}
"""Not active by their shipment, and in the end no stock either."""


def rests(fate: Fate) -> bool:
    """Whether its cards are somebody's stock in the end."""
    return fate.stop is not Stop.ACTIVE and fate.name not in _NO_STOCK


def count_stock(pen: Pen, runs: Iterable[Run], counted: Mapping[str, int] = {}) -> None:
    """Every holder but the operator reports its stock, which is these runs. `counted`: how often, by fate."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for run in runs:
        if run.holder != run.path[0]:
            found[run.holder][run.lot] += (run.end - run.start) * counted.get(run.fate.name, 1)
    for member in sorted(found):
        pen.say(StockReport(member, pen.time, tuple(sorted(found[member].items()))))


def differences(fleet: Fleet, fates: Fates) -> list[str]:
    """Where the last reports differ from the ledger: member and lot, with a space between."""
    cards = fleet.numbered(np.concatenate([fates.having(name) for name in MISCOUNTS]))
    shipment = (cards.number - 1) // shipment_size(fleet)
    rows = zip(cards.holder.tolist(), shipment.tolist(), cards.product.tolist(), strict=True)
    return sorted({f"{FIRMS[holder].code} {lot_name(number, product)}" for holder, number, product in rows})
