"""A service on a real database, each test on SQLite and on PostgreSQL, and a clock that is moved by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

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
def migrated_postgres(request: pytest.FixtureRequest) -> str:
    """The name of a database that is migrated and empty: to be copied."""
    url: str = request.getfixturevalue("new_postgres_database")("template1")
    upgrade(url)
    return make_url(url).database or ""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path, audit: AuditBook) -> Iterator[SqlIncidents]:
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'state.sqlite3'}")
        Base.metadata.create_all(engine)
    else:
        template = request.getfixturevalue("migrated_postgres")
        engine = open_engine(request.getfixturevalue("new_postgres_database")(template))
    yield SqlIncidents(scoped_sessions(engine), audit.write)
    engine.dispose()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(EVENING)


@pytest.fixture
def service(store: SqlIncidents, clock: FixedClock) -> IncidentService:
    return IncidentService(store, owners, clock, source_operator)
