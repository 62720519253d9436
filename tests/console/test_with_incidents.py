from tallyward.console.with_incidents import cards_with_incidents
from tallyward.incidents.life_cycle import Event
from tallyward.kernel.actor import PLATFORM, Actor
from tallyward.kernel.paging import PageRequest, decode_cursor
from tallyward.registry.filters import CardFilter
from tests.console.house import House
from tests.incidents.making import make_finding


def found(house: House, actor: Actor = PLATFORM, wanted: CardFilter | None = None) -> list[int]:
    page = cards_with_incidents(house.services.registry, house.incidents, actor, wanted or CardFilter(), PageRequest())
    return [card.id for card in page.rows]


def test_cards_with_incidents_not_closed_by_id(house: House) -> None:
    assert found(house) == [1, 2, 3, 4]
    assert found(house, house.accounts.user(PLATFORM, "fleet-alpha").actor) == [1, 3]
    assert found(house, wanted=CardFilter(enterprise="bravo-fleet")) == [2, 4]
    assert found(house, wanted=CardFilter(q="8986001")) == [1, 3]
    for incident in {one.incident for one in house.incidents.changes_after(PLATFORM, 0) if one.card == 3}:
        assert 3 in found(house)
        house.incidents.act(PLATFORM, incident, Event.RESOLVE)
    assert found(house) == [1, 2, 4]


def test_pages_join(house: House) -> None:
    house.incidents.absorb([make_finding(card) for card in (5, 6)])
    rows: list[int] = []
    after = None
    for _ in range(5):
        page = cards_with_incidents(
            house.services.registry, house.incidents, PLATFORM, CardFilter(), PageRequest(2, after)
        )
        rows += [card.id for card in page.rows]
        if page.next_cursor is None:
            break
        after = decode_cursor(page.next_cursor, int)
    assert rows == [1, 2, 3, 4, 5, 6]
