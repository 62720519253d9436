"""What the server measures of itself, for Prometheus."""

from collections.abc import Iterable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import Scope

from tallyward.records.intake_state import Doing, IntakeState

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
        self._stopped = self._of_intakes("stopped", "1 while something keeps the intake from taking records", "reason")
        self._waiting = self._of_intakes("waiting", "Files or messages that wait")
        self._waiting_bytes = self._of_intakes("waiting_bytes", "Bytes that wait")
        self._looked = self._of_intakes("looked_timestamp_seconds", "When the intake last looked")
        self._damaged = Gauge(
            "tallyward_baselines_damaged", "1 while the newest baselines can't be used", registry=self._registry
        )

    def _of_intakes(self, name: str, says: str, *labels: str) -> Gauge:
        return Gauge(f"tallyward_intake_{name}", says, ["intake", *labels], registry=self._registry)

    def note(self, scope: Scope, status: int | None, seconds: float) -> None:
        """Count an answer by the route's template, never by its path: ids would make a series each."""
        route = getattr(scope.get("route"), "path", _OTHER)
        method = scope["method"] if scope["method"] in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"} else _OTHER
        self._requests.labels(method, route, str(status or 0)).inc()
        if route != "/api/v1/events":
            self._seconds.labels(route).observe(seconds)

    def text(self, intakes: Iterable[IntakeState] = (), *, baselines_damaged: bool = False) -> bytes:
        """The exposition format; intakes and baselines as they are now."""
        self._damaged.set(baselines_damaged)
        self._stopped.clear()
        for state in intakes:
            name = state.kind.value
            self._stopped.labels(name, state.reason_code).set(state.doing is Doing.STOPPED)
            self._waiting.labels(name).set(state.behind.waiting)
            self._waiting_bytes.labels(name).set(state.behind.bytes)
            self._looked.labels(name).set(state.at.timestamp())
        return generate_latest(self._registry)
