"""What keeps the store in order while records come in: small segments joined, old days expired, agreement proved."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Final

import numpy as np

from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import CorruptError, UnavailableError
from tallyward.kernel.ids import SegmentId
from tallyward.records.agreement import Agreement, Fault, FaultKind, check_presence, check_segment
from tallyward.records.compaction import groups, is_over, joined
from tallyward.records.model import SegmentRef
from tallyward.records.ports import Expired, Manifest, SegmentStore
from tallyward.records.reading import Progress
from tallyward.records.retention import SESSION_DAYS, expires_before

GRACE_SECONDS: Final = 3_600
"""How long a file stays after the last row that named it is gone: longer than any reader needs for its snapshot."""
_ROW_BYTES: Final = 40
"""Of a record in a segment, with room to spare: 17 to 30 are usual."""
MOST_FAULTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Compacted:
    """What compaction did. `damaged`: groups left as they are since one of their segments can't be read."""

    before: int
    after: int
    records: int
    damaged: int = 0


class Upkeep:
    """Upkeep of one store. All but `verify` is the writer's business; intakes go on meanwhile."""

    def __init__(
        self, store: SegmentStore, manifest: Manifest, clock: Clock, taking: threading.Lock, floor_bytes: int
    ) -> None:
        """`taking` is held while an intake runs: no file goes away under it."""
        self._store = store
        self._manifest = manifest
        self._clock = clock
        self._taking = taking
        self._floor_bytes = floor_bytes

    # compaction

    def compact(self, progress: Progress | None = None, *, stopped: Callable[[], bool] = lambda: False) -> Compacted:
        """Join small segments of one day and bucket; readers keep what they read, and see the same records after it."""
        work = [group for day in self._manifest.days() for group in self._groups(day)]
        before = after = records = damaged = 0
        for done, group in enumerate(work, 1):
            if stopped():
                break
            try:
                if self._join(group):
                    before, after, records = before + len(group), after + 1, records + sum(s.rows for s in group)
            except CorruptError:
                damaged += 1  # `verify` names the file; the other groups are joined all the same
            if progress:
                progress(done, len(work))
        return Compacted(before, after, records, damaged)

    def _groups(self, day: date) -> Iterator[list[SegmentRef]]:
        over = is_over(day, self._clock.now().date())
        in_order = sorted(self._manifest.snapshot(day).segments, key=lambda segment: (segment.bucket, segment.id))
        for _, segments in groupby(in_order, key=lambda segment: segment.bucket):
            yield from groups(list(segments), over=over)

    def _join(self, group: list[SegmentRef]) -> bool:
        self._check_room(group)
        rows = joined([self._store.rows(segment) for segment in group])
        first = group[0]
        stored = self._store.write(rows, first.day, first.bucket, f"c{first.id:010d}-{group[-1].id:010d}")
        try:
            self._store.sync([stored])
        except BaseException:
            self._store.remove(stored.path)
            raise
        # A commit that seemed to fail may yet be found in the log: the file then stays for the next start to judge.
        if self._manifest.replace([segment.id for segment in group], stored, self._now()):
            return True
        self._store.remove(stored.path)
        return False

    def _check_room(self, group: list[SegmentRef]) -> None:
        free, needed = self._store.free_bytes(), sum(segment.rows for segment in group) * _ROW_BYTES
        if free < self._floor_bytes + needed:
            raise UnavailableError("records.disk_low", free=free >> 20, floor=(self._floor_bytes + needed) >> 20)

    # retention

    def expire(self, keep_days: int, session_days: int = SESSION_DAYS) -> Expired:
        """Take records out of the manifest that are older and came earlier; `sweep` then takes their files.

        An archive that is brought in today is kept as long as what happens today. Sessions that were silent for
        `session_days` are forgotten: what is heard of one later counts as a session's first message.
        """
        before = expires_before(self._clock.now().date(), keep_days)
        with self._taking:
            gone = self._manifest.expiring(before)
            left = {day: hours for day in self._manifest.days() if (hours := self._left(day, set(gone))) is not None}
            expired = self._manifest.expire(gone, left, before, self._now())
        return replace(expired, sessions=self._manifest.forget_lives(session_days))

    def _left(self, day: date, gone: set[SegmentId]) -> dict[int, int] | None:
        """The records by hour that stay of a day, None where none of its segments goes."""
        segments = self._manifest.snapshot(day).segments
        if not any(segment.id in gone for segment in segments):
            return None
        hours: dict[int, int] = {}
        for segment in segments:
            if segment.id not in gone:
                times = self._store.keys(segment) & np.uint64(0xFFFFFFFF)
                for hour, count in zip(*np.unique(times // np.uint64(3600), return_counts=True), strict=True):
                    hours[int(hour)] = hours.get(int(hour), 0) + int(count)
        return hours

    def sweep(self, grace_seconds: float = GRACE_SECONDS) -> int:
        """Delete files that no row has named for so long; how many."""
        with self._taking:
            due = [path for path, at in self._manifest.retired().items() if self._now() - at >= grace_seconds]
            for path in due:
                self._store.remove(path)
            if due:
                self._manifest.forget(due)
        return len(due)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    # agreement

    def lost(self) -> tuple[int, str]:
        """(segments that are not there or of another size, the first of them): what a start asks.

        Content is left to `verify`, which reads all of it. A segment that is replaced meanwhile is not lost.
        """
        count, first = 0, ""
        for number, said in self._manifest.stored():
            if (fault := check_presence(self._store, said)) and self._manifest.segment(number):
                count, first = count + 1, first or fault.path
        return count, first

    def verify(self, *, quick: bool = False, alone: bool = True, progress: Progress | None = None) -> Agreement:
        """Compare every segment with what the manifest says of it; `alone`: no writer is at work.

        A segment that compaction or retention takes away meanwhile is no fault. At most a thousand faults are told.
        """
        files = self._store.files()
        stored = list(self._manifest.stored())
        faults: list[Fault] = []
        for done, (number, said) in enumerate(stored, 1):
            found = list(check_segment(self._store, number, said, quick=quick))
            if found and self._manifest.segment(number):
                faults += found
            if progress:
                progress(done, len(stored))
        faults += self._hours_that_differ()
        named = self._manifest.segment_paths() | self._manifest.retired().keys()
        unnamed = sorted(files & self._store.files() - named)
        if alone:
            faults += [Fault(path, FaultKind.UNNAMED) for path in unnamed]
        return Agreement(
            segments=len(stored),
            records=sum(said.rows for _, said in stored),
            bytes=sum(said.bytes for _, said in stored),
            faults=tuple(faults[:MOST_FAULTS]),
            unnamed=0 if alone else len(unnamed),
            quick=quick,
        )

    def _hours_that_differ(self) -> Iterator[Fault]:
        for day in self._manifest.days():
            counted, rows = self._manifest.counted(day)
            if counted != rows:
                yield Fault(f"day={day.isoformat()}", FaultKind.HOURS, str(rows), str(counted))
