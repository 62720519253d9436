import sqlite3
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, text

from tallyward.kernel.errors import ConflictError, UnavailableError
from tallyward.registry.adapters.database import open_engine
from tallyward.wiring.migrate import _config, current, newest, target_metadata, upgrade


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


def test_what_a_database_of_before_holds_is_kept_and_judged_live(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        see_everything(connection)
        command.upgrade(_config(connection), "0004")
        tables = MetaData()
        tables.reflect(connection)
        for name, told in BEFORE.items():
            connection.execute(tables.tables[name].insert(), [plain_row(tables.tables[name], told)])
        connection.execute(text("UPDATE registry_state SET version = 7"))
        before = {name: contents(connection, name) for name in BEFORE}
    assert upgrade(engine) == newest()
    with engine.begin() as connection:
        see_everything(connection)
        for name, rows in before.items():
            after = contents(connection, name)
            assert [{column: row[column] for column in rows[0]} for row in after] == rows
        for name in ("card", "terminal"):
            assert {row["cadence"] for row in contents(connection, name)} == {"live"}
        # nobody wrote down which dates of joining were told
        assert {(row["joined_at"], row["joined_told"]) for row in contents(connection, "card")} == {(1_700_000_000, 0)}
        # profiles have a column more: those of the present version must be written anew
        assert connection.execute(text("SELECT version FROM registry_state")).scalar() == 8
    engine.dispose()


BEFORE: dict[str, dict[str, object]] = {
    "enterprise": {"kind": "operator"},
    "card_class": {},
    "terminal": {"usage": "public", "access": "4G"},
    "card": {
        "iccid": "8986042400000001387",
        "imsi": "460041234567890",
        "real_name": "active",
        "joined_at": 1_700_000_000,
    },
    "incident": {"state": "open", "severity": "high", "subject_kind": "card"},
}
"""Tables of revision 0004, and what a row of each must say to be one."""


def see_everything(connection: Connection) -> None:
    """As the platform itself does: no enterprise's eyes."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT set_config('tallyward.enterprise', '*', true)"))


def plain_row(table: Table, told: dict[str, object]) -> dict[str, object]:
    """A row with the plainest value in every column that needs one."""
    plain = {"BOOLEAN": False, "INTEGER": 1, "SMALLINT": 1, "BIGINT": 1, "FLOAT": 0.0, "JSON": {}}
    plain |= {"DATE": date(2026, 3, 2), "DOUBLE_PRECISION": 0.0}
    needed = (one for one in table.columns if not one.nullable and one.server_default is None)
    return {one.name: plain.get(one.type.__visit_name__, "x") for one in needed} | told


def contents(connection: Connection, table: str) -> list[dict[str, object]]:
    """All rows of a table."""
    return [dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()]
