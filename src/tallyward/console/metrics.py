"""What the server measures of itself, for Prometheus."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import Scope

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_OTHER: Final = "other"


class Metrics:
    """Counters of one application: each has its own, so two in one process don't mix."""

    def __init__(self) -> None:
        """Start at zero."""
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "tallyward_http_requests", "Answered requests", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "tallyward_http_seconds", "Time to answer, streams aside", ["route"], registry=self._registry
        )
        self.streams = Gauge("tallyward_live_streams", "Open live streams", registry=self._registry)

    def note(self, scope: Scope, status: int | None, seconds: float) -> None:
        """Count an answer by the route's template, never by its path: ids would make a series each."""
        route = getattr(scope.get("route"), "path", _OTHER)
        method = scope["method"] if scope["method"] in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"} else _OTHER
        self._requests.labels(method, route, str(status or 0)).inc()
        if route != "/api/v1/events":
            self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self._registry)
