"""Cards, one card, its records."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from tallyward.console.paging import PageById
from tallyward.console.views.cards import CardClassRows, CardDetail, CardRecordRows, CardRows
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.registry.model import RealName

router = APIRouter(prefix="/api/v1", tags=["cards"])
CardReader = Annotated[Visitor, Depends(Needs("read", "card"))]
RecordReader = Annotated[Visitor, Depends(Needs("read", "record"))]
CardNumber = Annotated[int, Path(ge=1, le=2**32 - 1)]
Text = Annotated[str | None, Query(max_length=64)]


@router.get("/cards", operation_id="listCards")
def list_cards(
    *,
    visitor: CardReader,
    services: Services,
    page: PageById,
    q: Annotated[str | None, Query(max_length=32, description="beginning of an ICCID, IMSI or MSISDN")] = None,
    card_class: Annotated[str | None, Query(max_length=64, description="code")] = None,
    real_name: RealName | None = None,
    enterprise: Annotated[str | None, Query(max_length=64, description="code of the holder")] = None,
    fixed: bool | None = None,
    area: Annotated[str | None, Query(max_length=64, description="code of the home area")] = None,
    with_incidents: Annotated[bool | None, Query(description="true: only cards with incidents not closed")] = None,
) -> CardRows:
    """Cards in the order of their ids."""
    raise NotImplementedError


@router.get("/cards/{card_id}", operation_id="getCard")
def get_card(visitor: CardReader, services: Services, card_id: CardNumber, day: date | None = None) -> CardDetail:
    """One card with its limits, use, bindings and incidents; `day` is the day of the use, the newest by default."""
    raise NotImplementedError


@router.get("/cards/{card_id}/records", operation_id="listCardRecords")
def list_card_records(
    visitor: RecordReader,
    services: Services,
    card_id: CardNumber,
    day: date,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> CardRecordRows:
    """Usage records of one card on one day. Who reads them is written to the audit log."""
    raise NotImplementedError


@router.get("/card-classes", operation_id="listCardClasses")
def list_card_classes(visitor: CardReader, services: Services) -> CardClassRows:
    """All card classes."""
    raise NotImplementedError
