"""The API without its services: all routes, and what its document says beyond FastAPI's own: permissions, problems."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import Lifespan

from tallyward import __version__
from tallyward.console.routes import (
    admin,
    cards,
    credit,
    custody,
    dry_runs,
    incidents,
    inspections,
    live,
    rule_baselines,
    rules,
    session,
    situation,
    sources,
    statistics,
    terminals,
    whitelist,
)
from tallyward.console.views.shared import Problem
from tallyward.console.visitor import SESSION_COOKIE, Needs, cookie_only, identify

_ROUTERS: Final = tuple(
    module.router
    for module in (
        session,
        situation,
        statistics,
        cards,
        terminals,
        incidents,
        inspections,
        custody,
        credit,
        sources,
        rule_baselines,  # before the rules by id
        rules,
        dry_runs,
        whitelist,
        admin,
        live,
    )
)
_ANYBODY: Final = {identify, cookie_only}
"""Dependencies that take any visitor, whatever her role."""
_REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"model": Problem, "description": "refused"},
    "5XX": {"model": Problem, "description": "not served"},
}
_SCHEMES: Final = {
    "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE},
    "token": {"type": "http", "scheme": "bearer"},
}


def routed(lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """A FastAPI with every route and no services."""
    app = FastAPI(
        title="Tallyward",
        version=__version__,
        summary="Guards IoT terminals and IoT cards together",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        responses=_REFUSALS,
        lifespan=lifespan,
    )
    for router in _ROUTERS:
        app.include_router(router)
    return app


def operations() -> Iterator[tuple[str, str, Needs | None, bool]]:
    """(path, method in lower case, what it needs, whether a visitor is needed at all) of each operation."""
    for router in _ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                calls = [dependency.call for dependency in route.dependant.dependencies]
                needs = next((call for call in calls if isinstance(call, Needs)), None)
                for method in route.methods or ():
                    yield route.path, method.lower(), needs, needs is not None or bool(_ANYBODY & set(calls))


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of `routed()`, with security, `x-permission`, and refusals as application/problem+json."""
    found = app.openapi()
    found["components"]["securitySchemes"] = _SCHEMES
    for path, method, needs, closed in operations():
        operation = found["paths"][path][method]
        for status in _REFUSALS:
            content = operation["responses"][status]["content"]
            operation["responses"][status]["content"] = {"application/problem+json": next(iter(content.values()))}
        if closed:
            operation["security"] = [{"session": []}] if needs is None else [{"session": []}, {"token": []}]
        if needs is not None:
            operation["x-permission"] = f"{needs.resource}:{needs.action}"
    return found
