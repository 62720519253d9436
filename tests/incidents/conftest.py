"""A service on a real SQLite file and a clock that is moved by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tallyward.incidents.adapters.sql_incidents import SqlIncidents
from tallyward.incidents.adapters.tables import Base
from tallyward.incidents.service import IncidentService
from tallyward.kernel.clock import FixedClock
from tallyward.registry.adapters.database import open_engine
from tallyward.registry.adapters.sessions import scoped_sessions
from tests.incidents.making import EVENING, AuditBook, owners, source_operator


@pytest.fixture
def audit() -> AuditBook:
    return AuditBook()


@pytest.fixture
def store(tmp_path: Path, audit: AuditBook) -> Iterator[SqlIncidents]:
    engine = open_engine(f"sqlite:///{tmp_path / 'state.sqlite3'}")
    Base.metadata.create_all(engine)
    yield SqlIncidents(scoped_sessions(engine), audit.write)
    engine.dispose()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(EVENING)


@pytest.fixture
def service(store: SqlIncidents, clock: FixedClock) -> IncidentService:
    return IncidentService(store, owners, clock, source_operator)
