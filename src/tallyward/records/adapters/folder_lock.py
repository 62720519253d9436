"""One writer a folder: a lock that the kernel lets go when its process dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tallyward.kernel.errors import ConflictError
from tallyward.records.adapters.disk_errors import telling_disk_errors

_PAUSE: Final = 0.1


class FolderLock:
    """Held from the constructor to `close`; refuses with `records.locked_by_other` where another holds it."""

    def __init__(self, folder: Path, wait_seconds: float = 0) -> None:
        """Take the lock of a folder, which is made where it is missing; wait for who holds it so long and no longer."""
        with telling_disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(folder / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        until = time.monotonic() + wait_seconds
        while not self._taken():
            if time.monotonic() < until:
                time.sleep(_PAUSE)
                continue
            holder = os.read(self._descriptor, 20).decode("ascii", "replace").strip() or "?"
            os.close(self._descriptor)
            raise ConflictError("records.locked_by_other", folder=str(folder), process=holder)
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, str(os.getpid()).encode(), 0)

    def _taken(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let go."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
