"""One judgement: all that the ledger and the traffic of its cards say against each other."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.custody import breaks, ledger_breaks
from tallyward.custody.break_finding import Finding
from tallyward.custody.break_kinds import Break
from tallyward.custody.card_path import TimeOf
from tallyward.custody.reconciliation import LotNumbers, Reconciliation, reconcile, states_by_slot
from tallyward.custody.state import State
from tallyward.custody.usage_facts import Places
from tallyward.wiring.custody.counts import StockCounts
from tallyward.wiring.custody.ledger import OpenLedger
from tallyward.wiring.custody.usage import CustodyUsage, LedgerCards

MOST_FINDINGS: Final = 10_000
"""Of each kind of look at the ledger, the likeliest; all are counted."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`findings`: the likeliest first; `counts`: cards by (break, holder), all of them.

    `cards`: those of lots that had traffic; `total`: of findings.
    """

    cards: int
    total: int
    counts: dict[tuple[Break, str], int]
    findings: tuple[Finding, ...]


def judge(opened: OpenLedger, usage: CustodyUsage, stock: StockCounts, now: int, places: Places) -> Judgement:
    """Hold the ledger as it is by now against usage. `now`: seconds since 1970."""
    ledger = opened.ledger
    state, time_of = ledger.machine.state, ledger.machine.times
    stock.read(ledger.entries)
    found = breaks.judge(state, time_of, now, usage, places)
    counts = Counter({(kind, holder): cards for (holder, kind), cards in found.counts.items()})
    findings = list(found.findings(MOST_FINDINGS))
    total = found.broken
    for look in _without_traffic(state, time_of, now, usage, stock):
        kept = 0
        for one in look:
            total += 1
            for kind in one.breaks:
                counts[kind, one.last_holder] += max(one.subject.end - one.subject.start, 1)
            if kept < MOST_FINDINGS:
                findings.append(one)
                kept += 1
    findings.sort(key=lambda one: -one.probability)
    return Judgement(found.cards, total, dict(sorted(counts.items())), tuple(findings))


def _without_traffic(
    state: State, time_of: TimeOf, now: int, usage: CustodyUsage, stock: StockCounts
) -> Iterator[Iterator[Finding]]:
    yield ledger_breaks.overdue_offers(state, time_of, now, usage)
    yield ledger_breaks.stock_of_removed(state, time_of, now)
    yield ledger_breaks.stock_differences(state, list(stock.differing(state)))
    yield ledger_breaks.reports_overdue(state, time_of, now, stock.entries())
    yield ledger_breaks.strangers(usage.strangers())


def cards_of(one: Finding, state: State, cards: LedgerCards) -> list[int]:
    """Ids of the registry's cards that a finding is about: none for stock, at most two are looked up."""
    subject = one.subject
    if subject.kind in {"card", "cards"}:
        lot = state.lots.rows[subject.name.encode()].number
        return [int(card) for card in islice(cards.in_slots(lot, subject.start, subject.end), 2)]
    return cards.named(subject.name) if subject.kind == "number" else []


def reconciled(
    opened: OpenLedger, cards: LedgerCards, usage: CustodyUsage, active: NDArray[np.uint32]
) -> list[Reconciliation]:
    """Each operator's network beside its lots. `active`: ids of cards that the registry holds for active.

    The network's list are those and all cards with traffic.
    """
    state = opened.ledger.machine.state
    lots: dict[str, list[LotNumbers]] = {}
    of_lot: dict[int, str] = {}
    for lot, name in enumerate(state.lots_by_number):
        row = state.lots.rows[name.encode()]
        numbers, states = opened.books.numbers(name, 0, row.cards), states_by_slot(state, lot)
        if "" in numbers:  # of forgotten cards, which are over
            states = states[[bool(number) for number in numbers]]
            numbers = [number for number in numbers if number]
        lots.setdefault(row.operator, []).append(LotNumbers(pa.array(numbers, pa.string()), states))
        of_lot[lot] = row.operator
    lists = _network_lists(cards, usage, active, of_lot)
    return [reconcile(who, lists.get(who, pa.array([], pa.string())), lots[who]) for who in sorted(lots)]


def _network_lists(
    cards: LedgerCards, usage: CustodyUsage, active: NDArray[np.uint32], operator_of: Mapping[int, str]
) -> dict[str, pa.Array]:
    """Active numbers by operator: of the lot that a card is in, else of the one that issued it."""
    strangers = usage.strangers()
    listed = cards.rows(np.union1d(active, usage.seen.card))
    listed = listed[listed >= 0]
    found: dict[str, list[str]] = {}
    for lot in np.unique(cards.lot[listed]).tolist():
        if lot in operator_of:
            found.setdefault(operator_of[lot], []).extend(cards.numbers(cards.card[listed[cards.lot[listed] == lot]]))
    for number, operator in zip(strangers.numbers, strangers.operators, strict=True):
        found.setdefault(operator, []).append(number)
    return {operator: pa.array(numbers, pa.string()) for operator, numbers in found.items()}
