"""Whether manifest and segments agree: each file there, and every row in it what the manifest says."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from tallyward.kernel.clock import SECONDS_PER_DAY, day_start
from tallyward.kernel.errors import CorruptError
from tallyward.kernel.ids import SegmentId
from tallyward.records.directory_port import U64
from tallyward.records.model import UNKNOWN_BUCKET, SegmentRef
from tallyward.records.ports import SegmentStore, StoredSegment
from tallyward.registry.profile_schema import BUCKET_CARDS


class FaultKind(StrEnum):
    """What does not agree; worded in the catalogue below `records.fault`."""

    MISSING = "missing"  # the manifest names it, and it is not there
    SIZE = "size"
    DIGEST = "digest"
    UNREADABLE = "unreadable"
    ROWS = "rows"
    MIN_TS = "min_ts"
    MAX_TS = "max_ts"
    ORDER = "order"  # rows are not sorted by card and time
    BUCKET = "bucket"  # rows of cards of another bucket
    DAY = "day"  # rows of another day
    UNNAMED = "unnamed"  # a file that the manifest does not name
    HOURS = "hours"  # the counts by hour differ from the segments of the day


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not agree, and where."""

    path: str
    kind: FaultKind
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was looked at and what is wrong. `unnamed`: files of a writer at work, not yet named."""

    segments: int
    records: int
    bytes: int
    faults: tuple[Fault, ...]
    unnamed: int
    quick: bool


def check_presence(store: SegmentStore, said: StoredSegment) -> Fault | None:
    """The fault of a segment that is not there or of another size; cheap enough for every start: nothing is read."""
    size, _ = store.measure(said.path, digest=False)
    if size < 0:
        return Fault(said.path, FaultKind.MISSING)
    return None if size == said.bytes else Fault(said.path, FaultKind.SIZE, str(said.bytes), str(size))


def check_segment(store: SegmentStore, number: SegmentId, said: StoredSegment, *, quick: bool) -> Iterator[Fault]:
    """The faults of one segment; `quick` does not reckon its digest."""
    size, digest = store.measure(said.path, digest=not quick)
    if size < 0:
        yield Fault(said.path, FaultKind.MISSING)
        return
    if size != said.bytes:
        yield Fault(said.path, FaultKind.SIZE, str(said.bytes), str(size))
    if not quick and digest != said.sha256:
        yield Fault(said.path, FaultKind.DIGEST, said.sha256, digest)
    try:
        keys = store.keys(_ref(store, number, said))
    except CorruptError as wrong:
        yield Fault(said.path, FaultKind.UNREADABLE, found=str(wrong.parameters.get("detail", "")))
        return
    yield from _of_rows(said, keys)


def _ref(store: SegmentStore, number: SegmentId, said: StoredSegment) -> SegmentRef:
    place = Path(store.resolve(said.path))
    return SegmentRef(number, place, said.day, said.bucket, said.rows, said.min_ts, said.max_ts, said.sha256)


def _of_rows(said: StoredSegment, keys: U64) -> Iterator[Fault]:
    if len(keys) != said.rows:
        yield Fault(said.path, FaultKind.ROWS, str(said.rows), str(len(keys)))
    if not len(keys):
        return
    times, cards = keys & np.uint64(0xFFFFFFFF), keys >> np.uint64(32)
    for kind, told, found in (
        (FaultKind.MIN_TS, said.min_ts, int(times.min())),
        (FaultKind.MAX_TS, said.max_ts, int(times.max())),
    ):
        if told != found:
            yield Fault(said.path, kind, str(told), str(found))
    if (keys[1:] < keys[:-1]).any():
        yield Fault(said.path, FaultKind.ORDER, found=str(int(np.count_nonzero(keys[1:] < keys[:-1]))))
    buckets = np.where(cards == 0, UNKNOWN_BUCKET, cards // np.uint64(BUCKET_CARDS))
    if strays := int(np.count_nonzero(buckets != said.bucket)):
        yield Fault(said.path, FaultKind.BUCKET, str(said.bucket), f"{strays} / {len(keys)}")
    first = day_start(said.day)
    if strays := int(np.count_nonzero((times < first) | (times >= first + SECONDS_PER_DAY))):
        yield Fault(said.path, FaultKind.DAY, said.day.isoformat(), f"{strays} / {len(keys)}")
