"""Live events, health, metrics."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response
from fastapi.responses import StreamingResponse

from tallyward import __version__
from tallyward.console.views.admin import Health
from tallyward.console.visitor import Needs, Services, Visitor

router = APIRouter(tags=["live"])


@router.get(
    "/api/v1/events",
    operation_id="streamEvents",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def stream_events(
    visitor: Annotated[Visitor, Depends(Needs("read", "situation"))],
    services: Services,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> StreamingResponse:
    """Server-sent events: `incident`, `records`, `scan`; a comment each 15 s. Goes on after Last-Event-ID."""
    raise NotImplementedError


@router.get("/api/v1/health", operation_id="getHealth")
def get_health() -> Health:
    """The server answers."""
    return Health(status="ok", version=__version__)


@router.get("/metrics", operation_id="getMetrics", response_class=Response)
def get_metrics(visitor: Annotated[Visitor, Depends(Needs("read", "metrics"))]) -> Response:
    """Prometheus metrics; give the scraper an administrator's token."""
    raise NotImplementedError
