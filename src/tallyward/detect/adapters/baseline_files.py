"""Baselines kept as files of a folder: one file a version, whole or not at all, its digest in its name.

A name is a number that grows and the digest's beginning, so a file that was changed or cut off is told from a good one.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import Final

from tallyward.detect.baseline_form import MOST_BYTES, from_bytes, to_bytes
from tallyward.detect.usual import Baselines
from tallyward.kernel.errors import CorruptError, TooLargeError

KEPT: Final = 8
"""Files that are kept: the newest, and those before it."""
_NAME: Final = re.compile(r"(\d{8})-([0-9a-f]{16})\.json")


class BaselineFiles:
    """The baselines of an installation."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made before something is kept."""
        self._folder = folder
        self._read: tuple[str, Baselines] | None = None

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
        """(version, baselines); None before the first. Refuses a damaged or too large file: `detect.baselines_*`."""
        known = self._files()
        if not known:
            return None
        digest = known[-1].removesuffix(".json").split("-")[1]
        if self._read is None or self._read[0] != digest:
            self._read = digest, _checked(self._folder / known[-1], digest)
        return self._read

    def _files(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        return sorted(one.name for one in self._folder.iterdir() if _NAME.fullmatch(one.name))


def _checked(path: Path, digest: str) -> Baselines:
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
