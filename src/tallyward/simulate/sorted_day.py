"""A day's rows on disk: put in block by block, taken out in order of their times, never more than one piece in memory.

Each block is sorted as it comes. Since a time's rows come out in the order of the blocks, the whole is what one stable
sort of all rows would be, and a piece of it is one stretch of every block.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tallyward.simulate.draws import I64

Table: TypeAlias = NDArray[np.void]
"""Rows of one structured type."""

_TIME: Final = np.dtype(np.uint32)


@contextmanager
def sorted_day(row: np.dtype[np.void], start: int, folder: Path | None) -> Iterator["SortedDay"]:
    """An empty day. `row`: the type of a row, with a field `at` of UTC seconds from `start` on.

    `folder` says on which disk; the files have no names, so what is killed leaves nothing behind.
    """
    with TemporaryFile(dir=folder) as rows, TemporaryFile(dir=folder) as times:
        yield SortedDay(row, start, rows, times)


class SortedDay:
    """Rows by their time."""

    def __init__(self, row: np.dtype[np.void], start: int, rows: IO[bytes], times: IO[bytes]) -> None:
        """Rows go to one file, and their times to another too: to cut the day, only those are read."""
        self._row = row
        self._start = start
        self._rows = rows
        self._times = times
        self._ends = [0]
        self._at_time: I64 = np.zeros(0, dtype=np.int64)

    def add(self, rows: Table) -> None:
        """Keep one block's rows."""
        sorted_rows = rows[np.argsort(rows["at"], kind="stable")]
        times = sorted_rows["at"].astype(_TIME)
        sorted_rows.tofile(self._rows)
        times.tofile(self._times)
        self._ends.append(self._ends[-1] + len(rows))
        counts = np.bincount(times.astype(np.int64) - self._start, minlength=len(self._at_time))
        counts[: len(self._at_time)] += self._at_time
        self._at_time = counts

    def pieces(self, count: int) -> Iterator[Table]:
        """All rows by time, in `count` pieces of equal size."""
        for stretches in self._cuts(count):
            rows = np.concatenate(
                [np.zeros(0, self._row), *(self._read(self._rows, self._row, *one) for one in stretches)]
            )
            yield rows[np.argsort(rows["at"], kind="stable")]

    def _cuts(self, count: int) -> list[list[tuple[int, int]]]:
        """Each piece's stretch of each block: (first, last + 1)."""
        whole = self._ends[-1]
        ranks = np.array([piece * whole // count for piece in range(count + 1)], dtype=np.int64)
        before = np.cumsum(self._at_time)
        times = np.searchsorted(before, ranks, side="right")
        left = ranks - np.concatenate([[0], before])[times]  # so many rows of the cut's time belong before the cut
        stretches: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        for first, last in zip(self._ends, self._ends[1:], strict=False):
            block = self._read(self._times, _TIME, first, last).astype(np.int64) - self._start
            low = np.searchsorted(block, times, side="left")
            taken = np.minimum(np.searchsorted(block, times, side="right") - low, left)
            left -= taken
            cuts = (first + low + taken).tolist()
            for piece in range(count):
                stretches[piece].append((cuts[piece], cuts[piece + 1]))
        return stretches

    @staticmethod
    def _read(file: IO[bytes], kind: np.dtype[Any], first: int, last: int) -> NDArray[Any]:
        file.seek(first * kind.itemsize)
        return np.fromfile(file, kind, last - first)
