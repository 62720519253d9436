"""Transactions bound to a tenant's scope: the only way any room reaches the state database."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tallyward.kernel.actor import Scope
from tallyward.registry.adapters.database import READING
from tallyward.registry.adapters.tenant import bind_scope, guard


class Sessions(Protocol):
    """What adapters of every room take: one transaction a call, committed at the end unless the block raises."""

    def begin(self, scope: Scope) -> AbstractContextManager[Session]:
        """A transaction that may write. On SQLite it holds the write lock from its start: keep it short."""
        ...

    def reading(self, scope: Scope) -> AbstractContextManager[Session]:
        """A transaction that only reads: one consistent picture, and it waits for nobody."""
        ...


class _ScopedSession(Session):
    """Carries the tenant criteria."""


guard(_ScopedSession)


class ScopedSessions:
    """`Sessions` on an engine."""

    def __init__(self, engine: Engine) -> None:
        self._writing = engine
        self._reading = engine.execution_options(**{READING: True})

    @contextmanager
    def begin(self, scope: Scope) -> Iterator[Session]:
        """A transaction that may write."""
        with _ScopedSession(self._writing, expire_on_commit=False) as session, session.begin():
            bind_scope(session, scope)
            yield session

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Session]:
        """A transaction that only reads."""
        with _ScopedSession(self._reading, expire_on_commit=False) as session, session.begin():
            bind_scope(session, scope)
            yield session


def scoped_sessions(engine: Engine) -> Sessions:
    """Scoped transactions on `engine`."""
    return ScopedSessions(engine)
