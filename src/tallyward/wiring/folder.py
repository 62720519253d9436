"""The folder of an installation: made private, held by one server at a time."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tallyward.kernel.errors import ConflictError, UnavailableError

_OWNER_ONLY = 0o700
_PAUSE = 0.05


def prepare_folder(folder: Path) -> None:
    """Make the folder if it is missing, for its owner only; refuses with `wiring.folder_unusable`."""
    try:
        folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as wrong:
        raise UnavailableError(
            "wiring.folder_unusable", folder=str(folder), reason=wrong.strerror or str(wrong)
        ) from wrong


@contextmanager
def holding(folder: Path, name: str = "server", seconds: float = 0) -> Iterator[int]:
    """Hold `<folder>/<name>.lock` while the block runs; refuses with `wiring.folder_in_use` if another process does.

    The kernel lets go of the lock when the process ends in whatever way, so a killed server leaves no stale lock. Gives
    the lock's descriptor: children that it is passed to hold it too. `seconds`: how long to wait for children of a
    process that was killed.
    """
    prepare_folder(folder)
    until = time.monotonic() + seconds
    with (folder / f"{name}.lock").open("a+", encoding="ascii") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() < until:
                    time.sleep(_PAUSE)
                    continue
                file.seek(0)
                pid = file.read(20).strip() or "?"
                raise ConflictError("wiring.folder_in_use", folder=str(folder), pid=pid) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield file.fileno()
