import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from tallyward.kernel.errors import ConflictError, UnavailableError
from tallyward.registry.adapters.database import open_engine
from tallyward.wiring.migrate import current, newest, target_metadata, upgrade


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.sqlite3'}"
    found: str = request.getfixturevalue("postgres_url")
    return found


def test_the_steps_make_exactly_the_tables_of_the_rooms(url: str) -> None:
    assert current(url) is None
    assert upgrade(url) == newest() == current(url)
    engine = open_engine(url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), target_metadata())  # type: ignore[arg-type] # it takes several
    engine.dispose()
    assert differences == []


def test_a_second_upgrade_changes_nothing_and_waits_for_no_writer(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite3"
    upgrade(f"sqlite:///{file}")
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert upgrade(f"sqlite:///{file}") == newest()
    writer.close()


def test_a_database_of_a_later_release_is_left_alone(url: str) -> None:
    upgrade(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConflictError, match=r"wiring\.database_newer"):
        upgrade(engine)
    assert current(engine) == "9999"
    engine.dispose()


def test_a_step_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite3"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE cell (something TEXT)")  # in the way of a table of the first step
    other.close()
    with pytest.raises(Exception, match="cell"):
        upgrade(f"sqlite:///{file}")
    with sqlite3.connect(file) as after:
        assert [name for (name,) in after.execute("SELECT name FROM sqlite_master WHERE type = 'table'")] == ["cell"]
    after.close()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite3"
    file.write_bytes(b"this is not a database" * 100)
    with pytest.raises(UnavailableError, match=r"registry\.database_unreadable"):
        upgrade(f"sqlite:///{file}")
