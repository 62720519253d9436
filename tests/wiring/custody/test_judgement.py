"""The judgement over segments, against a naive look at every card of a small fleet."""

from collections import Counter, defaultdict
from datetime import UTC, datetime

import numpy as np

from tallyward.custody.adapters.lot_books import LotBooks
from tallyward.custody.break_kinds import FAR, Break
from tallyward.detect.adapters.card_sightings import CardSightings
from tallyward.kernel.clock import SECONDS_PER_DAY
from tallyward.wiring.custody.counts import StockCounts
from tallyward.wiring.custody.judgement import Judgement, judge
from tallyward.wiring.custody.ledger import open_ledger
from tallyward.wiring.custody.places import places_of
from tallyward.wiring.custody.usage import CustodyUsage, LedgerCards, sightings_of
from tests.wiring.conftest import PLAN, Sold
from tests.wiring.custody.test_usage import record_times, records_of

Named = dict[str, set[str]]

STOCK = dict.fromkeys(("REGISTERED", "HELD", "RETAIL"), "stock_in_use")
ENDED = dict.fromkeys(("CANCELLED", "QUARANTINE"), "cancelled_in_use")
ASKED = dict.fromkeys(("ACT_REQUESTED", "RN_APPROVED"), "before_activation")
ALONE = {"OFFERED": "in_transit_in_use", "SUSPENDED": "suspended_in_use", "LOST": "lost_in_use"}
IN_USE = {**STOCK, **ENDED, **ASKED, **ALONE}
"""The break that traffic of a card is, by the card's state on the ledger."""


def naive(sold: Sold, end: int) -> Named:
    """ICCIDs by kind of break: each card of the registry by itself."""
    platform, found = sold.platform, defaultdict[str, set[str]](set)
    directory = platform.registry.directory()
    with open_ledger(platform.settings, platform.clock) as opened:
        state = opened.ledger.machine.state
        overdue = [part for row in state.offers.rows.values() if row.expires <= end for part in row.parts]
        for card, iccid in zip(directory.numbers.card.tolist(), directory.numbers.iccid.tolist(), strict=True):
            number, place = iccid.decode(), opened.books.find(iccid.decode())
            seen = bool(record_times(platform.records, card))
            if place is None:
                found["not_in_lot"] |= {number} if seen else set()
                continue
            lot = state.lots.rows[place[0].encode()].number
            now = state.spans.chain(lot, place[1])[0].state.name
            if seen and now != "ACTIVE":
                found[IN_USE[now]].add(number)
            if any(each == lot and start <= place[1] < stop for each, start, stop in overdue):
                found["transit_overdue"].add(number)
    return found


def named(judgement: Judgement, books: LotBooks) -> Named:
    """ICCIDs by kind of break, as they were judged; counts of stock are about no cards."""
    found = defaultdict[str, set[str]](set)
    for one in judgement.findings:
        of = one.subject
        names = books.numbers(of.name, of.start, of.end) if of.end else [of.name]
        for kind in set(one.breaks) - {Break.STOCK_DIFFERENCE}:
            found[kind.value].update(names)
    return found


def test_it_equals_a_naive_look_at_every_card(sold: Sold) -> None:
    platform = sold.platform
    end = int(datetime(PLAN.day.year, PLAN.day.month, PLAN.day.day, tzinfo=UTC).timestamp()) + SECONDS_PER_DAY
    judged = platform.custody_risk.run(datetime.fromtimestamp(end, UTC))
    assert judged
    expected = naive(sold, end)
    assert len(expected) >= 7
    with open_ledger(platform.settings, platform.clock) as opened:
        assert named(judged.judgement, opened.books) == expected
    counted: Counter[str] = Counter()
    for (kind, _), cards in judged.judgement.counts.items():
        counted[kind.value] += cards
    del counted["stock_difference"]
    assert counted == {kind: len(cards) for kind, cards in expected.items()}


def test_cards_used_far_from_their_holder_are_those_of_a_look_at_each(sold: Sold) -> None:
    """Everybody is said to be at home in the west: far are cards whose last place is, and that have a sign more."""
    platform = sold.platform
    directory, areas = platform.registry.directory(), {one.code: int(one.id) for one in platform.registry.areas()}
    last_area: dict[str, int] = {}
    for card, iccid in zip(directory.numbers.card.tolist(), directory.numbers.iccid.tolist(), strict=True):
        placed = [(one.ts, one.area) for one in records_of(platform.records, card) if one.area]
        if placed:
            last_area[iccid.decode()] = max(placed)[1]
    with open_ledger(platform.settings, platform.clock) as opened:
        state, stock, now = opened.ledger.machine.state, StockCounts(), int(platform.clock.now().timestamp())
        cards = LedgerCards(directory, opened.books, state)
        days = [platform.records.snapshot(day) for day in platform.records.days()]
        usage = CustodyUsage(sightings_of(days, CardSightings()), cards, lambda _cards: {})
        homes = dict.fromkeys(state.members_by_number, areas["CN-65"])
        places, nowhere = (places_of(state, directory.cell_table, one, max(areas.values())) for one in (homes, {}))
        judged, plain = (
            [one for one in judge(opened, usage, stock, now, each).findings if one.subject.kind == "card"]
            for each in (places, nowhere)
        )
        assert not any(Break.FAR_FROM_HOLDER in one.breaks for one in plain)
        assert len(judged) > len(plain)
        for one in judged:
            (number,) = opened.books.numbers(one.subject.name, one.subject.start, one.subject.end)
            km = int(places.km[0, last_area[number]]) if number in last_area else 0
            assert (Break.FAR_FROM_HOLDER in one.breaks) == (km > FAR)
            assert dict(one.facts).get("km_from_holder", 0) == (km if km > FAR else 0)


def test_a_finding_of_one_card_names_it_and_the_network_is_held_against_the_ledger(sold: Sold) -> None:
    judged = sold.platform.custody_risk.run(reconcile=True)
    assert judged
    for one, number in zip(judged.judgement.findings, judged.numbers, strict=True):
        assert (number is not None) == (one.subject.kind == "number" or one.subject.end - one.subject.start == 1)
    (beside,) = judged.report.reconciliations
    planted = Counter(kind for kind, _ in sold.chain.planted)
    in_use = sum(planted[kind.value] for kind in Break if kind.value.endswith("_in_use") or kind.value == "not_in_lot")
    assert beside.network_only >= in_use + planted["before_activation"]
    assert beside.matched > PLAN.cards / 2
    assert np.isclose(judged.report.cards, beside.matched + beside.network_only, atol=PLAN.cards * 0.2)
