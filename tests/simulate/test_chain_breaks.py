"""Broken chains of the simulated ledger tell the card's own way, and reconciliation counts what was planted.

That what is found is what was planted, kind by kind, stands in test_chain.
"""

from collections import Counter

import pyarrow as pa
import pytest

from tallyward.custody import breaks
from tallyward.custody.block_times import BlockTimes
from tallyward.custody.reconciliation import NO_LOT, LotNumbers, reconcile, states_by_slot
from tallyward.custody.states import CardState
from tallyward.custody.usage_facts import StrangerUsage
from tallyward.simulate.chain import Chain
from tallyward.simulate.numbering import iccids
from tests.custody.usage import Network, Seen
from tests.simulate.chain_run import Run

Traffic = dict[str, list[int]]
"""Times of the day's records by card number."""


@pytest.fixture(scope="module")
def traffic(chain: Chain) -> Traffic:
    cards, records = chain.fleet.block(1, chain.fleet.cards)
    numbers = iccids(cards.number)
    found: Traffic = {}
    for card, time in zip(records.card.tolist(), records.time.tolist(), strict=True):
        found.setdefault(numbers[card], []).append(time)
    return found


@pytest.fixture(scope="module")
def times(chain: Chain, ledger: Run) -> BlockTimes:
    found = BlockTimes([(1, ledger.blocks[0].time)])
    refused = {one.hash for one in ledger.attempts}
    number = 2
    for block in ledger.blocks:
        number += len(block.entries) - sum(one.hash in refused for one in block.attempts)
        found.add(number, block.time)
        number += 1
    assert number == ledger.machine.size
    return found


@pytest.fixture(scope="module")
def network(ledger: Run, traffic: Traffic) -> Network:
    lots: dict[int, dict[int, Seen]] = {}
    strangers: list[tuple[str, Seen]] = []
    rows = ledger.machine.state.lots.rows
    for number, seen in traffic.items():
        one = Seen(min(seen), max(seen), len(seen))
        if number in ledger.slots:
            ((lot, slot),) = ledger.slots[number]
            lots.setdefault(rows[lot.encode()].number, {})[slot] = one
        else:
            strangers.append((number, one))
    unknown = [number for number, _ in strangers], ["?"] * len(strangers)
    return Network(
        lots, StrangerUsage(*unknown, *zip(*((one[0], one[1], one[2]) for _, one in strangers), strict=True))
    )


def test_each_broken_chain_names_its_last_holder_and_explains_itself(
    chain: Chain, ledger: Run, network: Network, times: BlockTimes
) -> None:
    found = list(breaks.judge(ledger.machine.state, times, chain.fleet.scene.start + 86_400, network).findings())
    numbers = {place: number for number, places in ledger.slots.items() for place in places}
    assert len(found) > 10
    for one in found:
        way = ledger.chain(numbers[one.subject.name, one.subject.start])
        assert one.last_holder == ledger.holder(way[0])
        assert [link.entry for link in one.path] == [span.cause for span in reversed(way)]
        assert one.broken
        assert len(one.explain("zh-CN")) == len(one.explain("en"))


def test_reconciliation_counts_what_was_planted(chain: Chain, ledger: Run, traffic: Traffic) -> None:
    state = ledger.machine.state
    active = [one for one in ledger.slots if ledger.state(one) == "ACTIVE"]
    on = sorted({*active, *traffic})
    lots = [
        LotNumbers(
            pa.array(book.numbers, pa.string()), states_by_slot(state, state.lots.rows[book.lot.encode()].number)
        )
        for book in ledger.books
    ]
    found = reconcile("CMIOT", pa.array(on), lots)
    planted = Counter(kind for kind, _ in chain.planted)
    counted = {one.state: one.count for one in found.network_only}
    assert counted[NO_LOT] == planted["not_in_lot"]
    assert counted[CardState.OFFERED] == planted["in_transit_in_use"]
    assert counted[CardState.LOST] == planted["lost_in_use"]
    assert sum(counted.values()) == sum(planted.values()) - planted["transit_overdue"] - planted["stock_difference"]
    assert found.ledger_only.count == 0
    assert found.matched == len(active)
    assert all(one.examples for one in found.network_only)
