from dataclasses import replace

import pytest

from tallyward.console.look_up import LookUp
from tallyward.console.show.cards import FIRST_ENTRIES, effective_limits, functions, usage
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import CardId, EnterpriseId, GroupListId
from tallyward.registry.model import Card, FunctionLimit, FunctionMode, GroupList, PeerKind, UsageLimits
from tests.console.fakes import DAY, DAY_TS, record
from tests.console.house import CARD_A, House


@pytest.fixture
def card(reading_house: House) -> Card:
    return reading_house.services.registry.card(PLATFORM, CardId(CARD_A))


def test_the_cards_own_limit_stands_before_its_classs_also_when_it_is_zero(reading_house: House, card: Card) -> None:
    look_up = LookUp(reading_house.services, PLATFORM)
    strict = replace(card, limits=UsageLimits(day_bytes=0))
    found = {one.name: (one.value, one.origin) for one in effective_limits(look_up, strict)}
    assert found["day_bytes"] == (0, "card")
    assert found["max_peers"] == (5, "class")
    assert found["month_bytes"] == (None, None)
    orphan = replace(card, card_class=99, limits=UsageLimits())
    assert {one.origin for one in effective_limits(look_up, orphan)} == {None}


def test_a_long_list_shows_its_first_entries_and_counts_all(card: Card) -> None:
    entries = tuple((PeerKind.NUMBER, str(number)) for number in range(100, 400))
    lists = {7: GroupList(GroupListId(7), EnterpriseId(1), "long", entries)}
    directed = replace(card, voice=FunctionLimit(FunctionMode.DIRECTED, GroupListId(7)))
    voice = next(one for one in functions(directed, lists, []) if one.service == "voice")
    assert voice.list is not None
    assert (voice.list.entries, len(voice.list.first)) == (300, FIRST_ENTRIES)
    hidden = next(one for one in functions(directed, {}, []) if one.service == "voice")
    assert (hidden.mode, hidden.list) == ("directed", None)


def test_use_adds_up_and_absent_is_not_counted_as_one() -> None:
    records = [
        record(DAY_TS, "a"),
        replace(record(DAY_TS + 3600, ""), imei="", cell=0),
        record(DAY_TS + 86_399, "b", cell=2),
    ]
    found = usage(DAY, records, complete=True)
    assert (found.records, found.bytes, found.peers, found.cells, found.imeis) == (3, 4500, 2, 2, 1)
    assert found.by_hour == [1, 1] + [0] * 21 + [1]
    assert usage(DAY, [], complete=False).by_hour == [0] * 24
