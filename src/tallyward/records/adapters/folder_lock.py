"""One writer a folder: a lock that the kernel lets go when its process dies, however it dies."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from tallyward.kernel.errors import ConflictError
from tallyward.records.adapters.disk_errors import telling_disk_errors


class FolderLock:
    """Held from the constructor to `close`; refuses with `records.locked_by_other` where another holds it."""

    def __init__(self, folder: Path) -> None:
        """Take the lock of a folder, which is made where it is missing."""
        with telling_disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(folder / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._descriptor, 20).decode("ascii", "replace").strip() or "?"
            os.close(self._descriptor)
            raise ConflictError("records.locked_by_other", folder=str(folder), process=holder) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, str(os.getpid()).encode(), 0)

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
