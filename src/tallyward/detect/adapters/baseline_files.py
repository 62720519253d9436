"""Baselines kept as files of a folder: one file a version, whole or not at all, its digest in its name.

A name is a number that grows and the digest's beginning, so a file that was changed or cut off is told from a good one.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import Final, TypeAlias

from tallyward.detect.baseline_form import MOST_BYTES, from_bytes, to_bytes
from tallyward.detect.usual import Baselines
from tallyward.kernel.errors import CorruptError, TallywardError, TooLargeError

KEPT: Final = 8
"""Files that are kept: the newest, and those before it."""
_NAME: Final = re.compile(r"(\d{8})-([0-9a-f]{16})\.json")
_Seen: TypeAlias = tuple[str, int, int, int]
"""Name, inode, size and time of change of a file."""


class BaselineFiles:
    """The baselines of an installation."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made before something is kept."""
        self._folder = folder
        self._read: tuple[_Seen, Baselines] | None = None
        self._refused: tuple[_Seen, TallywardError] | None = None

    def keep(self, given: Baselines) -> str:
        """Make these the newest; gives their version. Older files than the last few go."""
        data = to_bytes(given)
        if len(data) > MOST_BYTES:
            raise TooLargeError("detect.baselines_large", file=str(self._folder), most=MOST_BYTES)
        self._folder.mkdir(parents=True, exist_ok=True)
        known = self._files()
        name = f"{_number(known[-1]) + 1 if known else 1:08}-{_digest(data)}.json"
        half = self._folder / f".{name}.{os.getpid()}.tmp"
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(self._folder / name)
        _sync(self._folder)
        for old in known[: max(len(known) + 1 - KEPT, 0)]:
            (self._folder / old).unlink(missing_ok=True)
        return _digest(data)

    def newest(self) -> tuple[str, Baselines] | None:
        """(version, baselines); None before the first. Refuses a damaged or too large file: `detect.baselines_*`.

        A file is read again only when it has changed: what damages it while it is in use is noticed.
        """
        known = self._files()
        if not known:
            return None
        seen = _seen(self._folder / known[-1])
        if self._refused is not None and self._refused[0] == seen:
            raise self._refused[1]
        if self._read is None or self._read[0] != seen:
            try:
                self._read = seen, _checked(self._folder / known[-1])
            except TallywardError as refusal:
                self._refused = seen, refusal
                raise
        return _version(known[-1]), self._read[1]

    def last_good(self) -> tuple[str, Baselines] | None:
        """The newest that can be used: as it was read before it was damaged, or an older file; None for none."""
        for name in reversed(self._files()):
            if self._read is not None and self._read[0][0] == name:
                return _version(name), self._read[1]
            try:
                return _version(name), _checked(self._folder / name)
            except TallywardError:
                continue  # `newest` tells it
        return None

    def _files(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        return sorted(one.name for one in self._folder.iterdir() if _NAME.fullmatch(one.name))


def _seen(path: Path) -> _Seen:
    """What a file looks like from outside."""
    try:
        now = path.stat()
    except OSError:
        return path.name, 0, 0, 0
    return path.name, now.st_ino, now.st_size, now.st_mtime_ns


def _checked(path: Path) -> Baselines:
    digest = _version(path.name)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise TooLargeError("detect.baselines_large", file=path.name, most=MOST_BYTES)
        if _digest(data) != digest:
            raise CorruptError("detect.baselines_damaged", file=path.name, problem="its digest is another one")
        return from_bytes(data)
    except (OSError, ValueError) as error:
        problem = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise CorruptError("detect.baselines_damaged", file=path.name, problem=problem[:200]) from error


def _version(name: str) -> str:
    return name.removesuffix(".json").split("-")[1]


def _number(name: str) -> int:
    return int(name.split("-", maxsplit=1)[0])


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
