"""Sources of records and the quarantine."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from tallyward.console.paging import PageById
from tallyward.console.views.sources import QuarantineRows, SourceRows
from tallyward.console.visitor import Needs, Services, Visitor

router = APIRouter(prefix="/api/v1", tags=["sources"])


@router.get("/sources", operation_id="listSources")
def list_sources(visitor: Annotated[Visitor, Depends(Needs("read", "source"))], services: Services) -> SourceRows:
    """All sources one may see, by name."""
    raise NotImplementedError


@router.get("/quarantine", operation_id="listQuarantine")
def list_quarantine(
    visitor: Annotated[Visitor, Depends(Needs("read", "quarantine"))],
    services: Services,
    page: PageById,
    source: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> QuarantineRows:
    """Records and files set aside, newest first."""
    raise NotImplementedError
