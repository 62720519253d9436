"""Reports of stock that are due."""

import pytest

from tallyward.custody.fields import Rules
from tallyward.custody.machine import read
from tallyward.custody.reports import StockReport
from tallyward.custody.stock_duty import Duty, duties
from tallyward.custody.transactions import MemberRemove, RegisterLot, RulesSet, Transaction
from tests.custody.chain import RULES, lot, signed
from tests.custody.timed import HOUR, Chain, time_of

WEEK = 7 * 24 * HOUR


def decided(chain: Chain, one: Transaction) -> int:
    """What the governors say together."""
    entry = read(signed(chain.machine.id, one, "op", "op2", "regulator"))
    return chain.machine.take(chain.machine.judge(entry, time_of(chain.machine.size)))


def weekly(chain: Chain, rules: Rules = RULES, every: int = WEEK) -> None:
    decided(chain, RulesSet(rules._replace(report_every=every), chain.machine.state.turn))


@pytest.fixture
def chain() -> Chain:
    """A hundred cards at a reseller, ten at a shop."""
    found = Chain()
    lot(found.machine, "L", 200)
    found.sell("OP", "RES", "L", 0, 100)
    return found


def test_where_rules_ask_for_none_nobody_owes_one(chain: Chain) -> None:
    assert duties(chain.machine.state, time_of) == []


def test_it_is_due_so_long_after_the_cards_came_or_the_last_report(chain: Chain) -> None:
    state, had = chain.machine.state, chain.machine.size - 1
    weekly(chain)
    assert duties(state, time_of) == [Duty("RES", 100, time_of(had) + WEEK, had, None)]
    shop = chain.sell("RES", "SHOP", "L", 0, 10)
    chain.offer("RES", "SHOP", "L", 10, 20)
    res, other = duties(state, time_of)
    assert (res.member, res.cards, res.due) == ("RES", 90, time_of(had) + WEEK), "what is offered is still its own"
    assert other == Duty("SHOP", 10, time_of(shop) + WEEK, shop, None)
    at = chain.now
    chain.say(StockReport("RES", at, (("L", 90),)), "reseller")
    assert duties(state, time_of)[0] == Duty("RES", 90, at + WEEK, had, at)


def test_of_several_rules_the_first_deadline_counts_and_cards_in_use_count_for_nothing(chain: Chain) -> None:
    weekly(chain)
    daily = RULES._replace(id="daily")
    weekly(chain, daily, WEEK // 7)
    chain.say(RegisterLot("OP", "D", 50, bytes(32), "NB", "daily"), "op")
    got = chain.sell("OP", "SHOP", "D", 0, 5)
    chain.sell("RES", "SHOP", "L", 0, 4)
    chain.activate("L", 0, 4)
    of_shop = duties(chain.machine.state, time_of)[-1]
    assert of_shop == Duty("SHOP", 5, time_of(got) + WEEK // 7, got, None)


def test_who_is_an_operator_or_gone_owes_none(chain: Chain) -> None:
    weekly(chain)
    decided(chain, MemberRemove("RES", chain.machine.state.turn))
    assert duties(chain.machine.state, time_of) == []
