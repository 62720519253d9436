"""Breaks that need no traffic."""

import pytest

from tallyward.custody.break_kinds import Action, Break
from tallyward.custody.ledger_breaks import (
    StockCount,
    holdings,
    overdue_offers,
    persons_over_quota,
    reports_overdue,
    stock_differences,
    stock_of_removed,
    strangers,
)
from tallyward.custody.machine import read
from tallyward.custody.reports import StockReport
from tallyward.custody.transactions import MemberRemove
from tallyward.custody.usage_facts import StrangerUsage
from tallyward.kernel.catalogue import LANGUAGES
from tests.custody.chain import lot, signed
from tests.custody.test_stock_duty import WEEK, weekly
from tests.custody.timed import HOUR, Chain, time_of
from tests.custody.usage import Network, Seen


@pytest.fixture
def chain() -> Chain:
    """A hundred cards at a reseller, ten of them offered for five hours."""
    found = Chain()
    lot(found.machine, "L", 200)
    found.sell("OP", "RES", "L", 0, 100)
    found.offer("RES", "SHOP", "L", 10, 20, hours=5)
    return found


def test_an_offer_over_its_deadline(chain: Chain) -> None:
    quiet = Network({})
    assert not list(overdue_offers(chain.machine.state, time_of, chain.now + 4 * HOUR, quiet))
    (found,) = overdue_offers(chain.machine.state, time_of, chain.now + 6 * HOUR, quiet)
    assert found.breaks == (Break.TRANSIT_OVERDUE,)
    assert (found.subject.start, found.subject.end, found.last_holder) == (10, 20, "RES")
    assert found.path[found.broken[0]].dwell == 6 * HOUR
    seen = Network({0: {15: Seen(chain.now, chain.now)}})
    assert not list(overdue_offers(chain.machine.state, time_of, chain.now + 6 * HOUR, seen))
    elsewhere = Network({0: {20: Seen(chain.now, chain.now)}})
    assert len(list(overdue_offers(chain.machine.state, time_of, chain.now + 6 * HOUR, elsewhere))) == 1


def test_stock_of_a_removed_member(chain: Chain) -> None:
    state = chain.machine.state
    assert not list(stock_of_removed(state, time_of, chain.now))
    entry = read(signed(chain.machine.id, MemberRemove("RES", 0), "op", "op2", "regulator"))
    chain.machine.take(chain.machine.judge(entry, chain.now))
    found = list(stock_of_removed(state, time_of, chain.now))
    assert [(one.subject.start, one.subject.end) for one in found] == [(0, 10), (10, 20), (20, 100)]
    assert {one.last_holder for one in found} == {"RES"}


def test_counts_that_differ(chain: Chain) -> None:
    assert holdings(chain.machine.state) == {("OP", "L"): 100, ("RES", "L"): 100}
    at = chain.machine.size
    counts = [StockCount("RES", "L", 100, at), StockCount("OP", "L", 99, at + 1), StockCount("SHOP", "L", 1, at + 2)]
    found = list(stock_differences(chain.machine.state, counts))
    assert [(one.last_holder, one.entries) for one in found] == [("OP", (at + 1,)), ("SHOP", (at + 2,))]
    assert dict(found[0].facts) == {"cards_on_ledger": 100, "cards_counted": 99}


def test_a_count_is_held_against_what_the_ledger_said_then(chain: Chain) -> None:
    then = chain.machine.size
    chain.sell("OP", "RES", "L", 100, 150)
    state = chain.machine.state
    assert holdings(state, then) == {("OP", "L"): 100, ("RES", "L"): 100}
    assert holdings(state) == {("OP", "L"): 50, ("RES", "L"): 150}
    assert not holdings(state, 0)
    counts = [StockCount("RES", "L", 100, then), StockCount("RES", "L", 100, chain.machine.size)]
    (found,) = stock_differences(state, counts)
    assert dict(found.facts) == {"cards_on_ledger": 150, "cards_counted": 100}


def test_a_report_that_is_late(chain: Chain) -> None:
    state, got = chain.machine.state, chain.machine.size - 2
    weekly(chain)
    due = time_of(got) + WEEK
    assert not list(reports_overdue(state, time_of, due, {}))
    (found,) = reports_overdue(state, time_of, due + 1, {})
    assert (found.subject.kind, found.last_holder, found.action) == ("member", "RES", Action.REPORT_STOCK)
    assert found.breaks == (Break.REPORT_OVERDUE,)
    assert (found.entries, dict(found.facts)) == ((got,), {"expires": due, "cards": 100})
    at = chain.now
    report = chain.say(StockReport("RES", at, (("L", 100),)), "reseller")
    assert not list(reports_overdue(state, time_of, at + WEEK, {"RES": report}))
    (found,) = reports_overdue(state, time_of, at + WEEK + 1, {"RES": report})
    assert (found.entries, dict(found.facts)["last_report"]) == ((got, report), at)
    for language in LANGUAGES:
        told = " ".join(found.explain(language))
        assert "RES" in told
        assert str(report) in told


def test_a_person_over_the_quota_of_several_ledgers() -> None:
    chain = Chain()
    lot(chain.machine, "L", 20)
    chain.sell("OP", "SHOP", "L", 0, 10)
    chain.activate("L", 0, 2)
    state = chain.machine.state
    token = min(state.tallies.persons)
    assert not list(persons_over_quota(state, {token: 2}, {}))
    (found,) = persons_over_quota(state, {token: 3}, {token: [6]})
    assert found.subject.name == token.hex()
    assert found.entries == (6,)
    assert dict(found.facts) == {"cards": 4, "cards_allowed": 3}


def test_numbers_in_no_lot() -> None:
    usage = StrangerUsage(("89B", "89A"), ("OP", "OP2"), (1, 2), (3, 4), (9, 1))
    first, second = strangers(usage)
    assert [(one.subject.name, one.last_holder) for one in (first, second)] == [("89A", "OP2"), ("89B", "OP")]
    assert first.probability < second.probability
    assert second.breaks == (Break.NOT_IN_LOT,)
