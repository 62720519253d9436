"""The manifest's SQLite file: opened, brought to this release's form, written in whole transactions.

Write-ahead log and `synchronous=FULL`: a transaction that returned survives a power cut.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tallyward.kernel.errors import ConflictError, CorruptError, NotFoundError
from tallyward.records.adapters.disk_errors import telling_disk_errors
from tallyward.records.adapters.manifest_tables import STEPS
from tallyward.records.ports import Step, no_step

FORM: Final = len(STEPS)
"""The form of the tables that this release reads and writes: SQLite's `user_version`."""


class ManifestFile:
    """Safe for many threads of one process: one connection, one lock, short statements."""

    def __init__(self, folder: Path, *, read_only: bool = False, step: Step = no_step) -> None:
        """Open it, made where it is missing.

        `read_only` refuses with `records.no_store` where there is none, with `records.manifest_old` one of an older
        form, which the next writer brings to this release's.
        """
        self.folder = folder
        self.step = step
        self._lock = threading.RLock()
        path = folder / "manifest.sqlite"
        if read_only and not path.exists():
            raise NotFoundError("records.no_store", folder=str(folder))
        mode = "ro" if read_only else "rwc"
        with telling_disk_errors(folder):
            uri = f"{path.absolute().as_uri()}?mode={mode}"
            self.db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5.0)
            try:
                self._prepare(read_only=read_only)
            except BaseException:
                self.db.close()
                raise

    def _prepare(self, *, read_only: bool) -> None:
        if not read_only:
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute("PRAGMA synchronous=FULL")
            self.db.execute("PRAGMA foreign_keys=ON")
        found = self.db.execute("PRAGMA user_version").fetchone()[0]
        if found > FORM:
            raise CorruptError("records.manifest_version", folder=str(self.folder), found=found, known=FORM)
        if found < FORM and read_only:
            raise ConflictError("records.manifest_old", folder=str(self.folder), found=found, known=FORM)
        if found < FORM:
            steps = "".join(STEPS[found:])
            self.db.executescript(f"BEGIN IMMEDIATE; {steps} PRAGMA user_version={FORM}; COMMIT;")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of the body or nothing of it."""
        with self._lock, telling_disk_errors(self.folder):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self.step("before_commit")
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise
        self.step("committed")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Several statements that see the same state."""
        with self._lock, telling_disk_errors(self.folder):
            self.db.execute("BEGIN")
            try:
                yield self.db
            finally:
                self.db.execute("COMMIT")

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What one statement gives."""
        with self._lock, telling_disk_errors(self.folder):
            return self.db.execute(statement, values).fetchall()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self.db.close()
