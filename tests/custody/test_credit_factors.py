"""What each kind of entry leaves in the books of whom."""

import pytest

from tallyward.custody.card_orders import Find, Lose
from tallyward.custody.credit_factors import FactorBook, collected
from tallyward.custody.credit_history import DAY, UNIT, Deed
from tallyward.custody.credit_terms import Factor
from tallyward.custody.fields import Part
from tallyward.custody.reports import Incident, OrderSuspend, StockReport
from tallyward.custody.transactions import ActRequest, Reject, RnReject, Sale, Withdraw
from tests.custody.chain import NOW, hash_of
from tests.custody.market import Market

TODAY = NOW // DAY


@pytest.fixture
def market() -> Market:
    """A hundred cards went from OP over RES and SUB to SHOP."""
    found = Market({"RES": "reseller", "SUB": "reseller", "SHOP": "retail"})
    found.lot("L", 200)
    found.sell("L", 0, 100, "OP", "RES", "SUB", "SHOP")
    return found


def collect(market: Market) -> FactorBook:
    market.pass_days(0)
    return collected(market.entries)


def exposed(book: FactorBook, member: str, factor: Factor) -> float:
    return sum(book.histories[member].exposed[factor].values()) / UNIT


def bad(book: FactorBook, member: str, factor: Factor) -> float:
    return sum(deed.units for deed in book.histories[member].bad[factor].values()) / UNIT


def test_sales_expose_both_sides(market: Market) -> None:
    book = collect(market)
    assert [exposed(book, one, Factor.UNREGISTERED) for one in ("OP", "RES", "SHOP")] == [200, 100, 100]
    assert [exposed(book, one, Factor.DESCENDANTS) for one in ("OP", "RES", "SUB", "SHOP")] == [100, 100, 100, 0]
    assert [exposed(book, one, Factor.BREAKS) for one in ("OP", "RES", "SHOP")] == [300, 200, 100]
    assert exposed(book, "SUB", Factor.REFUSED) == 2
    assert [exposed(book, one, Factor.REFUSED) for one in ("OP", "RES", "SHOP")] == [1, 2, 1]
    assert book.histories["RES"].joined == (0, TODAY)


def test_a_sale_at_once_exposes_as_an_accepted_offer_does(market: Market) -> None:
    other = Market({"RES": "reseller", "SUB": "reseller", "SHOP": "retail"})
    other.lot("L", 200)
    for seller, buyer in (("OP", "RES"), ("RES", "SUB"), ("SUB", "SHOP")):
        other.say(Sale(seller, buyer, (other.held("L", 0, 100),), None), seller, buyer)
    once, offered = collect(other), collect(market)
    assert {name: one.exposed for name, one in once.histories.items()} == {
        name: one.exposed for name, one in offered.histories.items()
    }


def test_cards_that_go_round_in_circles_count_once(market: Market) -> None:
    market.sell("L", 100, 150, "OP", "RES", "SUB")
    before = collect(market)
    market.sell("L", 100, 150, "SUB", "RES", "SUB", "RES")
    market.say(Withdraw("RES", hash_of(market.machine, market.offer("RES", "SUB", "L", 100, 150))), "RES")
    after = collect(market)
    for name, history in before.histories.items():
        assert history.exposed == after.histories[name].exposed
    market.sell("L", 100, 150, "RES", "SHOP")
    book = collect(market)
    assert exposed(book, "SHOP", Factor.UNREGISTERED) == 150
    assert exposed(book, "RES", Factor.DESCENDANTS) == 150


def test_unregistered_use_is_the_holders_and_in_parts_the_sellers(market: Market) -> None:
    entry = market.incident("stock_in_use", "L", 0, 8)
    book = collect(market)
    assert list(book.histories["SHOP"].bad[Factor.UNREGISTERED].values()) == [Deed(entry, TODAY, 8 * UNIT)]
    found = [bad(book, one, Factor.DESCENDANTS) for one in ("SHOP", "SUB", "RES", "OP")]
    assert found == [0, 8, 4, 2]


def test_a_break_is_the_last_known_holders_alone(market: Market) -> None:
    market.incident("transit_overdue", "L", 0, 8)
    book = collect(market)
    assert bad(book, "SHOP", Factor.BREAKS) == 8
    assert sum(bad(book, one, Factor.DESCENDANTS) for one in book.histories) == 0


def test_misuse_counts_for_the_shop_and_its_sellers(market: Market) -> None:
    market.activate("SHOP", "L", 0, 20)
    market.incident("sms_flood", "L", 0, 4)
    book = collect(market)
    assert exposed(book, "SHOP", Factor.DESCENDANTS) == 20
    assert [bad(book, one, Factor.DESCENDANTS) for one in ("SHOP", "SUB", "RES", "OP")] == [4, 2, 1, 0]
    assert bad(book, "SHOP", Factor.UNREGISTERED) == 0


def test_an_incident_names_the_event_under_which_it_happened(market: Market) -> None:
    bought = market.held("L", 150, 160)
    market.sell("L", 150, 160, "OP", "RES")
    then = market.held("L", 150, 160)
    market.sell("L", 150, 160, "RES", "SHOP")
    market.say(Incident("MON", (then,), bytes(32), "stock_in_use"), "MON")
    market.say(Incident("MON", (bought._replace(end=152),), bytes(32), "stock_in_use"), "MON")
    book = collect(market)
    assert [bad(book, one, Factor.UNREGISTERED) for one in ("RES", "OP", "SHOP")] == [10, 2, 0]
    assert bad(book, "OP", Factor.DESCENDANTS) == 10


def test_told_again_it_counts_once(market: Market) -> None:
    market.incident("stock_in_use", "L", 0, 8)
    before = bad(collect(market), "SHOP", Factor.UNREGISTERED)
    market.now += DAY
    again = Incident("MON", (market.held("L", 0, 8),), b"x" * 32, "stock_in_use")
    entry = market.say(again, "MON")
    book = collect(market)
    assert bad(book, "SHOP", Factor.UNREGISTERED) == before == 8
    assert [deed.entry for deed in book.histories["SHOP"].bad[Factor.UNREGISTERED].values()] == [entry]


def test_attempts_are_those_of_the_member_that_is_named_never_of_the_holder(market: Market) -> None:
    market.incident("custody.not_holder@RES", "L", 0, 1)
    proven = market.incident("forgery@SUB", "L", 0, 1)
    market.incident("forgery@NOBODY", "L", 0, 1)
    book = collect(market)
    assert [bad(book, one, Factor.REFUSED) for one in ("RES", "SUB", "SHOP")] == [1, 1, 0]
    assert [deed.entry for deed in book.histories["SUB"].proven] == [proven]
    assert not book.histories["RES"].proven


def test_rejected_real_names(market: Market) -> None:
    market.activate("SHOP", "L", 0, 20, rejected=3)
    market.activate("SHOP", "L", 20, 24, rejected=4)
    book = collect(market)
    assert exposed(book, "SHOP", Factor.REAL_NAME) == 24
    assert bad(book, "SHOP", Factor.REAL_NAME) == 7


def test_a_request_that_is_rejected_as_a_whole(market: Market) -> None:
    asked = ActRequest("SHOP", (market.held("L", 0, 5),), bytes(32 * 5))
    market.say(asked, "SHOP")
    entry = market.say(RnReject("OP", hash_of(market.machine, asked), "blurred"), "OP")
    book = collect(market)
    assert list(book.histories["SHOP"].bad[Factor.REAL_NAME].values()) == [Deed(entry, TODAY, 5 * UNIT)]
    assert exposed(book, "SHOP", Factor.REAL_NAME) == 5


def test_offers_that_were_settled_long_after_their_deadline(market: Market) -> None:
    late, later, soon = (market.offer("OP", "RES", "L", at, at + 10, days=1) for at in (100, 110, 120))
    market.pass_days(3)
    market.say(Withdraw("OP", hash_of(market.machine, soon)), "OP")
    market.pass_days(20)
    entry = market.say(Withdraw("OP", hash_of(market.machine, late)), "OP")
    market.say(Reject("RES", hash_of(market.machine, later)), "RES")
    book = collect(market)
    assert bad(book, "OP", Factor.BREAKS) == 20
    assert min(deed.entry for deed in book.histories["OP"].bad[Factor.BREAKS].values()) == entry
    assert bad(book, "RES", Factor.BREAKS) == 0


def test_stock_reports_beside_the_ledger(market: Market) -> None:
    market.activate("SHOP", "L", 0, 20)
    market.say(Lose("SHOP", (market.held("L", 20, 30),), "fire"), "SHOP")
    market.say(Find("SHOP", (market.held("L", 20, 22),), "not so bad"), "SHOP")
    market.say(StockReport("SHOP", market.now, (("L", 72),)), "SHOP")
    assert bad(collect(market), "SHOP", Factor.STOCK_REPORT) == 0
    market.now += 1
    entry = market.say(StockReport("SHOP", market.now, (("L", 70),)), "SHOP")
    market.now += 1
    market.say(StockReport("SHOP", market.now, ()), "SHOP")
    book = collect(market)
    assert book.histories["SHOP"].bad[Factor.STOCK_REPORT][entry] == Deed(entry, TODAY, 2 * UNIT)
    assert bad(book, "SHOP", Factor.STOCK_REPORT) == 74
    assert exposed(book, "SHOP", Factor.STOCK_REPORT) == 72


def test_orders_are_noted(market: Market) -> None:
    market.activate("SHOP", "L", 0, 20)
    part = market.held("L", 0, 10)
    entry = market.say(OrderSuspend("REG", (part,), market.now + DAY, "fraud"), "REG")
    book = collect(market)
    assert book.orders == [(entry, market.now + DAY, (Part("L", 0, 10, part.cause),))]
    assert exposed(book, "OP", Factor.LATENESS) == 10


def test_a_book_without_entries_has_no_state() -> None:
    with pytest.raises(ValueError, match="no entry yet"):
        _ = FactorBook().machine
