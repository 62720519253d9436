"""One intake under way: rows come in, segments go out as they fill, and one commit at the end makes them count."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from tallyward.kernel.clock import SECONDS_PER_DAY, day_start
from tallyward.records.adopt import adopt
from tallyward.records.attribute import attribute
from tallyward.records.cell_memory import CellMemory
from tallyward.records.cut import cut
from tallyward.records.decode.accounting import Sessions
from tallyward.records.decode.issues import Issues, RefusalError, refuse
from tallyward.records.decode.observed import observed_rows
from tallyward.records.directory_port import Directory
from tallyward.records.duplicates import Duplicates
from tallyward.records.model import SourceState
from tallyward.records.ports import Intake, Manifest, SegmentStore
from tallyward.records.schema import Quality
from tallyward.records.sessions import since_counted
from tallyward.records.words import Words

FLUSH_ROWS: Final = 500_000
"""Records (66 bytes each) that become segments together. More would fall out of the processor's cache while sorted."""
_WRITERS: Final = 2
_IN_FLIGHT: Final = 4
"""Chunks in memory at most, beside the one that fills."""
MOST_DAYS: Final = 400
"""Different event days of one intake: more is a file with broken times, and each would be a segment."""


class Taking:
    """Collects one intake. After `commit` it counts; after `quarantine` or `abandon` none of its rows exist."""

    def __init__(
        self,
        intake: Intake,
        store: SegmentStore,
        manifest: Manifest,
        words: Words,
        directory: Directory,
        duplicates: Duplicates,
        source: SourceState,
    ) -> None:
        """Start with nothing. `source`: who brings it, and what came from there before."""
        self._intake = intake
        self._store = store
        self._manifest = manifest
        self._words = words
        self._directory = directory
        self._cells = CellMemory(directory, words)
        self._duplicates = duplicates
        self._operator = source.operator
        self._newest_ts = source.newest_ts or 0
        self._late_before = day_start(intake.at.date()) - SECONDS_PER_DAY
        self._counting = threading.Lock()
        self._held: list[pa.Table] = []
        self._held_rows = 0
        self._days: set[date] = set()
        self._writers = ThreadPoolExecutor(_WRITERS, thread_name_prefix="segments")
        self._writing: list[Future[None]] = []
        self._chunks = 0
        self.issues = Issues()

    def add(self, rows: pa.Table, *, usage: bool) -> None:
        """Take observed rows, or ready usage records."""
        if rows.num_rows == 0:
            return
        number = self._intake.id
        if usage:
            rows = adopt(rows, self._words, number, self._late_before)
        else:
            rows = attribute(rows, self._directory, self._words, self._cells, number, self._intake.at)
        self._held.append(rows)
        self._held_rows += rows.num_rows
        if self._held_rows >= FLUSH_ROWS:
            self._flush()

    def add_sessions(self, sessions: Sessions) -> None:
        """Take what a file's messages add to what was counted of their sessions; once an intake."""
        found = since_counted(sessions, self._operator, self._manifest.lives)
        with self._counting:
            self._intake.duplicates += found.repeated
        self._intake.lives = found.lives
        self.add(observed_rows(found.rows), usage=False)

    def _flush(self) -> None:
        if not self._held:
            return
        rows = pa.concat_tables(self._held)
        self._held, self._held_rows = [], 0
        for start in range(0, len(rows), FLUSH_ROWS):
            if len(self._writing) >= _IN_FLIGHT:
                self._writing.pop(0).result()
            part = rows.slice(start, FLUSH_ROWS)
            self._writing.append(self._writers.submit(self._write, part, self._chunks))
            self._chunks += 1

    def _write(self, rows: pa.Table, chunk: int) -> None:
        """Sort and write in a thread of its own: Arrow and numpy let others run meanwhile."""
        for number, piece in enumerate(cut(rows)):
            self._days.add(piece.day)
            if len(self._days) > MOST_DAYS:
                raise refuse("records.too_many_days", detail=str(MOST_DAYS))
            fresh = self._duplicates.fresh(piece)
            with self._counting:
                self._intake.duplicates += piece.rows.num_rows - fresh.num_rows
            if fresh.num_rows:
                name = f"{self._intake.id:08d}-{chunk:04d}-{number:05d}"
                self._intake.segments.append(self._store.write(fresh, piece.day, piece.bucket, name))
                with self._counting:
                    self._count(fresh)

    def _count(self, rows: pa.Table) -> None:
        intake = self._intake
        ts, quality = rows["ts"].to_numpy(), rows["quality"].to_numpy()
        first, last = int(ts.min()), int(ts.max())
        intake.records += len(ts)
        intake.first_ts = first if intake.first_ts is None else min(first, intake.first_ts)
        intake.last_ts = last if intake.last_ts is None else max(last, intake.last_ts)
        intake.unknown_cards += int(np.count_nonzero(quality & np.uint16(Quality.UNKNOWN_CARD)))
        intake.unknown_cells += int(np.count_nonzero(quality & np.uint16(Quality.UNKNOWN_CELL)))
        intake.late += int(np.count_nonzero(quality & np.uint16(Quality.LATE)))
        intake.out_of_order += int(np.count_nonzero(ts < self._newest_ts))
        for hour, count in zip(*np.unique(ts // np.uint32(3600), return_counts=True), strict=True):
            intake.hours[int(hour)] = intake.hours.get(int(hour), 0) + int(count)

    def commit(self) -> None:
        """Make it count: segments durable first, then everything else in one manifest transaction."""
        self._flush()
        for writing in self._writing:
            writing.result()
        self._writers.shutdown()
        self._intake.segments.sort(key=lambda segment: segment.path)
        self._intake.refused = self.issues.count
        self._intake.issues = self.issues.rows()
        self._store.sync(self._intake.segments)
        self._into_manifest()

    def quarantine(self, refusal: RefusalError) -> None:
        """Put the whole offer aside: only its place and the reason are kept, and that it was offered."""
        self.abandon()
        empty = Intake(
            id=self._intake.id,
            source=self._intake.source,
            name=self._intake.name,
            offset=self._intake.offset,
            format=self._intake.format,
            at=self._intake.at,
            quarantined=True,
            span=self._intake.span,
            issues=[refusal.issue],
        )
        self._intake = empty
        self._into_manifest()

    def abandon(self) -> None:
        """Forget all of it: its segments were never named by the manifest."""
        self._writers.shutdown(cancel_futures=True)
        self._words.take_back()
        self._held, self._held_rows = [], 0
        for segment in self._intake.segments:
            self._store.remove(segment.path)
        self._intake.segments = []

    def _into_manifest(self) -> None:
        """Commit, and leave the segments for the next start to drop where that fails.

        A commit that seemed to fail may yet be found in the log, and a row without its file would be a loss.
        """
        with self._words.lock:
            self._intake.new_words = self._words.pending()
            try:
                self._manifest.commit(self._intake)
            except BaseException:
                self._words.take_back()
                self._intake.segments = []
                raise
            self._words.settle()

    @property
    def intake(self) -> Intake:
        """What is known of it so far."""
        return self._intake
