"""Answers about credit: allowed, noted, signed, and provable entry by entry."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tallyward.custody import merkle
from tallyward.custody.adapters.sqlite_look_ups import SqliteLookUpLog
from tallyward.custody.credit_desk import CreditDesk
from tallyward.custody.credit_factors import collected
from tallyward.custody.credit_statement import verify
from tallyward.custody.look_ups import Ground, LookUp
from tallyward.kernel.errors import ForbiddenError, UnavailableError
from tests.custody.chain import KEYS, public
from tests.custody.market import Market


@pytest.fixture
def market() -> Market:
    found = Market({"RES": "reseller", "SHOP": "retail", "OTHER": "retail"})
    found.lot("L", 200)
    found.sell("L", 0, 100, "OP", "RES")
    found.sell("L", 0, 50, "RES", "SHOP")
    found.incident("stock_in_use", "L", 0, 30)
    found.offer("RES", "SHOP", "L", 60, 70)
    found.pass_days(0)
    return found


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLookUpLog]:
    found = SqliteLookUpLog(tmp_path / "look_ups.db")
    yield found
    found.close()


def test_an_answer_is_signed_noted_and_its_entries_are_in_the_log(market: Market, log: SqliteLookUpLog) -> None:
    leaves = [merkle.leaf_hash(data) for _, data in market.entries]
    desk = CreditDesk(collected(market.entries), merkle.root_of(leaves), log, KEYS["log"])
    found, signed = desk.ask("RES", "SHOP", market.now)
    one = verify(signed, [public("log")], market.now)
    assert (one.ledger, one.root, one.score) == (market.machine.id, merkle.root_of(leaves), found.score)
    assert list(log.of("SHOP")) == [LookUp("RES", "SHOP", Ground.COUNTERPARTY, market.now, one.size, one.score)]
    (entry,) = one.reasons[0].entries
    path = merkle.inclusion(lambda level, at: merkle.root_of(leaves[at << level : at + 1 << level]), entry, one.size)
    assert merkle.included(leaves[entry], entry, one.size, path, one.root)


def test_who_may_not_know_is_told_nothing(market: Market, log: SqliteLookUpLog) -> None:
    desk = CreditDesk(collected(market.entries), bytes(32), log, KEYS["log"])
    with pytest.raises(ForbiddenError, match=r"custody\.look_up_forbidden"):
        desk.ask("OTHER", "SHOP", market.now)
    assert list(log.of("SHOP")) == []


def test_what_can_not_be_noted_is_not_told(market: Market, tmp_path: Path) -> None:
    closed = SqliteLookUpLog(tmp_path / "closed.db")
    closed.close()
    desk = CreditDesk(collected(market.entries), bytes(32), closed, KEYS["log"])
    with pytest.raises(UnavailableError, match=r"custody\.not_durable"):
        desk.ask("OP", "SHOP", market.now)
