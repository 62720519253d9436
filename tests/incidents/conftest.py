"""A service on a real database, each test on SQLite and on PostgreSQL, and a clock that is moved by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tallyward.incidents.adapters.sql_incidents import SqlIncidents
from tallyward.incidents.adapters.tables import Base
from tallyward.incidents.service import IncidentService
from tallyward.kernel.clock import FixedClock
from tallyward.registry.adapters.database import open_engine
from tallyward.registry.adapters.sessions import scoped_sessions
from tallyward.wiring.migrate import upgrade
from tests.incidents.making import EVENING, AuditBook, owners, source_operator


@pytest.fixture
def audit() -> AuditBook:
    return AuditBook()


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One migrated database for all tests, which each find empty."""
    engine = open_engine(request.getfixturevalue("new_postgres_database")("template1"))
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path, audit: AuditBook) -> Iterator[SqlIncidents]:
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'state.sqlite3'}")
        Base.metadata.create_all(engine)
    else:
        engine = request.getfixturevalue("postgres")
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE incident, incident_step RESTART IDENTITY"))
            connection.execute(text("UPDATE incident_counter SET last = 0"))
    yield SqlIncidents(scoped_sessions(engine), audit.write)
    engine.dispose()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(EVENING)


@pytest.fixture
def service(store: SqlIncidents, clock: FixedClock) -> IncidentService:
    return IncidentService(store, owners, clock, source_operator)
