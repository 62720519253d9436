"""Segments as Parquet files: `day=YYYY-MM-DD/b=NNNNN/s-<name>.parquet` below one folder.

The order that makes them safe: write `*.tmp`, fsync, rename, and (in `sync`) fsync the folders. Only then may a
manifest row name them. `step` is told each of these, so tests can kill or break at any.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tallyward.kernel.errors import CorruptError
from tallyward.kernel.ids import CardId
from tallyward.records.adapters.disk_errors import telling_disk_errors
from tallyward.records.directory_port import U32, U64
from tallyward.records.model import SegmentRef
from tallyward.records.ports import Step, StoredSegment, no_step
from tallyward.records.schema import ROW_GROUP, SEGMENT_ENCODING
from tallyward.registry.parquet_damage import DAMAGED

_SUFFIX: Final = ".parquet"
_TEMPORARY: Final = ".tmp"


class ParquetSegments:
    """A `SegmentStore` in a folder."""

    def __init__(self, root: Path, step: Step = no_step) -> None:
        """Keep segments below `root`, made where it is missing."""
        self._root = root
        self._step = step

    def write(self, table: pa.Table, day: date, bucket: int, name: str) -> StoredSegment:
        """Write one segment and make its content durable; raises `UnavailableError` where the disk refuses."""
        relative = f"day={day.isoformat()}/b={bucket:05d}/s-{name}{_SUFFIX}"
        target = self._root / relative
        temporary = target.with_name(target.name + _TEMPORARY)
        content = _encode(table)
        with telling_disk_errors(self._root):
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._write_through(temporary, content)
                temporary.rename(target)
            except OSError:
                temporary.unlink(missing_ok=True)
                raise
            self._step("renamed")
        seconds = pc.min_max(table["ts"]).as_py()
        digest = hashlib.sha256(content).hexdigest()
        return StoredSegment(
            path=relative,
            day=day,
            bucket=bucket,
            rows=table.num_rows,
            min_ts=seconds["min"],
            max_ts=seconds["max"],
            sha256=digest,
            bytes=content.size,
        )

    def _write_through(self, path: Path, content: pa.Buffer) -> None:
        with path.open("wb") as file:
            self._step("opened")
            file.write(content)
            file.flush()
            self._step("written")
            os.fsync(file.fileno())
            self._step("synced")

    def sync(self, segments: Iterable[StoredSegment]) -> None:
        """Make the names durable: fsync each bucket folder, its day folder and the root, once each."""
        folders = {folder for segment in segments for folder in self._folders(self._root / segment.path)}
        with telling_disk_errors(self._root):
            for folder in sorted(folders, reverse=True):
                descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
                try:
                    self._step("syncing_folder")
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
            self._step("folders_synced")

    def _folders(self, file: Path) -> tuple[Path, ...]:
        return file.parent, file.parent.parent, self._root

    def remove(self, path: str) -> None:
        """Delete a file below the root."""
        with telling_disk_errors(self._root):
            self._step("removing")
            (self._root / path).unlink(missing_ok=True)

    def files(self) -> frozenset[str]:
        """All segment files, whole or half-written."""
        patterns = (f"day=*/b=*/*{_SUFFIX}", f"day=*/b=*/*{_TEMPORARY}")
        return frozenset(p.relative_to(self._root).as_posix() for pattern in patterns for p in self._root.glob(pattern))

    def resolve(self, ref_path: str) -> str:
        """The full path of a relative one."""
        return str(self._root / ref_path)

    def free_bytes(self) -> int:
        """Room left on the disk that holds the root."""
        with telling_disk_errors(self._root):
            return shutil.disk_usage(self._root).free

    def keys(self, segment: SegmentRef) -> U64:
        """card_id << 32 | ts of each row, in order: ascending."""
        with _reading(segment) as file:
            rows = file.read(columns=["card_id", "ts"])
            keys: U64 = rows["card_id"].to_numpy().astype(np.uint64)
            keys <<= np.uint64(32)
            keys |= rows["ts"].to_numpy()
        return keys

    def rows(self, segment: SegmentRef, numbers: NDArray[np.int64] | None = None) -> pa.Table:
        """The records of a segment, or those with these row numbers; only row groups that hold one are read."""
        with _reading(segment) as file:
            return file.read() if numbers is None else _numbered(file, numbers)

    def measure(self, path: str, *, digest: bool) -> tuple[int, str]:
        """(bytes, SHA-256 or "") of a file as it lies there; (-1, "") where it is gone."""
        with telling_disk_errors(self._root):
            try:
                with (self._root / path).open("rb") as file:
                    size = os.fstat(file.fileno()).st_size
                    return size, hashlib.file_digest(file, "sha256").hexdigest() if digest else ""
            except FileNotFoundError:
                return -1, ""

    def card_rows(self, segment: SegmentRef, card: CardId) -> tuple[pa.Table, U32]:
        """The records of one card and their row numbers; only row groups that can hold the card are read."""
        with _reading(segment) as file:
            return _card_rows(file, card)


@contextmanager
def _reading(segment: SegmentRef) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(segment.path) as file:
            yield file
    except DAMAGED as error:
        # A flipped bit in the footer need not be an error of Arrow: names that are no UTF-8, columns that are gone,
        # statistics without a least and a greatest.
        raise CorruptError("records.segment_unreadable", path=str(segment.path), detail=str(error)) from error


def _numbered(file: pq.ParquetFile, numbers: NDArray[np.int64]) -> pa.Table:
    found, first = [], 0
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        low, high = np.searchsorted(numbers, [first, first + size])
        if high > low:
            found.append(file.read_row_group(group).take(pa.array(numbers[low:high] - first)))
        first += size
    return pa.concat_tables(found) if found else file.schema_arrow.empty_table()


def _card_rows(file: pq.ParquetFile, card: CardId) -> tuple[pa.Table, U32]:
    groups, first = [], 0
    for number in range(file.num_row_groups):
        group = file.metadata.row_group(number)
        bounds = group.column(0).statistics  # card_id is the first column
        if bounds is None or bounds.min <= card <= bounds.max:
            cards = file.read_row_group(number, columns=["card_id"])["card_id"].to_numpy()
            low, high = np.searchsorted(cards, [card, card + 1])
            if high > low:
                rows = file.read_row_group(number).slice(low, high - low)
                groups.append((rows, np.arange(first + low, first + high, dtype=np.uint32)))
        first += group.num_rows
    if not groups:
        return file.schema_arrow.empty_table(), np.zeros(0, np.uint32)
    return pa.concat_tables([rows for rows, _ in groups]), np.concatenate([numbers for _, numbers in groups])


def _encode(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        row_group_size=ROW_GROUP,
        write_statistics=True,
        **SEGMENT_ENCODING,
    )
    return sink.getvalue()
