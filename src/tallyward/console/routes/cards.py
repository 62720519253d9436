"""Cards, one card, its records."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query

from tallyward.console.look_up import LookUp
from tallyward.console.paging import Cursor, Limit, PageById
from tallyward.console.routes.situation import newest_day
from tallyward.console.services import ConsoleServices
from tallyward.console.show.cards import card_fields, card_rows, effective_limits, functions, record_rows, usage
from tallyward.console.show.incidents import incident_rows
from tallyward.console.show.terminals import card_bindings
from tallyward.console.views.cards import CardClassRows, CardDetail, CardRecordRows, CardRow, CardRows
from tallyward.console.views.shared import CadenceChange
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.console.with_incidents import cards_with_incidents
from tallyward.incidents.model import IncidentFilter
from tallyward.kernel.actor import Actor
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import CardId, GroupListId, TerminalId
from tallyward.kernel.paging import DEFAULT_LIMIT, MAX_LIMIT, PageRequest, decode_cursor
from tallyward.records.model import RecordView
from tallyward.registry.cadence import Cadence
from tallyward.registry.filters import CardFilter
from tallyward.registry.model import Card, GroupList, RealName, Terminal

router = APIRouter(prefix="/api/v1", tags=["cards"])
CardReader = Annotated[Visitor, Depends(Needs("read", "card"))]
RecordReader = Annotated[Visitor, Depends(Needs("read", "record"))]
CardNumber = Annotated[int, Path(ge=1, le=2**32 - 1)]

_PAGES_OF_USE: Final = 10
"""Pages of records that a card's page adds up; beyond, its figures say that they are not complete."""
_NEWEST_INCIDENTS: Final = 50


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
    cadence: Annotated[Cadence | None, Query(description="the card's own")] = None,
    with_incidents: Annotated[bool, Query(description="only cards with incidents not closed")] = False,
) -> CardRows:
    """Cards in the order of their ids."""
    actor = visitor.actor
    wanted = CardFilter(
        q=(q or "").strip().removeprefix("+").upper(),
        card_class=card_class,
        real_name=real_name,
        enterprise=enterprise,
        home_area=area,
        fixed=fixed,
        cadence=cadence,
    )
    if with_incidents:
        found = cards_with_incidents(services.registry, services.incidents, actor, wanted, page)
    else:
        found = services.registry.cards(actor, wanted, page)
    open_incidents = services.incidents.open_by_card(actor, [card.id for card in found.rows])
    rows = card_rows(LookUp(services, actor), found.rows, open_incidents)
    return CardRows(rows=rows, next_cursor=found.next_cursor)


@router.get("/cards/{card_id}", operation_id="getCard")
def get_card(visitor: CardReader, services: Services, card_id: CardNumber, day: date | None = None) -> CardDetail:
    """One card with its limits, use, bindings and incidents; `day` is the day of the use, the newest by default."""
    actor, look_up = visitor.actor, LookUp(services, visitor.actor)
    card = services.registry.card(actor, CardId(card_id))
    day = day or newest_day(services)
    records, complete = _records_of(services, card.id, day)
    incidents = services.incidents.page(actor, IncidentFilter(card=card.id), PageRequest(_NEWEST_INCIDENTS))
    open_incidents = services.incidents.open_by_card(actor, [card.id]).get(card.id, 0)
    bindings = services.registry.bindings(actor, card.id)
    return CardDetail(
        **card_fields(look_up, card, open_incidents),
        effective_cadence=services.registry.effective_cadence(actor, card.id).value,
        limits=effective_limits(look_up, card),
        functions=functions(card, _lists(services, actor, card), records),
        bindings=card_bindings(bindings, _terminals(services, actor, {one.terminal for one in bindings})),
        incidents=incident_rows(look_up, incidents.rows),
        usage=usage(day, records, complete=complete),
    )


@router.put("/cards/{card_id}/cadence", operation_id="setCardCadence")
def set_card_cadence(
    visitor: Annotated[Visitor, Depends(Needs("act", "card"))],
    services: Services,
    card_id: CardNumber,
    wish: CadenceChange,
) -> CardRow:
    """Say how soon a card's records are judged, from the next batch on; it is written to the audit log."""
    actor = visitor.actor
    card = services.registry.set_card_cadence(actor, CardId(card_id), wish.cadence)
    (row,) = card_rows(LookUp(services, actor), [card], services.incidents.open_by_card(actor, [card.id]))
    return row


@router.get("/cards/{card_id}/records", operation_id="listCardRecords")
def list_card_records(
    visitor: RecordReader,
    services: Services,
    card_id: CardNumber,
    day: date,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> CardRecordRows:
    """Usage records of one card on one day. Who reads them is written to the audit log."""
    request = PageRequest(limit, decode_cursor(cursor, int, int, int) if cursor else None)
    card = services.registry.card(visitor.actor, CardId(card_id))
    services.accounts.note_reading(visitor.user, f"card {card.id}", card.enterprise, day=day.isoformat())
    found = services.records.card_records(card.id, day, request)
    return CardRecordRows(rows=record_rows(LookUp(services, visitor.actor), found.rows), next_cursor=found.next_cursor)


@router.get("/card-classes", operation_id="listCardClasses")
def list_card_classes(visitor: CardReader, services: Services) -> CardClassRows:
    """All card classes."""
    look_up = LookUp(services, visitor.actor)
    return CardClassRows(rows=[look_up.card_class(one) for one in look_up.card_classes], next_cursor=None)


def _records_of(services: ConsoleServices, card: CardId, day: date) -> tuple[list[RecordView], bool]:
    """The card's records of a day, and whether these are all."""
    records: list[RecordView] = []
    after = None
    for _ in range(_PAGES_OF_USE):
        page = services.records.card_records(card, day, PageRequest(MAX_LIMIT, after))
        records += page.rows
        if page.next_cursor is None:
            return records, True
        after = decode_cursor(page.next_cursor, int, int, int)
    return records, False


def _lists(services: ConsoleServices, actor: Actor, card: Card) -> dict[int, GroupList]:
    found: dict[int, GroupList] = {}
    for number in {limit.list for limit in (card.data, card.sms, card.voice) if limit.list is not None}:
        try:
            found[number] = services.registry.group_list(actor, GroupListId(number))
        except NotFoundError:
            continue  # a list of an enterprise the visitor may not look into
    return found


def _terminals(services: ConsoleServices, actor: Actor, ids: set[TerminalId]) -> dict[TerminalId, Terminal]:
    found: dict[TerminalId, Terminal] = {}
    for number in ids:
        try:
            found[number] = services.registry.terminal(actor, number)
        except NotFoundError:
            continue  # the card moved here from an enterprise the visitor may not look into
    return found
