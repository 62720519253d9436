"""Which files of a watched folder are whole: renamed into place, or left alone for long enough. Pure.

A file that its writer had under a temporary name is whole as soon as it has its final one. Any other must not have
changed in size and time for the seconds asked for, by its own time or by ours where the clocks differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

TEMPORARY: Final = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp")
SETTLE_SECONDS: Final = 5.0


class Dropped(NamedTuple):
    """A regular file in the folder. `modified`: seconds since the epoch; `inode` stays when a file is renamed."""

    name: str
    size: int
    modified: float
    inode: int

    @property
    def temporary(self) -> bool:
        """Its writer says by its name that it is not done."""
        return self.name.startswith(".") or self.name.lower().endswith(TEMPORARY)


@dataclass(slots=True)
class _Seen:
    stamp: tuple[int, float, int]
    since: float


class Settling:
    """Remembers from one look to the next what changed."""

    def __init__(self, seconds: float = SETTLE_SECONDS) -> None:
        """A file is whole when it was left alone for so long."""
        self._seconds = seconds
        self._seen: dict[str, _Seen] = {}
        self._being_written: set[int] = set()

    def whole(self, listing: Sequence[Dropped], now: float) -> list[Dropped]:
        """The files that can be taken now, oldest first; `now` in seconds since the epoch."""
        written = {one.inode for one in listing if one.temporary}
        finals = [one for one in listing if not one.temporary]
        self._seen = {one.name: self._look(one, now) for one in finals}
        found = [one for one in finals if self._settled(one, now)]
        gone_final = self._being_written & {one.inode for one in finals}
        self._being_written = written | gone_final
        return sorted(found, key=lambda one: (one.modified, one.name))

    def _look(self, one: Dropped, now: float) -> _Seen:
        stamp = (one.size, one.modified, one.inode)
        before = self._seen.get(one.name)
        return before if before and before.stamp == stamp else _Seen(stamp, now)

    def _settled(self, one: Dropped, now: float) -> bool:
        renamed = one.inode in self._being_written
        quiet = now - max(one.modified, 0) >= self._seconds and one.modified <= now
        return renamed or quiet or now - self._seen[one.name].since >= self._seconds
