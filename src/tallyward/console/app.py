"""The console as an ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from tallyward.console.api import routed
from tallyward.console.feed import Feed
from tallyward.console.guard import Guard
from tallyward.console.metrics import Metrics
from tallyward.console.pages import BUILT, serve_pages
from tallyward.console.problems import handle_problems
from tallyward.console.services import ConsoleServices


def create_app(services: ConsoleServices, pages: Path = BUILT) -> FastAPI:
    """API, live events and pages on `services`.

    `app.state.feed.close()` ends the live streams; call it before the server is told to stop, or it waits for them.
    """
    app = routed(_ending)
    app.state.services = services
    app.state.feed = Feed(services)
    app.state.metrics = Metrics()
    handle_problems(app)
    serve_pages(app, pages)
    app.add_middleware(Guard, metrics=app.state.metrics, https=services.https)
    return app


@asynccontextmanager
async def _ending(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.feed.close()
