"""Sources of records and the quarantine."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from tallyward.console.look_up import LookUp
from tallyward.console.paging import PageById
from tallyward.console.services import ConsoleServices
from tallyward.console.show.sources import intake_row, quarantine_row, source_row, visible
from tallyward.console.views.sources import IntakeRows, QuarantineRows, SourceRows
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import SourceId
from tallyward.kernel.paging import Page, PageRequest, encode_cursor
from tallyward.records.model import QuarantineRow, SourceState

router = APIRouter(prefix="/api/v1", tags=["sources"])


@router.get("/sources", operation_id="listSources")
def list_sources(visitor: Annotated[Visitor, Depends(Needs("read", "source"))], services: Services) -> SourceRows:
    """All sources one may see, by name."""
    look_up = LookUp(services, visitor.actor)
    seen = visible(visitor.actor.scope, services.records.sources())
    return SourceRows(rows=[source_row(look_up, source) for source in seen], next_cursor=None)


@router.get("/intakes", operation_id="listIntakes")
def list_intakes(visitor: Annotated[Visitor, Depends(Needs("read", "source"))], services: Services) -> IntakeRows:
    """How the continuous intakes do: what they watch, how far behind they are, what stops them."""
    scope = visitor.actor.scope
    seen = [state for state in services.intakes.states() if scope.enterprise in {None, state.operator}]
    return IntakeRows(rows=[intake_row(state) for state in seen], next_cursor=None)


@router.get("/quarantine", operation_id="listQuarantine")
def list_quarantine(
    visitor: Annotated[Visitor, Depends(Needs("read", "quarantine"))],
    services: Services,
    page: PageById,
    source: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> QuarantineRows:
    """Records and files set aside, newest first."""
    every = services.records.sources()
    seen = {one.id: one for one in visible(visitor.actor.scope, every)}
    if source is not None and source not in seen:
        raise NotFoundError("console.source_unknown", source=source)
    if source is not None or len(seen) == len(every):
        found = services.records.quarantine(page, None if source is None else SourceId(source))
    else:
        found = _of_several(services, page, seen)
    return QuarantineRows(rows=[quarantine_row(row, seen) for row in found.rows], next_cursor=found.next_cursor)


def _of_several(services: ConsoleServices, page: PageRequest, seen: dict[SourceId, SourceState]) -> Page[QuarantineRow]:
    """One page out of the newest rows of each of these sources."""
    pages = [services.records.quarantine(page, source) for source in seen]
    rows = sorted((row for one in pages for row in one.rows), key=lambda row: row.id, reverse=True)
    more = len(rows) > page.limit or any(one.next_cursor for one in pages)
    rows = rows[: page.limit]
    return Page(tuple(rows), encode_cursor((rows[-1].id,)) if more and rows else None)
