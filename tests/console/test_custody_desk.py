from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from tallyward.console.custody_desk import CustodyDesk
from tallyward.custody.look_ups import Ground
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import ForbiddenError, NotFoundError
from tallyward.kernel.paging import PageRequest, decode_cursor
from tests.console import ledger
from tests.console.fakes import NOON

FIRST = PageRequest(500)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CustodyDesk]:
    with ExitStack() as stack:
        yield ledger.desk(tmp_path_factory.mktemp("desk"), FixedClock(NOON), stack)


def test_an_operator_sees_its_own_lots_and_who_has_them(desk: CustodyDesk) -> None:
    everything, alpha = desk.standing(None), desk.standing("alpha-op")
    assert (everything.lots, everything.cards, everything.offers_total) == (2, 6, 2)
    assert (alpha.lots, alpha.cards, alpha.offers_total) == (1, 3, 1)
    assert {one.id for one in alpha.members} == {"alpha-op", "alpha-fleet"}
    assert {one.id for one in everything.members} >= {"bravo-fleet", "bravo-shop", "centre"}
    assert [one.id for one in desk.lots("alpha-op", FIRST).rows] == ["LOT-ALPHA"]
    assert everything.time == int(NOON.timestamp())
    assert everything.head.head.size == everything.entries


def test_pages_follow_each_other(desk: CustodyDesk) -> None:
    first = desk.lots(None, PageRequest(1))
    assert first.next_cursor
    second = desk.lots(None, PageRequest(1, decode_cursor(first.next_cursor, int)))
    assert [one.id for one in (*first.rows, *second.rows)] == ["LOT-ALPHA", "LOT-BRAVO"]
    assert second.next_cursor is None
    assert desk.lots(None, PageRequest(1, (-3,))).rows == first.rows


def test_a_lot_of_another_operator_is_not_there(desk: CustodyDesk) -> None:
    assert [(one.start, one.end) for one in desk.holdings("alpha-op", "LOT-ALPHA", FIRST).rows] == [(0, 2), (2, 3)]
    for lot in ("LOT-BRAVO", "LOT-OF-NOBODY"):
        with pytest.raises(NotFoundError, match=r"custody\.lot_unknown"):
            desk.holdings("alpha-op", lot, FIRST)


def test_an_offer_over_lots_of_two_operators_tells_each_its_own(desk: CustodyDesk) -> None:
    service = desk._service
    (alpha, bravo) = service.offers()
    both = replace(alpha, parts=(*alpha.parts, *bravo.parts), cards=2)

    class Mixed:
        def offers(self) -> list[object]:
            return [both]

        def __getattr__(self, name: str) -> object:
            return getattr(service, name)

    mixed = CustodyDesk(Mixed(), desk.log)  # type: ignore[arg-type] # all the rest is the service's
    (seen,) = mixed.standing("alpha-op").offers
    assert (seen.cards, seen.parts) == (1, (("LOT-ALPHA", 2, 3),))


def test_a_chain_and_the_receipt_of_its_steps(desk: CustodyDesk) -> None:
    found = desk.trace(ledger.iccid(1, 5), "alpha-op")
    assert found
    assert [one.kind.name for one in found.steps] == ["REGISTER_LOT", "OFFER", "ACCEPT", "OFFER"]
    assert all(desk.receipt(one.link.entry).holds for one in found.steps)
    assert desk.trace(ledger.iccid(1, 5), "beta-op") is None
    assert desk.trace("LOT-BRAVO:1", None)
    assert desk.trace("8986", None) is None
    assert desk.names()["alpha-fleet"] == "Alpha-Fleet"


def test_who_is_of_no_organisation_asks_as_the_only_one_of_its_kind(desk: CustodyDesk) -> None:
    assert desk.only(Ground.REGULATOR) == "centre"
    with pytest.raises(ForbiddenError, match=r"console\.no_organisation"):
        desk.only(Ground.OPERATOR)  # there are two


def test_credit_is_told_signed_and_noted(desk: CustodyDesk) -> None:
    told = desk.credit("alpha-op", "alpha-fleet")
    assert told.statement.score == told.credit.score
    assert told.statement.expires - told.statement.issued == ledger.DAY
    desk.credit("alpha-shop", "alpha-fleet")  # an offer between them is open
    with pytest.raises(ForbiddenError, match=r"custody\.look_up_forbidden"):
        desk.credit("bravo-shop", "alpha-fleet")
    assert [(one.asker, one.ground) for one in desk.look_ups("alpha-fleet")] == [
        ("alpha-shop", Ground.COUNTERPARTY),
        ("alpha-op", Ground.OPERATOR),
    ]


def test_about_whom_one_may_ask(desk: CustodyDesk) -> None:
    assert {one.id for one in desk.partners("alpha-shop")} == {"alpha-shop", "alpha-fleet"}
    assert len(desk.partners("centre")) == len(desk.partners("beta-op")) == 7
    assert desk.partners("stranger") == []
