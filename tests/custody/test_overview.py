from tallyward.custody import overview
from tallyward.custody.fields import Part
from tallyward.custody.states import CardState
from tallyward.custody.transactions import ActRequest, Offer
from tests.custody.chain import LATER, NOW, hash_of, lot, new_machine, say, sell

DAY = 86_400


def test_a_row_is_made_when_it_is_looked_at() -> None:
    made: list[int] = []

    def view(key: int) -> int:
        made.append(key)
        return -key

    rows = overview.Rows(range(1000), view)
    assert (len(rows), rows[2:4], rows[5]) == (1000, [-2, -3], -5)
    assert made == [2, 3, 5]


def test_lots_holdings_offers_requests_and_the_age_of_stock() -> None:
    machine = new_machine()
    machine.end_block(NOW)
    begun = lot(machine, "A", 100)
    sold = sell(machine, "OP", "RES", Part("A", 0, 60, begun))
    at_shop = sell(machine, "RES", "SHOP", Part("A", 0, 20, sold))
    machine.end_block(NOW + 40 * DAY)
    offer = Offer("RES", "SHOP", (Part("A", 20, 30, sold),), LATER + 99 * DAY, None)
    asked = ActRequest("SHOP", (Part("A", 5, 7, at_shop),), bytes(64))
    say(machine, offer, now=NOW + 41 * DAY)
    say(machine, asked)
    machine.end_block(NOW + 41 * DAY)
    state, times = machine.state, machine.times

    (one,) = overview.lots(state, times)
    assert (one.id, one.operator, one.cards, one.holders) == ("A", "OP", 100, 3)
    assert sum(cards for _, cards in one.by_state) == 100
    assert dict(one.by_state)[CardState.ACT_REQUESTED] == 2
    assert one.since == NOW + 40 * DAY

    held = list(overview.holdings(state, 0, times))
    assert (held[0].start, held[0].end) == (0, 5)
    assert held[-1].end == 100
    assert {each.holder for each in held} == {"OP", "RES", "SHOP"}

    lots = overview.lots(state, times, "OP2")
    assert not list(lots)
    many = overview.holdings(state, 0, times)
    assert len(many) == len(held)
    assert many[1:3] == held[1:3]

    (flight,) = overview.offers(state, times)
    assert (flight.seller, flight.buyer, flight.cards, flight.parts) == ("RES", "SHOP", 10, (("A", 20, 30),))
    assert flight.since == NOW + 41 * DAY
    assert flight.hash == hash_of(machine, offer)

    (waits,) = overview.requests(state)
    assert (waits.shop, waits.operator, waits.cards, waits.approved) == ("SHOP", "OP", 2, False)

    members = {each.id: each for each in overview.members(state, times, NOW + 40 * DAY + 8 * DAY)}
    assert members["OP"].by_age == (0, 40, 0, 0, 0)
    assert members["SHOP"].stock == 20
    assert members["REG"].stock == 0
    assert sum(each.stock for each in members.values()) == 100
