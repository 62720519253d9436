"""What happens, told to all who watch: one look a second at the log of changes for all listeners together.

A listener hears only what its scope may see. One that can't keep up is let go: its browser comes back with the number
of the last event it heard, and misses nothing.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool

from tallyward.console.services import ConsoleServices
from tallyward.console.show.traversal import coverage
from tallyward.incidents.model import Change, ChangeKind
from tallyward.kernel.actor import PLATFORM, Actor, Scope
from tallyward.kernel.errors import TooOftenError

LOOK_EVERY: Final = 1.0
BEAT_EVERY: Final = 15.0
QUEUE: Final = 500
CHUNK: Final = 500
MOST_LISTENERS: Final = 200
MOST_OF_ONE: Final = 10
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """One event as it goes over the line. `id` is the number of the step, None for events that are no steps."""

    event: str
    data: dict[str, object]
    id: int | None = None

    def line(self) -> bytes:
        """As the event-stream format wants it (WHATWG HTML, 9.2.5)."""
        head = f"id: {self.id}\n" if self.id is not None else ""
        return f"{head}event: {self.event}\ndata: {json.dumps(self.data, ensure_ascii=False)}\n\n".encode()


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream."""

    user: str
    scope: Scope
    sees_records: bool
    queue: asyncio.Queue[Told | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))


class Feed:
    """Looks while somebody listens. Lives in one event loop."""

    def __init__(self, services: ConsoleServices, look_every: float = LOOK_EVERY) -> None:
        """Nothing runs before the first listener."""
        self._services = services
        self._look_every = look_every
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._last = 0
        self._facts: dict[str, dict[str, object]] = {}

    def check_room(self, user: str) -> None:
        """Refuse with `console.too_many_streams` before an answer is begun."""
        of_one = sum(listener.user == user for listener in self._listeners)
        if len(self._listeners) >= MOST_LISTENERS or of_one >= MOST_OF_ONE:
            raise TooOftenError("console.too_many_streams")

    @asynccontextmanager
    async def listening(self, listener: Listener) -> AsyncIterator[int]:
        """Hear from now on; gives the number of the last step before."""
        if self._task is None:
            self._last = await run_in_threadpool(self._services.incidents.last_change)
            self._facts = {}
            self._task = asyncio.create_task(self._keep_looking())
        self._listeners.add(listener)
        for name, data in self._facts.items():
            self._offer(listener, Told(name, data))
        try:
            yield self._last
        finally:
            self._listeners.discard(listener)
            if not self._listeners and self._task is not None:
                self._task.cancel()
                self._task = None

    async def missed(self, actor: Actor, after: int, until: int) -> AsyncIterator[Told]:
        """Steps above `after` up to `until` that the actor may see."""
        while after < until:
            changes = await run_in_threadpool(self._services.incidents.changes_after, actor, after, CHUNK)
            for change in changes:
                if change.id <= until:
                    yield told_change(change)
            if len(changes) < CHUNK:
                return
            after = changes[-1].id

    def close(self) -> None:
        """End all streams, from whatever thread: a server that goes down would wait for them."""
        if self._task is not None:
            self._task.get_loop().call_soon_threadsafe(self._let_all_go)

    def _let_all_go(self) -> None:
        for listener in list(self._listeners):
            self._let_go(listener)

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self._look()
            except Exception:  # noqa: BLE001 - a look that fails is told once in the log; the next may succeed
                _log.exception("live feed failed")
            await asyncio.sleep(self._look_every)

    async def _look(self) -> None:
        changes = await run_in_threadpool(self._services.incidents.changes_after, PLATFORM, self._last, CHUNK)
        for change in changes:
            for listener in list(self._listeners):
                if may_hear(listener.scope, change):
                    self._offer(listener, told_change(change))
            self._last = change.id
        facts = await run_in_threadpool(_facts, self._services)
        for name, data in facts.items():
            if self._facts.get(name) != data:
                for listener in list(self._listeners):
                    if listener.sees_records:
                        self._offer(listener, Told(name, data))
        self._facts = facts

    def _offer(self, listener: Listener, told: Told) -> None:
        if told.id is None and not listener.sees_records:
            return
        try:
            listener.queue.put_nowait(told)
        except asyncio.QueueFull:
            self._let_go(listener)

    def _let_go(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        while not listener.queue.empty():
            listener.queue.get_nowait()
        listener.queue.put_nowait(None)


def may_hear(scope: Scope, change: Change) -> bool:
    """Whether a step is of a row that the scope may see."""
    return scope.enterprise is None or scope.enterprise in {change.owners.holder, change.owners.operator}


def told_change(change: Change) -> Told:
    """A step as an event."""
    data: dict[str, object] = {
        "id": change.incident,
        "rule": change.rule,
        "state": change.state.value,
        "card": change.card or None,
        "severity": change.severity,
        "opened": change.kind is ChangeKind.OPENED,
    }
    return Told("incident", data, change.id)


def _facts(services: ConsoleServices) -> dict[str, dict[str, object]]:
    """What is told when it has changed: records taken in, and the newest traversal."""
    facts: dict[str, dict[str, object]] = {
        "records": {"total": sum(source.records for source in services.records.sources())}
    }
    newest = services.scans.last()
    if newest is not None:
        statement = coverage(newest, services.records.refused(newest.day))
        facts["scan"] = {"coverage": statement.model_dump(mode="json")}
    return facts
