"""Each test that asks for `world` runs on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tallyward.wiring.migrate import upgrade
from tests.registry.world import World, open_world


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "state.sqlite3"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(request: pytest.FixtureRequest) -> str:
    new_database: Callable[[str], str] = request.getfixturevalue("new_postgres_database")
    url = new_database("template1")
    upgrade(url)
    return make_url(url).database or ""


@pytest.fixture
def sqlite_world(migrated_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    file = tmp_path / "state.sqlite3"
    shutil.copy(migrated_sqlite, file)
    world = open_world(f"sqlite:///{file}", tmp_path)
    yield world
    world.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_world")
        return
    template: str = request.getfixturevalue("migrated_postgres")
    url = request.getfixturevalue("new_postgres_database")(template)
    world = open_world(url, tmp_path)
    yield world
    world.engine.dispose()
