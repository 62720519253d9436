"""Usage of the ledger's cards from stored segments, against a look at every card by itself."""

from collections import defaultdict

import pytest

from tallyward.detect.adapters.card_sightings import CardSightings
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import CardId
from tallyward.kernel.paging import PageRequest
from tallyward.records.model import RecordView
from tallyward.records.service import RecordsService
from tallyward.wiring.custody.ledger import open_ledger
from tallyward.wiring.custody.usage import CustodyUsage, LedgerCards, operators_by_code, sightings_of
from tests.wiring.conftest import PLAN, Sold

Seen = tuple[int, int, int]


def records_of(records: RecordsService, card: int) -> list[RecordView]:
    found: list[RecordView] = []
    for day in records.days():
        page = records.card_records(CardId(card), day, PageRequest(500))
        assert page.next_cursor is None
        found += page.rows
    return found


def record_times(records: RecordsService, card: int) -> list[int]:
    return [one.ts for one in records_of(records, card)]


@pytest.fixture(scope="module")
def naive(sold: Sold) -> dict[str, Seen]:
    """(first, last, records) of each card of the registry that has any, by ICCID."""
    directory = sold.platform.registry.directory()
    found = {}
    for card, iccid in zip(directory.numbers.card.tolist(), directory.numbers.iccid.tolist(), strict=True):
        if times := record_times(sold.platform.records, card):
            found[iccid.decode()] = (min(times), max(times), len(times))
    assert len(found) > PLAN.cards / 2
    return found


def test_segments_say_what_a_look_at_each_card_says(sold: Sold, naive: dict[str, Seen]) -> None:
    platform = sold.platform
    codes = {one.id: one.code for one in platform.registry.enterprises(PLATFORM)}
    days = [platform.records.snapshot(day) for day in platform.records.days()]
    with open_ledger(platform.settings, platform.clock) as opened:
        state = opened.ledger.machine.state
        cards = LedgerCards(platform.registry.directory(), opened.books, state)
        seen = sightings_of(days, CardSightings())
        usage = CustodyUsage(seen, cards, operators_by_code(platform.registry.owners, codes))
        found: defaultdict[str, list[Seen]] = defaultdict(list)
        for lot, name in enumerate(state.lots_by_number):
            columns = usage.of_lot(lot)
            if columns is None:
                continue
            columns.checked(name, state.lots.rows[name.encode()].cards)
            for slot, first, last, records in zip(*(each.tolist() for each in columns[:4]), strict=True):
                (number,) = opened.books.numbers(name, slot, slot + 1)
                found[number].append((first, last, records))
                assert cards.numbers(cards.in_slots(lot, slot, slot + 1)) == [number]
        strangers = usage.strangers()
        in_no_lot = {number for number in naive if opened.books.find(number) is None}
    for number, *one in zip(*strangers[:1], *strangers[2:], strict=True):
        found[number].append((one[0], one[1], one[2]))
    assert set(strangers.numbers) == in_no_lot != set()
    assert set(strangers.operators) == {"op-huaxun"}
    assert found == {number: [one] for number, one in naive.items()}
    assert sightings_of([], CardSightings()).card.tolist() == []
