"""Grades reach the ledger, where they bound offers."""

import pytest

from tallyward.custody.credit import credit_of_all
from tallyward.custody.credit_factors import FactorBook, collected
from tallyward.custody.credit_grades import grades, to_be_set
from tallyward.custody.reports import CreditSet
from tallyward.kernel.errors import TallywardError
from tests.custody.market import Market


def graded(market: Market) -> tuple[FactorBook, list[CreditSet]]:
    """What the monitor has to say now."""
    market.pass_days(1)
    book = collected(market.entries)
    return book, to_be_set("MON", grades(book, credit_of_all(book)))


def test_all_grades_once_then_those_that_change() -> None:
    market = Market({"RES": "reseller", "SHOP": "retail"})
    market.lot("L", 20_000)
    market.sell("L", 0, 500, "OP", "RES", "SHOP")
    book, said = graded(market)
    assert [one.member for one in said] == ["OP", "REG", "RES", "SHOP"]
    assert {one.height for one in said} == {book.machine.state.height}
    for one in said:
        market.say(one, "MON")
    book, said_again = graded(market)
    assert said_again == []
    own = next(one for one in grades(book, credit_of_all(book)) if one.member == "MON")
    assert own.set is None
    assert own.differs, "nobody grades itself"
    market.incident("stock_in_use", "L", 0, 400)
    changed = {one.member: one for one in graded(market)[1]}
    assert changed["SHOP"].grade > next(one.grade for one in said if one.member == "SHOP")
    assert "REG" not in changed


def test_a_member_with_the_lowest_grade_is_offered_nothing_more() -> None:
    market = Market({"RES": "reseller", "SHOP": "retail"})
    market.lot("L", 20_000)
    market.sell("L", 0, 500, "OP", "RES", "SHOP")
    market.incident("stock_in_use", "L", 0, 500)
    market.incident("double_sale@SHOP", "L", 0, 1)
    for one in graded(market)[1]:
        market.say(one, "MON")
    row = market.machine.state.credit.rows[b"SHOP"]
    assert (row.grade, row.quota) == ("E", 0)
    with pytest.raises(TallywardError, match=r"custody\.(grade_forbids|buyer_quota)"):
        market.offer("OP", "SHOP", "L", 600, 700)
