"""The log of look-ups keeps what was noted, for good."""

import sqlite3
from pathlib import Path

import pytest

from tallyward.custody.adapters.sqlite_look_ups import SqliteLookUpLog
from tallyward.custody.look_ups import Ground, LookUp
from tallyward.kernel.errors import CorruptError

ONE = LookUp("OP", "SHOP", Ground.OPERATOR, 100, 7, 640)
OTHER = LookUp("REG", "SHOP", Ground.REGULATOR, 90, 7, 640)


def test_what_was_noted_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "look_ups.db"
    for one in (ONE, OTHER):
        log = SqliteLookUpLog(path)
        log.add(one)
        log.close()
    log = SqliteLookUpLog(path)
    assert list(log.of("SHOP")) == [ONE, OTHER]
    assert list(log.of("RES")) == []
    log.close()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("sql", ["DELETE FROM look_up", "UPDATE look_up SET score = 0"])
def test_nothing_is_removed_or_changed(tmp_path: Path, sql: str) -> None:
    log = SqliteLookUpLog(tmp_path / "look_ups.db")
    log.add(ONE)
    with pytest.raises(sqlite3.IntegrityError, match="look-ups are never"):
        log._db.execute(sql)
    assert list(log.of("SHOP")) == [ONE]
    log.close()


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "look_ups.db"
    path.write_bytes(b"this is no database, however long it may be" * 50)
    with pytest.raises(CorruptError, match=r"custody\.file_unreadable"):
        SqliteLookUpLog(path)
