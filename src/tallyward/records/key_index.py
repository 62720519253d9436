"""Where the stored records of some card at some second lie: found without reading their segments again.

The keys of a day's bucket lie in few sorted arrays, 8 bytes a record: 18 bits for the card within its bucket, 17 for
the second of the day, 29 for the record's place on the shelf, where segments stand one behind the other.
"""

import os
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tallyward.kernel.clock import day_start
from tallyward.kernel.ids import SegmentId
from tallyward.records.directory_port import U64
from tallyward.records.model import SegmentRef
from tallyward.records.ports import SegmentStore
from tallyward.registry.profile_schema import BUCKET_CARDS

_SECOND_BITS: Final = 17
_PLACE_BITS: Final = 29
_PLACE: Final = np.uint64((1 << _PLACE_BITS) - 1)
_SECONDS: Final = np.uint64(0xFFFF_FFFF)
_LEAST: Final = 64 << 20


class Met(NamedTuple):
    """Rows of a segment that have the card and the second of one that was asked about, ascending."""

    segment: SegmentRef
    numbers: NDArray[np.int64]


def some_memory() -> int:
    """What keys may take if nobody says: a sixteenth of the machine's memory, and 64 MiB at least."""
    return max(_LEAST, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 16)


class KeyIndex:
    """The keys of segments that were asked about; segments never change. Safe for threads."""

    def __init__(self, store: SegmentStore, most: int | None = None, most_rows: int = 1 << _PLACE_BITS) -> None:
        """Keep up to `most` bytes; what does not fit is read again for each question.

        `most_rows`: of a day's bucket; the segments beyond are looked at whole, which is right and slow.
        """
        self._store = store
        self._most = some_memory() if most is None else most
        self._most_rows = most_rows
        self._shelves: OrderedDict[tuple[date, int], _Shelf] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """What is kept now."""
        with self._lock:
            return sum(shelf.bytes for shelf in self._shelves.values())

    def met(
        self, day: date, bucket: int, segments: Sequence[SegmentRef], keys: U64
    ) -> tuple[NDArray[np.bool_], list[Met]]:
        """(which of some keys the segments of a day's bucket may have, where). Keys: card_id << 32 | ts, ascending."""
        times = keys & _SECONDS
        first, last = int(times.min()), int(times.max())
        near = [one for one in segments if one.max_ts >= first and one.min_ts <= last]
        if not near:
            return np.zeros(len(keys), np.bool_), []
        with self._lock:
            shelf = self._shelves.pop((day, bucket), None)
            if shelf is None or shelf.outdated(segments):
                shelf = _Shelf(self._most_rows)
            self._shelves[day, bucket] = shelf
        with shelf.lock:
            for segment in near:
                if segment.id not in shelf.begins:
                    shelf.add(segment, _placed(self._store.keys(segment), day))
            found = shelf.met(near, _placed(keys, day))
        self._make_room(day)
        return found

    def _make_room(self, day: date) -> None:
        """Other days go first, the longest unasked before others; of the day itself what was asked about last.

        Its buckets are asked in turn, over and over: who let the oldest go would read each of them every time.
        """
        with self._lock:
            excess = sum(shelf.bytes for shelf in self._shelves.values()) - self._most
            others = [place for place in self._shelves if place[0] != day]
            own = [place for place in reversed(self._shelves) if place[0] == day]
            for place in (*others, *own):
                if excess <= 0:
                    break
                excess -= self._shelves.pop(place).bytes


class _Shelf:
    """The keys of one day's bucket. `begins`: the place of a segment's first row; none of one that found no room."""

    def __init__(self, most_rows: int) -> None:
        self.lock = threading.Lock()
        self.begins: dict[SegmentId, int | None] = {}
        self._most_rows = most_rows
        self._rows = 0
        self._ids: list[SegmentId] = []
        self._starts: list[int] = []
        self._runs: list[U64] = []

    @property
    def bytes(self) -> int:
        return sum(run.nbytes for run in self._runs)

    def outdated(self, segments: Sequence[SegmentRef]) -> bool:
        """Whether most of it is of segments that are gone: compacted, or of an intake that was undone."""
        return len(self.begins) > 2 * len(segments) + 64

    def add(self, segment: SegmentRef, keys: U64) -> None:
        """The keys of one more segment. Runs are merged as they come to be of like size, so there are few."""
        if self._rows + len(keys) > self._most_rows:
            self.begins[segment.id] = None
            return
        self.begins[segment.id] = self._rows
        self._ids.append(segment.id)
        self._starts.append(self._rows)
        self._runs.append(keys | np.arange(self._rows, self._rows + len(keys), dtype=np.uint64))
        self._rows += len(keys)
        while len(self._runs) > 1 and len(self._runs[-1]) * 2 > len(self._runs[-2]):
            pair = self._runs[-2:]
            self._runs[-2:] = [np.sort(np.concatenate(pair), kind="stable")]  # of two runs it makes one without sorting

    def met(self, near: Iterable[SegmentRef], keys: U64) -> tuple[NDArray[np.bool_], list[Met]]:
        """See `KeyIndex.met`; keys without their places."""
        maybe = np.zeros(len(keys), np.bool_)
        places = []
        for run in self._runs:
            first = np.searchsorted(run, keys)
            hit = np.flatnonzero(first < len(run))
            hit = hit[(run[first[hit]] & ~_PLACE) == keys[hit]]
            maybe[hit] = True
            asked, at = np.unique(keys[hit], return_index=True)
            begin = first[hit][at]
            count = np.searchsorted(run, asked | _PLACE, "right") - begin
            inside = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
            places.append(run[np.repeat(begin, count) + inside] & _PLACE)
        by_segment = self._by_segment(np.sort(np.concatenate(places))) if places else {}
        found = []
        for segment in near:
            if self.begins[segment.id] is None:
                maybe[:] = True
                found.append(Met(segment, np.arange(segment.rows)))
            elif segment.id in by_segment:
                found.append(Met(segment, by_segment[segment.id]))
        return maybe, found

    def _by_segment(self, places: U64) -> dict[SegmentId, NDArray[np.int64]]:
        """Row numbers by segment, of ascending places."""
        found: dict[SegmentId, NDArray[np.int64]] = {}
        numbers = places.astype(np.int64)
        at = 0
        while at < len(numbers):
            owner = bisect_right(self._starts, int(numbers[at])) - 1
            end = self._starts[owner + 1] if owner + 1 < len(self._starts) else self._rows
            upto = int(np.searchsorted(numbers, end))
            found[self._ids[owner]] = numbers[at:upto] - self._starts[owner]
            at = upto
        return found


def _placed(keys: U64, day: date) -> U64:
    """card_id << 32 | ts as the upper bits of what a shelf holds; the order stays."""
    card = (keys >> np.uint64(32)) % np.uint64(BUCKET_CARDS)
    second = (keys & _SECONDS) - np.uint64(day_start(day))
    return card << np.uint64(_SECOND_BITS + _PLACE_BITS) | second << np.uint64(_PLACE_BITS)
