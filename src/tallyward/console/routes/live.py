"""Live events, health, metrics."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from tallyward import __version__
from tallyward.console.feed import BEAT_EVERY, Feed, Listener
from tallyward.console.metrics import CONTENT_TYPE, Metrics
from tallyward.console.show.sources import sees_all
from tallyward.console.views.admin import Health
from tallyward.console.visitor import Needs, Services, Visitor, identify
from tallyward.kernel.errors import TallywardError

router = APIRouter(tags=["live"])
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # the second for nginx: pass on at once


@router.get(
    "/api/v1/events",
    operation_id="streamEvents",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def stream_events(
    request: Request,
    visitor: Annotated[Visitor, Depends(Needs("read", "incident"))],
    services: Services,
    last_event_id: Annotated[int | None, Header(ge=0, le=2**63 - 1)] = None,
) -> StreamingResponse:
    """Server-sent events: `incident`, `records`, `scan`; a comment each 15 s. Goes on after Last-Event-ID."""
    feed: Feed = request.app.state.feed
    feed.check_room(visitor.user.name)
    sources = await run_in_threadpool(services.records.sources)
    listener = Listener(visitor.user.name, visitor.actor.scope, sees_all(visitor.actor.scope, sources))
    return StreamingResponse(
        _stream(request, listener, visitor, last_event_id), media_type="text/event-stream", headers=_HEADERS
    )


@router.get("/api/v1/health", operation_id="getHealth")
def get_health(services: Services) -> Health:
    """The server answers; "impaired": something that it needs is damaged, which log and metrics name."""
    return Health(status="impaired" if services.baselines.damage() else "ok", version=__version__)


@router.get(
    "/metrics",
    operation_id="getMetrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def get_metrics(
    visitor: Annotated[Visitor, Depends(Needs("read", "metrics"))], request: Request, services: Services
) -> Response:
    """Prometheus metrics; give the scraper an administrator's token."""
    _ = visitor  # whoever may read metrics reads the same ones
    metrics: Metrics = request.app.state.metrics
    text = metrics.text(services.intakes.states(), baselines_damaged=services.baselines.damage() is not None)
    return Response(text, headers={"Content-Type": CONTENT_TYPE})


async def _stream(
    request: Request, listener: Listener, visitor: Visitor, last_event_id: int | None
) -> AsyncIterator[bytes]:
    """The lines of one stream. Ends when the session does, when the server does, or when the client can't keep up."""
    feed: Feed = request.app.state.feed
    metrics: Metrics = request.app.state.metrics
    async with feed.listening(listener) as now:
        with metrics.streams.track_inprogress():
            yield b"retry: 2000\n\n"
            async for told in feed.missed(visitor.actor, now if last_event_id is None else last_event_id, now):
                yield told.line()
            while True:
                try:
                    next_told = await asyncio.wait_for(listener.queue.get(), BEAT_EVERY)
                except TimeoutError:
                    if not await run_in_threadpool(_still_signed_in, request):
                        return
                    yield b": beat\n\n"
                    continue
                if next_told is None:
                    return
                yield next_told.line()


def _still_signed_in(request: Request) -> bool:
    try:
        identify(request)
    except TallywardError:
        return False
    return True
