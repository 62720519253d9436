"""What the room needs from outside: a place for segments, a place for the manifest; see `directory_port` too."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.kernel.ids import CardId, EnterpriseId, SegmentId, SourceId
from tallyward.kernel.paging import Page, PageRequest
from tallyward.records.decode.issues import Issue
from tallyward.records.directory_port import U32, U64
from tallyward.records.model import Format, IntakeReport, QuarantineRow, SegmentRef, Snapshot, SourceState
from tallyward.records.sessions import Life
from tallyward.records.words import Word, WordKind

Step: TypeAlias = Callable[[str], None]
"""Told at each step of a commit: nothing in production, the place where tests kill and break."""


def no_step(_name: str) -> None:
    """Nothing happens between the steps of a commit."""


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """A segment as it lies on the disk: `path` is relative to the store's root, with slashes."""

    path: str
    day: date
    bucket: int
    rows: int
    min_ts: int
    max_ts: int
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Expired:
    """What retention took out of the manifest."""

    segments: int
    records: int
    quarantined: int
    sessions: int = 0


class SegmentStore(Protocol):
    """Keeps segments: what `write` and then `sync` have returned for survives a power cut."""

    def write(self, table: pa.Table, day: date, bucket: int, name: str) -> StoredSegment:
        """Write one segment under a temporary name, make its content durable, give it its name."""
        ...

    def sync(self, segments: Iterable[StoredSegment]) -> None:
        """Make the names of the segments durable."""
        ...

    def remove(self, path: str) -> None:
        """Forget a segment that no manifest row names; no error where it is gone."""
        ...

    def files(self) -> frozenset[str]:
        """Relative paths of all files below the root, half-written ones included."""
        ...

    def resolve(self, ref_path: str) -> str:
        """The full path of a relative one."""
        ...

    def free_bytes(self) -> int:
        """Room left where segments are written."""
        ...

    def keys(self, segment: SegmentRef) -> U64:
        """card_id << 32 | ts of each row, in order: ascending."""
        ...

    def rows(self, segment: SegmentRef, numbers: NDArray[np.int64] | None = None) -> pa.Table:
        """The records of a segment, or those with these row numbers, which ascend."""
        ...

    def measure(self, path: str, *, digest: bool) -> tuple[int, str]:
        """(bytes, SHA-256 or "" where it is not asked for) of a file as it lies there; (-1, "") where it is gone."""
        ...

    def card_rows(self, segment: SegmentRef, card: CardId) -> tuple[pa.Table, U32]:
        """The records of one card in a segment, and their row numbers."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """Messages of a stream by their sequences, `first` and `last` included. `stream` never means another stream."""

    stream: str
    first: int
    last: int


@dataclass(slots=True)
class Intake:
    """One file or batch on its way into the manifest: all of it is committed in one transaction, or nothing."""

    id: int
    source: SourceId
    name: str
    offset: str
    format: Format
    at: datetime
    records: int = 0
    refused: int = 0
    first_ts: int | None = None
    last_ts: int | None = None
    quarantined: bool = False
    unknown_cards: int = 0
    unknown_cells: int = 0
    duplicates: int = 0
    late: int = 0
    out_of_order: int = 0
    span: "Span | None" = None
    segments: list[StoredSegment] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    hours: dict[int, int] = field(default_factory=dict)  # hour since the epoch -> records
    new_words: list[tuple[WordKind, Word]] = field(default_factory=list)
    lives: list[tuple[bytes, Life]] = field(default_factory=list)  # what is counted of sessions once this counts

    def report(self, *, duplicate: bool = False) -> IntakeReport:
        """What came of it."""
        return IntakeReport(
            intake=self.id,
            name=self.name,
            format=self.format,
            records=self.records,
            refused=self.refused,
            duplicate=duplicate,
            first_ts=self.first_ts,
            last_ts=self.last_ts,
            quarantined=self.quarantined,
            unknown_cards=self.unknown_cards,
            unknown_cells=self.unknown_cells,
            duplicates=self.duplicates,
            late=self.late,
            out_of_order=self.out_of_order,
        )


class Manifest(Protocol):
    """The one truth about what was taken: sources, intakes, segments, dictionaries, quarantine."""

    def add_source(self, name: str, operator: EnterpriseId, form: Format | None, at: datetime) -> SourceId:
        """The id of a source, made where the name is new."""
        ...

    def sources(self) -> tuple[SourceState, ...]:
        """All sources by name."""
        ...

    def source(self, source: SourceId) -> SourceState | None:
        """One source."""
        ...

    def taken(self, source: SourceId, offset: str) -> IntakeReport | None:
        """The report of an offset that was taken before, as a duplicate."""
        ...

    def spans(self, source: SourceId, stream: str) -> tuple[Span, ...]:
        """The sequences of a stream that are in, as few spans as can say it, in order."""
        ...

    def next_intake(self) -> int:
        """A number no intake has had."""
        ...

    def commit(self, intake: Intake) -> None:
        """Segments, offset, counts, words, sessions and quarantine in one durable transaction."""
        ...

    def add_words(self, new: Sequence[tuple[WordKind, Word]]) -> None:
        """Dictionary entries outside an intake, durable."""
        ...

    def words(self, kind: WordKind, after: int) -> list[Word]:
        """Dictionary entries with ids above `after`, in order."""
        ...

    def version(self) -> int:
        """Grows with each commit that adds or takes away segments."""
        ...

    def days(self) -> tuple[date, ...]:
        """Days with records, in order."""
        ...

    def snapshot(self, day: date) -> Snapshot:
        """The live segments of a day and the version they belong to, read together."""
        ...

    def segment(self, segment: SegmentId) -> SegmentRef | None:
        """One segment."""
        ...

    def changed_since(self, version: int) -> list[tuple[date, int]]:
        """(day, bucket) pairs whose segments changed after a version."""
        ...

    def hours(self, day: date) -> list[int]:
        """Records of each of the 24 hours of a day."""
        ...

    def refused(self, day: date) -> int:
        """Records put aside from files that reach into a day; of files that gave no record, on the day they came."""
        ...

    def quarantine(self, page: PageRequest, source: SourceId | None) -> Page[QuarantineRow]:
        """What was put aside, newest first."""
        ...

    def source_of_intake(self, intake: int) -> SourceId | None:
        """The source that brought an intake."""
        ...

    def segment_paths(self) -> frozenset[str]:
        """Relative paths that manifest rows name."""
        ...

    def retired(self) -> dict[str, int]:
        """Relative paths of files that no row names any more but somebody may still read -> UTC seconds since when."""
        ...

    def stored(self) -> Iterator[tuple[SegmentId, StoredSegment]]:
        """Every segment as it was written, by day, bucket and id."""
        ...

    def counted(self, day: date) -> tuple[int, int]:
        """(records of the day by the counts by hour, records by its segments), read together."""
        ...

    def replace(self, old: Sequence[SegmentId], new: StoredSegment, at: int) -> bool:
        """Name one segment instead of several, in one transaction; False where one of them is gone meanwhile.

        The version stays and `changed_since` tells nothing: the records are the same.
        """
        ...

    def expiring(self, before: date) -> list[SegmentId]:
        """Segments of days before one that also came before it."""
        ...

    def expire(
        self, gone: Sequence[SegmentId], left: Mapping[date, Mapping[int, int]], before: date, at: int
    ) -> Expired:
        """Take segments out, and what was put aside before a day; nothing where one of them is gone meanwhile.

        `left`: for each of their days the records by hour (since the epoch) that stay.
        """
        ...

    def lives(self, asked: Iterable[tuple[bytes, int, int]]) -> dict[bytes, list[Life]]:
        """What was counted of sessions by (name, first, last): where it reaches into these seconds, the newest few."""
        ...

    def forget_lives(self, days: int) -> int:
        """Forget what was counted of sessions not heard of for so many days before the newest; how many."""
        ...

    def forget(self, paths: Sequence[str]) -> None:
        """These retired files are gone."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...
