"""The card ledger: how it stands, its lots, a card's chain, receipts, chains that break."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from tallyward.console.custody_desk import CustodyDesk
from tallyward.console.look_up import LookUp
from tallyward.console.paging import PageById
from tallyward.console.roles import may
from tallyward.console.services import ConsoleServices
from tallyward.console.show.custody import NOTHING, break_row, chain, custody_overview, holding_row, lot_row, visible
from tallyward.console.views.custody import BreakRows, CardChain, CustodyOverview, HoldingRows, LotRows
from tallyward.console.views.shared import page_fields
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.custody.trace import Trace
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.paging import MAX_LIMIT, Page, PageRequest, encode_cursor
from tallyward.registry.filters import CardFilter
from tallyward.registry.model import Card

router = APIRouter(prefix="/api/v1/custody", tags=["custody"])
Reader = Annotated[Visitor, Depends(Needs("read", "custody"))]
CardReader = Annotated[Visitor, Depends(Needs("read", "card"))]
LotName = Annotated[str, Path(min_length=1, max_length=64)]
CardNumber = Annotated[str, Path(min_length=1, max_length=96, description="ICCID, or LOT:SLOT where one sees all lots")]
EntryNumber = Annotated[int, Path(ge=0, le=2**53 - 1)]
_NEVER: Final = (None, ())


class ReceiptFile(Response):
    """A receipt to keep (C2SP tlog-proof)."""

    media_type = "text/plain"


@router.get("", operation_id="getCustody")
def get_custody(visitor: Reader, services: Services) -> CustodyOverview:
    """How the ledger stands: head, members with their stock, offers in flight, requests that wait, validators."""
    if services.custody is None:
        return NOTHING
    operator = operator_of(visitor, services)
    now = int(services.clock.now().timestamp())
    found = services.custody.standing(operator)
    sees_all, health = operator is None, services.custody_health
    return custody_overview(found, services.custody.log, now, sees_all=sees_all, health=health)


@router.get("/lots", operation_id="listLots")
def list_lots(visitor: Reader, services: Services, page: PageById) -> LotRows:
    """Lots in the order of their registration."""
    found = desk(services).lots(operator_of(visitor, services), page)
    return LotRows(**page_fields(found, lot_row))


@router.get("/lots/{lot}/holdings", operation_id="listHoldings")
def list_holdings(visitor: Reader, services: Services, lot: LotName, page: PageById) -> HoldingRows:
    """Who holds what of a lot, by slot."""
    found = desk(services).holdings(operator_of(visitor, services), lot, page)
    return HoldingRows(**page_fields(found, holding_row))


@router.get("/cards/{iccid}/chain", operation_id="getCardChain")
def get_card_chain(visitor: CardReader, services: Services, iccid: CardNumber) -> CardChain:
    """A card's way from its registration to now, and who signed each step."""
    found = _trace(visitor, services, iccid)
    shown = chain(found, desk(services).names()) if found else None
    return CardChain(begun=services.custody is not None, chain=shown)


@router.get("/entries/{entry}/receipt", operation_id="getReceipt", response_class=ReceiptFile)
def get_receipt(
    visitor: CardReader,
    services: Services,
    entry: EntryNumber,
    card: Annotated[str | None, Query(max_length=96, description="in whose chain it is")] = None,
) -> Response:
    """The proof of an entry. Who does not see all lots names a card of her own that it is about."""
    if card is None:
        seen = may(visitor.user.role, "read", "custody") and operator_of(visitor, services) is None
    else:
        found = _trace(visitor, services, card)
        seen = found is not None and any(one.link.entry == entry for one in found.steps)
    if not seen:
        raise NotFoundError("custody.entry_unknown", number=entry)
    text = desk(services).receipt(entry).text()
    return ReceiptFile(text, headers={"Content-Disposition": f'attachment; filename="receipt-{entry}.tlog-proof"'})


@router.get("/breaks", operation_id="listBreaks")
def list_breaks(visitor: Reader, services: Services, page: PageById) -> BreakRows:
    """Chains that break where usage was held against the ledger, the likeliest in unregistered hands first."""
    computed_at, rows = services.custody_risk.findings() if services.custody_risk else _NEVER
    seen = visible(operator_of(visitor, services), rows)
    begin = max(int(page.after[0]), 0) if page.after else 0
    end = begin + page.limit
    found = Page(tuple(seen[begin:end]), encode_cursor((end,)) if end < len(seen) else None)
    return BreakRows(**page_fields(found, break_row), computed_at=computed_at)


def desk(services: ConsoleServices) -> CustodyDesk:
    """The ledger's desk; refuses with `custody.no_ledger` where none was begun."""
    if services.custody is None:
        raise NotFoundError("custody.no_ledger", file="ledger.db")
    return services.custody


def organisation(visitor: Visitor, services: ConsoleServices) -> str | None:
    """The code of the visitor's enterprise; None if she belongs to none."""
    if visitor.user.enterprise is None:
        return None
    return services.registry.enterprise(visitor.actor, visitor.user.enterprise).code


def operator_of(visitor: Visitor, services: ConsoleServices) -> str | None:
    """Whose lots the visitor may see, by code; None: everybody's."""
    return None if visitor.actor.scope.enterprise is None else organisation(visitor, services)


def _trace(visitor: Visitor, services: ConsoleServices, number: str) -> Trace | None:
    """The way of a card that the visitor may see; None if the ledger does not have it.

    Who is bound to an enterprise sees the cards that the registry shows her, and those only as their operator's.
    """
    if visitor.actor.scope.enterprise is None:
        return services.custody.trace(number, None) if services.custody else None
    card = _card(visitor, services, number)
    if services.custody is None:
        return None
    return services.custody.trace(number, LookUp(services, visitor.actor).enterprise(card.operator).code)


def _card(visitor: Visitor, services: ConsoleServices, number: str) -> Card:
    page = services.registry.cards(visitor.actor, CardFilter(q=number), PageRequest(MAX_LIMIT))
    for card in page.rows:
        if card.iccid == number:
            return card
    raise NotFoundError("custody.number_unknown", number=number[:80])
