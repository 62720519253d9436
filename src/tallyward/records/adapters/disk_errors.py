"""What the disk or SQLite says, as our errors: full, read-only, failing, busy, not ours."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tallyward.kernel.errors import ConflictError, CorruptError, TallywardError, UnavailableError

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY: Final = {errno.EROFS, errno.EACCES, errno.EPERM}
_SQLITE: Final[dict[int, tuple[type[TallywardError], str]]] = {
    sqlite3.SQLITE_FULL: (UnavailableError, "records.disk_full"),
    sqlite3.SQLITE_READONLY: (UnavailableError, "records.folder_read_only"),
    sqlite3.SQLITE_CANTOPEN: (UnavailableError, "records.folder_read_only"),
    sqlite3.SQLITE_PERM: (UnavailableError, "records.folder_read_only"),
    sqlite3.SQLITE_BUSY: (ConflictError, "records.manifest_busy"),
    sqlite3.SQLITE_LOCKED: (ConflictError, "records.manifest_busy"),
    sqlite3.SQLITE_IOERR: (UnavailableError, "records.disk_failing"),
    sqlite3.SQLITE_NOTADB: (CorruptError, "records.manifest_unreadable"),
    sqlite3.SQLITE_CORRUPT: (CorruptError, "records.manifest_unreadable"),
}


@contextmanager
def telling_disk_errors(folder: Path) -> Iterator[None]:
    """Turn an `OSError` or an `sqlite3.Error` of the body into an error with a code."""
    try:
        yield
    except OSError as error:
        raise _of_system(error, folder) from error
    except sqlite3.Error as error:
        raise _of_sqlite(error, folder) from error


def _of_system(error: OSError, folder: Path) -> TallywardError:
    if error.errno in _FULL:
        return UnavailableError("records.disk_full", folder=str(folder))
    if error.errno in _READ_ONLY:
        return UnavailableError("records.folder_read_only", folder=str(folder))
    return UnavailableError("records.disk_failing", folder=str(folder), detail=str(error))


def _of_sqlite(error: sqlite3.Error, folder: Path) -> TallywardError:
    number = getattr(error, "sqlite_errorcode", 0) & 0xFF
    kind, code = _SQLITE.get(number, (UnavailableError, "records.disk_failing"))
    return kind(code, folder=str(folder), detail=str(error))
