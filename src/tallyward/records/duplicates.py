"""Records that an earlier intake has brought: found exactly, left out, counted. Pure but for reading segments.

Two records are the same when all of `SAME` agree: whose, when, what, with whom, how much, where. What we add ourselves
(intake, quality, area and tile of the cell) does not count. Partial records of one session differ in their opening
time, duration or volume and so stay. Records of one intake are never compared with each other: what a source repeats
within one file it means, and of a record that two files hold twice and three times, three are kept, whichever file
comes first. docs/adr/0006 says why.

First (card, time) is looked for in the index of the segments that overlap in time (`key_index`); only rows that have it
are read whole and compared. No hash decides, so nobody can craft a record that makes another one vanish.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.kernel.ids import SegmentId
from tallyward.records.cut import Piece
from tallyward.records.key_index import KeyIndex, Met
from tallyward.records.model import SegmentRef, Snapshot
from tallyward.records.ports import SegmentStore

SAME: Final = ("card_id", "ts", "svc", "peer", "imei", "up", "dn", "dur", "cell", "plmn", "rat", "stranger")
_Mask = NDArray[np.bool_]
_Places = NDArray[np.int64]


class Duplicates:
    """What one intake brings that is in the store already. One of these an intake; safe for its writer threads."""

    def __init__(self, store: SegmentStore, index: KeyIndex, snapshot: Callable[[date], Snapshot]) -> None:
        """`snapshot` is asked once a day of records, so the intake sees one state of each."""
        self._store = store
        self._index = index
        self._snapshot = snapshot
        self._days: dict[date, dict[int, list[SegmentRef]]] = {}
        self._used: dict[SegmentId, _Places] = {}
        self._lock = threading.Lock()

    def fresh(self, piece: Piece) -> pa.Table:
        """The rows of a piece that no earlier intake has brought, in their order."""
        rows = piece.rows
        keys = rows["card_id"].to_numpy().astype(np.uint64) << np.uint64(32) | rows["ts"].to_numpy()
        maybe, met = self._index.met(piece.day, piece.bucket, self._of(piece.day, piece.bucket), keys)
        if not met:
            return rows
        places = np.flatnonzero(maybe)
        repeated = self._repeated(rows.take(pa.array(places)), met)
        if not repeated.any():
            return rows
        keep = np.ones(len(keys), np.bool_)
        keep[places[repeated]] = False
        return rows.filter(pa.array(keep))

    def _of(self, day: date, bucket: int) -> Sequence[SegmentRef]:
        with self._lock:
            if day not in self._days:
                by_bucket: dict[int, list[SegmentRef]] = {}
                for segment in self._snapshot(day).segments:
                    by_bucket.setdefault(segment.bucket, []).append(segment)
                self._days[day] = by_bucket
            return self._days[day].get(bucket, ())

    def _repeated(self, rows: pa.Table, met: list[Met]) -> _Mask:
        """Which of the rows are there already; each row that is there stands for one of them and no more."""
        with self._lock:
            parts, owners, numbers = [], [], []
            for segment, theirs in met:
                free = np.setdiff1d(theirs, self._used.get(segment.id, np.zeros(0, np.int64)), assume_unique=True)
                if len(free):
                    parts.append(self._store.rows(segment, free).select(SAME))
                    owners.append(np.full(len(free), int(segment.id)))
                    numbers.append(free)
            if not parts:
                return np.zeros(len(rows), np.bool_)
            used, repeated = _pair(pa.concat_tables(parts), rows.select(SAME))
            owner, number = np.concatenate(owners)[used], np.concatenate(numbers)[used]
            for segment_id in np.unique(owner).tolist():
                before = self._used.get(SegmentId(segment_id), np.zeros(0, np.int64))
                self._used[SegmentId(segment_id)] = np.union1d(before, number[owner == segment_id])
            return repeated


def _pair(old: pa.Table, new: pa.Table) -> tuple[_Mask, _Mask]:
    """Old rows and new rows that make pairs of equal ones, each row in one pair at most."""
    columns = [np.concatenate([old[name].to_numpy(), new[name].to_numpy()]) for name in SAME]
    order = np.lexsort(columns)  # stable: of equal rows the old ones come first
    differs = np.ones(len(order), np.bool_)
    differs[1:] = np.logical_or.reduce([column[order[1:]] != column[order[:-1]] for column in columns])
    group = np.cumsum(differs) - 1
    is_old = order < len(old)
    olds, news = np.bincount(group, is_old), np.bincount(group, ~is_old)
    rank = np.arange(len(order)) - np.flatnonzero(differs)[group]
    paired = np.where(is_old, rank < news[group], rank - olds[group] < olds[group])
    found = np.zeros(len(order), np.bool_)
    found[order] = paired
    return found[: len(old)], found[len(old) :]
