import os
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tallyward.kernel.actor import EVERYTHING, PLATFORM
from tallyward.kernel.errors import InvalidError, UnavailableError
from tallyward.registry.adapters import database
from tallyward.registry.adapters.database import open_engine, refusal_of
from tallyward.registry.columns import Kind
from tallyward.registry.model import EnterpriseKind
from tests.registry.world import FILES, World, open_world


def test_commits_are_durable_and_keys_are_checked(sqlite_world: World) -> None:
    with sqlite_world.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    with pytest.raises(IntegrityError), sqlite_world.sessions.begin(EVERYTHING) as session:
        session.execute(text("INSERT INTO cell (id, cgi, area_id, latitude, longitude) VALUES (1, 'x', 99, 0, 0)"))


def test_a_database_that_is_read_only_is_told(sqlite_world: World) -> None:
    sqlite_world.take_all(Kind.ENTERPRISES)
    with sqlite_world.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")  # root may write any file, so not by its permissions
        connection.commit()
        connection.detach()
        with pytest.raises(UnavailableError, match=r"registry\.database_read_only") as refusal:
            connection.exec_driver_sql("DELETE FROM enterprise")
    assert str(refusal.value.parameters["database"]).endswith("state.sqlite3")


def test_a_database_that_is_full_is_told_and_keeps_what_it_has(sqlite_world: World) -> None:
    sqlite_world.take_all(Kind.ENTERPRISES)
    version = sqlite_world.registry.version()
    rows = ", ".join(f"({1000 + number}, 'c{number}', 'x', 'vendor')" for number in range(2000))
    with sqlite_world.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(UnavailableError, match=r"registry\.database_full"):
            connection.exec_driver_sql(f"INSERT INTO enterprise (id, code, name, kind) VALUES {rows}")
    assert sqlite_world.registry.version() == version
    assert len(sqlite_world.registry.enterprises(PLATFORM)) == 5


def test_a_file_that_is_no_database_or_was_never_set_up_is_told(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite3"
    file.write_bytes(os.urandom(10_000))
    world = open_world(f"sqlite:///{file}", tmp_path)
    with pytest.raises(UnavailableError, match=r"registry\.database_unreadable"):
        world.registry.version()
    world = open_world(f"sqlite:///{tmp_path / 'new.sqlite3'}", tmp_path)
    with pytest.raises(UnavailableError, match=r"registry\.database_not_upgraded"):
        world.registry.version()
    world.engine.dispose()
    world = open_world(f"sqlite:///{tmp_path / 'no' / 'folder.sqlite3'}", tmp_path)
    with pytest.raises(UnavailableError, match=r"registry\.database_unreachable"):
        world.registry.version()


def test_a_log_that_finds_no_room_is_told_as_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state.sqlite3").mkdir()  # can't be opened, as a log on a full disk
    world = open_world(f"sqlite:///{tmp_path / 'state.sqlite3'}", tmp_path)
    with pytest.raises(UnavailableError, match=r"registry\.database_unreachable"):
        world.registry.version()
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(1 << 20, 1 << 20, 4096))
    with pytest.raises(UnavailableError, match=r"registry\.database_full"):
        world.registry.version()


def test_a_damaged_page_is_told(sqlite_world: World) -> None:
    sqlite_world.take_all(Kind.TERMINALS)
    file = sqlite_world.folder / "state.sqlite3"
    sqlite_world.engine.dispose()  # the last connection takes the log into the file
    broken = sqlite_world.folder / "broken.sqlite3"
    shutil.copy(file, broken)
    with broken.open("r+b") as out:
        out.seek(4096)
        out.write(b"\xff" * (broken.stat().st_size - 4096))
    world = open_world(f"sqlite:///{broken}", sqlite_world.folder)
    with pytest.raises(UnavailableError, match=r"registry\.database_unreadable"):
        world.registry.enterprises(PLATFORM)
    world.engine.dispose()


def test_a_writer_that_waits_too_long_is_told(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_SQLITE_SETTINGS", (*database._SQLITE_SETTINGS, "busy_timeout=50"))
    world = open_world(str(sqlite_world.engine.url), sqlite_world.folder)
    other = sqlite3.connect(sqlite_world.folder / "state.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError, match=r"registry\.database_busy"):
        world.registry.add_enterprise(PLATFORM, "x", "X", EnterpriseKind.VENDOR)
    assert world.registry.enterprises(PLATFORM) == ()  # readers wait for nobody
    other.close()
    world.engine.dispose()


def test_writers_take_turns(world: World) -> None:
    world.take_all(Kind.ENTERPRISES)
    start = world.registry.version()

    def add(who: int) -> None:
        for number in range(5):
            world.registry.add_enterprise(PLATFORM, f"e-{who}-{number}", "E", EnterpriseKind.VENDOR)

    threads = [threading.Thread(target=add, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [one.id for one in world.registry.enterprises(PLATFORM)]
    assert sorted(ids) == list(range(1, 26))
    assert world.registry.version() == start + 20


def test_two_servers_import_the_same_file_at_once(world: World) -> None:
    world.take_all(Kind.TERMINALS)
    second = open_world(world.engine.url.render_as_string(hide_password=False), world.folder / "..")
    reports = []
    threads = [
        threading.Thread(target=lambda one=one: reports.append(one.take(Kind.CARDS, FILES[Kind.CARDS])))
        for one in (world, second)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    second.engine.dispose()
    assert sorted((report.added, report.unchanged) for report in reports) == [(0, 4), (4, 0)]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:secret@host/db",
        "nonsense",
        "oracle://x",
        "sqlite+aiosqlite:///x",
        "postgresql://user:secret@[::1/db",
    ],
)
def test_other_databases_are_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(InvalidError, match=r"registry\.database_url") as refusal:
        open_engine(url)
    assert "secret" not in str(refusal.value)


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    engine = open_engine(f"postgresql://someone:secret@/db?host={tmp_path}")
    with pytest.raises(UnavailableError, match=r"registry\.database_unreachable") as refusal:
        engine.connect()
    assert "secret" not in str(refusal.value)


def test_what_a_statement_is_to_blame_for_is_no_refusal() -> None:
    assert refusal_of(sqlite3.IntegrityError("UNIQUE constraint failed"), "x") is None
    assert refusal_of(ValueError("x"), "x") is None
