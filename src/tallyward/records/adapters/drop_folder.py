"""A folder that others put files into, watched by looking: no kernel events, so any file system will do."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tallyward.kernel.errors import UnavailableError
from tallyward.records.drop import Dropped

DONE: Final = "done"
REFUSED: Final = "refused"


class WatchedFolder:
    """A `DropFolder`: files that are in go to `done` below it, files that were refused as a whole to `refused`."""

    def __init__(self, root: Path, *, stays: bool = False) -> None:
        """Watch `root`."""
        self._root = root
        self.stays = stays

    def listing(self) -> list[Dropped]:
        """Every regular file; links are left alone, since they could lead anywhere."""
        with self._telling("records.drop_unreadable"), os.scandir(self._root) as entries:
            return [found for entry in entries if (found := _look(entry))]

    def path(self, name: str) -> Path:
        """Where a file lies."""
        return self._root / name

    def put_away(self, name: str, *, refused: bool) -> None:
        """Move a file; one of the same name that is there already stays, the new one gets a number."""
        folder = self._root / (REFUSED if refused else DONE)
        with self._telling("records.drop_not_moved", name=name.encode("utf-8", "backslashreplace").decode()):
            folder.mkdir(exist_ok=True)
            target, number = folder / name, 1
            while target.exists():
                number += 1
                target = folder / f"{name}.{number}"
            try:
                (self._root / name).rename(target)
            except FileNotFoundError:
                return

    @contextmanager
    def _telling(self, code: str, **blanks: str) -> Iterator[None]:
        try:
            yield
        except OSError as wrong:
            reason = wrong.strerror or str(wrong)
            raise UnavailableError(code, folder=str(self._root), reason=reason, **blanks) from wrong


def _look(entry: os.DirEntry[str]) -> Dropped | None:
    try:
        state = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(state.st_mode):
        return None
    return Dropped(entry.name, state.st_size, state.st_mtime, state.st_ino)
