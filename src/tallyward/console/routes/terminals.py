"""Terminals, one terminal."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from tallyward.console.look_up import LookUp
from tallyward.console.paging import PageById
from tallyward.console.show.terminals import terminal_detail, terminal_row
from tallyward.console.views.shared import CadenceChange
from tallyward.console.views.terminals import TerminalDetail, TerminalRow, TerminalRows
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.kernel.ids import TerminalId
from tallyward.registry.cadence import Cadence
from tallyward.registry.filters import TerminalFilter
from tallyward.registry.model import Access, Usage

router = APIRouter(prefix="/api/v1", tags=["terminals"])
TerminalNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]
TerminalReader = Annotated[Visitor, Depends(Needs("read", "terminal"))]


@router.get("/terminals", operation_id="listTerminals")
def list_terminals(
    *,
    visitor: TerminalReader,
    services: Services,
    page: PageById,
    q: Annotated[str | None, Query(max_length=64, description="beginning of a serial or an IMEI")] = None,
    access: Access | None = None,
    usage: Usage | None = None,
    enterprise: Annotated[str | None, Query(max_length=64, description="code of the holder")] = None,
    fixed: bool | None = None,
    cadence: Cadence | None = None,
) -> TerminalRows:
    """Terminals in the order of their ids."""
    wanted = TerminalFilter(
        q=(q or "").strip(), enterprise=enterprise, access=access, usage=usage, fixed=fixed, cadence=cadence
    )
    found = services.registry.terminals(visitor.actor, wanted, page)
    look_up = LookUp(services, visitor.actor)
    return TerminalRows(rows=[terminal_row(look_up, one) for one in found.rows], next_cursor=found.next_cursor)


@router.get("/terminals/{terminal_id}", operation_id="getTerminal")
def get_terminal(visitor: TerminalReader, services: Services, terminal_id: TerminalNumber) -> TerminalDetail:
    """One terminal with its place and bindings."""
    actor = visitor.actor
    terminal = services.registry.terminal(actor, TerminalId(terminal_id))
    bindings = services.registry.terminal_bindings(actor, terminal.id)
    return terminal_detail(LookUp(services, actor), terminal, bindings)


@router.put("/terminals/{terminal_id}/cadence", operation_id="setTerminalCadence")
def set_terminal_cadence(
    visitor: Annotated[Visitor, Depends(Needs("act", "terminal"))],
    services: Services,
    terminal_id: TerminalNumber,
    wish: CadenceChange,
) -> TerminalRow:
    """Say how soon the records of cards in a terminal are judged at the latest; it is written to the audit log."""
    terminal = services.registry.set_terminal_cadence(visitor.actor, TerminalId(terminal_id), wish.cadence)
    return terminal_row(LookUp(services, visitor.actor), terminal)
