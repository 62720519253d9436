"""A ledger's snapshot in a file beside it, by which it opens without taking up every entry again.

The file is a hint and never believed: it is taken up if the log beside it proves it (`snapshot`), the block that ends
it lies under the newest head, and that head is signed with the ledger's own key. Anything else - damaged, of another
ledger or version, ahead of a log that was put back - is logged and left; then the entries themselves are taken up.
It is written whole or not at all, by one process at a time; who would have to wait for another leaves it to that one.
"""

import fcntl
import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import structlog

from tallyward.custody import merkle
from tallyward.custody.checkpoint import NoteKey, SignedCheckpoint
from tallyward.custody.machine import Machine
from tallyward.custody.snapshot import Snapshot, refused, snapshot
from tallyward.custody.tiles import Tree
from tallyward.kernel.errors import TallywardError

_log = structlog.get_logger(__name__)


class Log(Protocol):
    """The entries that are to prove it."""

    def entries_at(self, numbers: Sequence[int]) -> Iterator[bytes]:
        """These entries, those of them that are there."""
        ...

    def tile(self, level: int, number: int) -> bytes:
        """Hashes of a tile; empty if there is none."""
        ...


class SnapshotFile:
    """The snapshot of the ledger in the file `ledger`."""

    def __init__(self, ledger: Path) -> None:
        """Nothing is read or written yet."""
        self.path = ledger.with_name(f"{ledger.name}.snapshot")

    def taken_up(self, log: Log, head: SignedCheckpoint, public: bytes, *, missed: bool = False) -> Machine | None:
        """The machine as it was kept, if the log under a head proves it. `public`: who must have signed the head.

        `missed`: that there is none is worth a warning.
        """
        if not self.path.is_file() and not missed:
            return None
        try:
            with _uncollected():
                return _proven(Snapshot(self.path.read_bytes()), log, head, public)
        except TallywardError as error:
            code, problem = error.code, error.parameters.get("problem", "")
        except (OSError, MemoryError) as error:
            code, problem = "custody.snapshot_refused", str(error)
        _log.warning("snapshot not taken up", file=self.path.name, code=code, problem=problem)
        return None

    def keep(self, machine: Machine) -> None:
        """Keep a machine that stands at the end of a block that is durable; where that fails it is logged alone."""
        try:
            self.put(snapshot(machine))
        except OSError as error:
            _log.warning("snapshot not kept", file=self.path.name, code="custody.not_durable", problem=str(error))

    def read(self) -> bytes:
        """What is there, believed in nothing; empty if there is nothing."""
        try:
            return self.path.read_bytes()
        except OSError:
            return b""

    def put(self, data: bytes) -> None:
        """Put a snapshot in place of another, durable and whole; nothing, if another process does so just now."""
        _replace(self.path, data)


def _proven(found: Snapshot, log: Log, head: SignedCheckpoint, public: bytes) -> Machine:
    size, newest = found.size, head.head
    if size > newest.size:
        raise refused("it is ahead of the log")
    end = b"".join(log.entries_at([size - 1]))
    path = merkle.inclusion(Tree(log.tile, newest.size).subtree, size - 1, newest.size)
    if not merkle.included(merkle.leaf_hash(end), size - 1, newest.size, path, newest.root):
        raise refused("its last block is not in the log")
    machine = found.machine(b"".join(log.entries_at([0])), log.entries_at(found.ends.tolist()))
    key = NoteKey(machine.origin, public)
    if newest.origin != key.name or not head.signed_by([key]):
        raise refused("the log's head is not signed with its key")
    return machine


def _replace(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.path.samestat(os.fstat(file.fileno()), part.stat()):
                return
        except (BlockingIOError, FileNotFoundError):  # another one writes it, or has just put it in place
            return
        file.truncate()
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        part.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Millions of rows that stay are made at once: looking among them for garbage would cost as much as they do."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
