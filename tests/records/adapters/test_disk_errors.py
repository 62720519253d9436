import contextlib
import errno
import sqlite3
from pathlib import Path

import pytest

from tallyward.kernel.errors import TallywardError
from tallyward.records.adapters.disk_errors import telling_disk_errors


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "records.disk_full"),
        (errno.EDQUOT, "records.disk_full"),
        (errno.EFBIG, "records.disk_full"),
        (errno.EROFS, "records.folder_read_only"),
        (errno.EACCES, "records.folder_read_only"),
        (errno.EIO, "records.disk_failing"),
    ],
)
def test_what_the_system_says(number: int, code: str) -> None:
    with pytest.raises(TallywardError) as error, telling_disk_errors(Path("/data")):
        raise OSError(number, "refused")
    assert error.value.code == code
    assert "/data" in error.value.sentence("en")


def run(where: Path | str, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(where)) as db:
        for statement in statements:
            db.execute(statement)


def test_what_sqlite_says(tmp_path: Path) -> None:
    (tmp_path / "no.sqlite").write_bytes(b"this is no database, and long enough to tell" * 50)
    with pytest.raises(TallywardError, match=r"records.manifest_unreadable"), telling_disk_errors(tmp_path):
        run(tmp_path / "no.sqlite", "SELECT * FROM sqlite_master")
    with pytest.raises(TallywardError, match=r"records.folder_read_only"), telling_disk_errors(tmp_path):
        run(tmp_path / "missing" / "no.sqlite", "SELECT 1")
    with pytest.raises(TallywardError, match=r"records.disk_full"), telling_disk_errors(tmp_path):
        run(":memory:", "PRAGMA max_page_count=2", "CREATE TABLE a (b)", "INSERT INTO a VALUES (zeroblob(100000))")
    with pytest.raises(TallywardError, match=r"records.disk_failing"), telling_disk_errors(tmp_path):
        run(":memory:", "no statement")


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), telling_disk_errors(Path()):
        raise ZeroDivisionError
