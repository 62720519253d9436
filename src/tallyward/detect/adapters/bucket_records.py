"""The records of one bucket as columns, read once where they fit into memory, else one stretch of cards after another.

Segments lie sorted by card, so a stretch reads the row groups that its cards can lie in, and no others. A segment that
is not sorted is read more often and is still right.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tallyward.detect.adapters.column_room import Room, copied, row_bytes
from tallyward.detect.cards.day_columns import Array, DayColumns
from tallyward.kernel.errors import CorruptError, UnavailableError
from tallyward.records.model import SegmentRef
from tallyward.records.schema import USAGE
from tallyward.registry.parquet_damage import DAMAGED
from tallyward.registry.profile_schema import BUCKET_CARDS, PROFILE

ROW_BITS: Final = 40
"""A record's place is the number of its segment, and its row in that segment, in one integer."""

_WORKING: Final = 1.3
"""What the columns take up with all that is computed from them, over the columns alone."""
_OVER: Final = 2
"""How far a stretch may go over the memory that it should take."""


@dataclass(frozen=True, slots=True)
class CardRecords:
    """Records of the cards from `first` to before `end`. `rows`: each one's row in its segment; None: all, in order."""

    first: int
    end: int
    day: DayColumns
    starts: NDArray[np.int64]
    rows: NDArray[np.int64] | None

    def of(self, cards: NDArray[np.uint32], number: int) -> pa.Table:
        """All records of these cards, with their `place`; `number` is that of the bucket's first segment."""
        wanted = np.zeros(self.end - self.first, np.bool_)
        wanted[cards - self.first] = True
        at = np.flatnonzero(wanted[self.day.card])
        found = {name: values[at] for name, values in self.day.columns.items()}
        return pa.table({**found, "place": self.places(at, number)})

    def places(self, at: NDArray[np.intp], number: int) -> NDArray[np.int64]:
        """The places of some of the records; `number` is that of the bucket's first segment."""
        segment = np.searchsorted(self.starts, at, side="right") - 1
        row = at - self.starts[segment] if self.rows is None else self.rows[at]
        return ((segment + number) << ROW_BITS) + row

    def only(self, at: NDArray[np.intp]) -> "CardRecords":
        """Some of the records."""
        columns = {name: values[at] for name, values in self.day.columns.items()}
        starts = np.searchsorted(at, self.starts)
        segment = np.searchsorted(self.starts, at, side="right") - 1
        rows = at - self.starts[segment] if self.rows is None else self.rows[at]
        breaks = tuple(sorted({int(start) for start in starts if start < len(at)}))
        return CardRecords(self.first, self.end, DayColumns(columns, self.day.card[at], breaks), starts, rows)


class _Group(NamedTuple):
    """A row group: cards from `low` to `high`."""

    segment: int
    number: int
    start: int
    rows: int
    low: int
    high: int


class BucketReader:
    """Reads some columns of the segments of one bucket, which holds the cards from `first` to before `end`.

    `room`: what it reads into; records are then those read last, until the next are asked for.
    """

    def __init__(
        self, segments: Sequence[SegmentRef], first: int, end: int, most_bytes: int, room: Room | None = None
    ) -> None:
        self._segments = segments
        self._first = first
        self._end = end
        self._most = most_bytes
        self._room = room or Room()

    def stretches(self, columns: Sequence[str], *, again: bool = False) -> Iterator[CardRecords]:
        """All records, a stretch of cards at a time; refuses with `detect.file_unreadable` and `detect.memory`.

        `again`: other columns of the same records will be asked for, so these are kept if there is room.
        """
        row = row_bytes(columns) * _WORKING
        if sum(segment.rows for segment in self._segments) * row <= self._most:
            yield self._whole(columns, again=again)
            return
        groups = [group for number in range(len(self._segments)) for group in self._groups(number)]
        for first, end in self._cut(groups, self._first, self._end, row):
            yield from self._fitting(groups, columns, first, end, row)

    def _whole(self, columns: Sequence[str], *, again: bool) -> CardRecords:
        rows = sum(segment.rows for segment in self._segments)
        known = self._room.kept(self._first)
        lacking = [name for name in columns if name not in known]
        keeping = self._room.to_keep(lacking, rows) if again else {}
        found = keeping or {name: self._room.column(name, rows) for name in lacking}
        starts = np.cumsum([0, *(segment.rows for segment in self._segments)])
        for start, segment in zip(starts, self._segments, strict=False):
            self._fill(segment, lacking, {name: values[start : start + segment.rows] for name, values in found.items()})
        if keeping:
            self._room.keep(self._first, {**known, **keeping})
        whole = {**known, **found}
        return _together(self._first, self._end, {name: whole[name] for name in columns}, starts[:-1], None)

    def _fill(self, segment: SegmentRef, columns: Sequence[str], into: Mapping[str, Array]) -> None:
        """Read a segment's columns, a row group at a time while it lies in the processor's cache."""
        at = 0
        with opened(segment.path) as file:
            if file.metadata.num_rows != segment.rows:
                bucket, read = self._first // BUCKET_CARDS, file.metadata.num_rows
                raise CorruptError("detect.records_differ", bucket=bucket, read=read, expected=segment.rows)
            for number in range(file.num_row_groups if columns else 0):
                table = _readable(segment.path, file, number, columns)
                try:
                    at = copied(table, into, at)
                except DAMAGED as error:
                    raise _unreadable(segment.path, error) from error
        if "card_id" in into and at:
            cards = into["card_id"]
            if not (self._first <= int(cards.min()) and int(cards.max()) < self._end):
                raise _unreadable(segment.path, ValueError("it holds cards of another bucket"))

    def _groups(self, segment: int) -> Iterator[_Group]:
        start = 0
        with opened(self._segments[segment].path) as file:
            for number in range(file.num_row_groups):
                known = file.metadata.row_group(number)
                bounds = known.column(0).statistics  # card_id is the first column
                low, high = (bounds.min, bounds.max) if bounds else (self._first, self._end - 1)
                yield _Group(segment, number, start, known.num_rows, int(low), int(high))
                start += known.num_rows

    def _cut(self, groups: Sequence[_Group], first: int, end: int, row: float) -> Iterator[tuple[int, int]]:
        """Stretches that should fit, if the cards of a row group have about equally many records."""
        rows = sum(
            group.rows * (min(group.high + 1, end) - max(group.low, first)) / (group.high + 1 - group.low)
            for group in groups
            if group.low < end and group.high >= first
        )
        if rows * row <= self._most or end - first == 1:
            yield first, end
            return
        middle = (first + end) // 2
        yield from self._cut(groups, first, middle, row)
        yield from self._cut(groups, middle, end, row)

    def _fitting(
        self, groups: Sequence[_Group], columns: Sequence[str], first: int, end: int, row: float
    ) -> Iterator[CardRecords]:
        """A stretch, or its halves where its cards have more records than thought."""
        found = self._stretch(groups, columns, first, end, row)
        if found is not None:
            yield found
            return
        if end - first == 1:
            raise UnavailableError("detect.memory", card=first, most=round(self._most * _OVER / 1_000_000))
        middle = (first + end) // 2
        yield from self._fitting(groups, columns, first, middle, row)
        yield from self._fitting(groups, columns, middle, end, row)

    def _stretch(
        self, groups: Sequence[_Group], columns: Sequence[str], first: int, end: int, row: float
    ) -> CardRecords | None:
        """The records of a stretch of cards; None if they are too many."""
        tables: list[pa.Table] = []
        rows: list[NDArray[np.int64]] = []
        taken = 0
        for number, segment in enumerate(self._segments):
            parts, numbers = [USAGE.empty_table().select(columns)], [np.empty(0, np.int64)]
            with opened(segment.path) as file:
                for group in groups:
                    if group.segment != number or group.low >= end or group.high < first:
                        continue
                    table = _readable(segment.path, file, group.number, columns)
                    cards = table.column("card_id").to_numpy()
                    own = np.flatnonzero((cards >= first) & (cards < end))
                    parts.append(table.take(pa.array(own)))
                    numbers.append(own + group.start)
                    taken += len(own)
                    if taken * row > self._most * _OVER:
                        return None
            tables.append(pa.concat_tables(parts))
            rows.append(np.concatenate(numbers))
        whole = pa.concat_tables(tables)
        found = {name: whole.column(name).to_numpy() for name in columns}
        starts = np.cumsum([0, *(table.num_rows for table in tables)])[:-1]
        return _together(first, end, found, starts, np.concatenate(rows))


def _together(
    first: int, end: int, columns: Mapping[str, Array], starts: NDArray[np.int64], rows: NDArray[np.int64] | None
) -> CardRecords:
    card = (columns["card_id"] - np.uint32(first)).view(np.int32)
    breaks = tuple(int(start) for start in starts if start < len(card))
    return CardRecords(first, end, DayColumns(columns, card, breaks), starts, rows)


def opened(path: Path) -> pq.ParquetFile:
    """A Parquet file; refuses what can't be read with `detect.file_unreadable`."""
    try:
        return pq.ParquetFile(path, memory_map=True, pre_buffer=False)
    except DAMAGED as error:
        raise _unreadable(path, error) from error


def read_columns(path: Path, columns: Sequence[str]) -> pa.Table:
    """Columns of a Parquet file; refuses what can't be read with `detect.file_unreadable`."""
    with opened(path) as file:
        try:
            found = file.read(columns=list(columns), use_threads=False)
        except DAMAGED as error:
            raise _unreadable(path, error) from error
    return _with(columns, found, path)


def _readable(path: Path, file: pq.ParquetFile, group: int, columns: Sequence[str]) -> pa.Table:
    try:
        found = file.read_row_group(group, columns=list(columns), use_threads=False)
    except DAMAGED as error:
        raise _unreadable(path, error) from error
    return _with(columns, found, path)


def _with(columns: Sequence[str], found: pa.Table, path: Path) -> pa.Table:
    """The table, if it has these columns: a reader passes over a column that the file does not name."""
    missing = set(columns) - set(found.column_names)
    if missing:
        raise _unreadable(path, ValueError(f"it has no column {', '.join(sorted(missing))}"))
    kinds = {**{one.name: one.type for one in PROFILE}, **{one.name: one.type for one in USAGE}}
    wrong = [name for name in columns if found.schema.field(name).type != kinds[name]]
    if wrong:
        raise _unreadable(path, ValueError(f"column {wrong[0]} is of another type"))
    return found


def _unreadable(path: Path, error: Exception) -> CorruptError:
    problem = str(error).split("\n", maxsplit=1)[0][:200]
    return CorruptError("detect.file_unreadable", file=path.name, problem=problem)
