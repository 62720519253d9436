"""What is wrong at a height itself."""

import pytest

from tallyward.custody.card_orders import Cancel, Suspend
from tallyward.custody.credit_factors import collected
from tallyward.custody.credit_history import DAY, UNIT, Deed
from tallyward.custody.credit_present import Present
from tallyward.custody.credit_terms import Factor
from tallyward.custody.reports import OrderSuspend
from tallyward.custody.transactions import Accept
from tests.custody.chain import hash_of
from tests.custody.market import Market


@pytest.fixture
def market() -> Market:
    """A hundred cards at a shop."""
    found = Market({"RES": "reseller", "SHOP": "retail"})
    found.lot("L", 200)
    found.sell("L", 0, 100, "OP", "SHOP")
    return found


def present(market: Market) -> Present:
    market.pass_days(0)
    return Present(collected(market.entries))


def test_stock_over_age_by_its_holder_since_it_got_it(market: Market) -> None:
    registered, bought = market.held("L", 150, 151).cause, market.held("L", 0, 1).cause
    market.pass_days(300)
    fresh = market.offer("OP", "RES", "L", 100, 120, days=900)
    market.say(Accept("RES", hash_of(market.machine, fresh)), "RES")
    market.offer("OP", "RES", "L", 120, 130, days=900)
    market.activate("SHOP", "L", 0, 40)
    market.pass_days(65)
    assert not present(market).bad
    market.now += 2 * DAY
    found = present(market)
    today = market.now // DAY
    assert found.bad == {
        "SHOP": [(Factor.OVER_AGE, Deed(bought, today, 60 * UNIT))],
        "OP": [
            (Factor.OVER_AGE, Deed(registered, today, 10 * UNIT)),
            (Factor.OVER_AGE, Deed(registered, today, 70 * UNIT)),
        ],
    }
    assert found.stock == {"SHOP": 60 * UNIT, "RES": 20 * UNIT, "OP": 80 * UNIT}


def test_offers_over_their_deadline_as_long_as_they_stand(market: Market) -> None:
    market.offer("OP", "RES", "L", 100, 120, days=1)
    offered = market.held("L", 100, 101).cause
    market.pass_days(8)
    assert not present(market).bad
    market.now += DAY
    assert present(market).bad == {"OP": [(Factor.BREAKS, Deed(offered, market.now // DAY, 20 * UNIT))]}


def test_orders_that_were_kept_late_or_not_at_all(market: Market) -> None:
    market.activate("SHOP", "L", 0, 40)
    market.say(Suspend("OP", (market.held("L", 30, 40),), "before any order"), "OP")
    order = market.say(OrderSuspend("REG", (market.held("L", 0, 30),), market.now + 2 * DAY, "fraud"), "REG")
    market.pass_days(1)
    market.say(Suspend("OP", (market.held("L", 0, 10),), "as ordered"), "OP")
    market.pass_days(1)
    assert not present(market).bad
    market.now += DAY
    late = market.say(Cancel("OP", (market.held("L", 10, 15),), "too late"), "OP")
    day = market.now // DAY
    found = present(market)
    assert found.bad == {
        "OP": [(Factor.LATENESS, Deed(late, day, 5 * UNIT)), (Factor.LATENESS, Deed(order, day, 15 * UNIT))]
    }
