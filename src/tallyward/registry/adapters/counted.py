"""Counts over all rows are kept until the registry changes: a situation page asks for them every few seconds."""

import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from sqlalchemy.orm import Session

from tallyward.kernel.actor import Scope
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.state import versions

Counts = TypeVar("Counts")

_MOST: Final = 256


class Counted(Generic[Counts]):
    """Counts of a scope at the registry's present version."""

    def __init__(self, sessions: Sessions, count: Callable[[Session], Counts]) -> None:
        self._sessions = sessions
        self._count = count
        self._kept: dict[Scope, tuple[int, Counts]] = {}
        self._lock = threading.Lock()

    def of(self, scope: Scope) -> Counts:
        """What `scope` may see, counted."""
        with self._sessions.reading(scope) as session:
            version = versions(session)[0]
            kept = self._kept.get(scope)
            if kept is not None and kept[0] == version:
                return kept[1]
            counts = self._count(session)
        with self._lock:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[scope] = version, counts
        return counts
