"""The rows of a Parquet file as texts, whatever types its writer chose, so that one set of checks reads them all."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallyward.kernel.errors import InvalidError, TooLargeError
from tallyward.registry.block import Block
from tallyward.registry.columns import COLUMNS, Kind
from tallyward.registry.parquet_damage import DAMAGED
from tallyward.registry.report import RowProblem

BATCH_ROWS: Final = 100_000
MOST_GROUP_BYTES: Final = 2 << 30
"""Uncompressed size of a row group: it is unpacked whole, and a small file can unpack to anything."""
_EXACT: Final = 2**53


class ParquetBlocks:
    """A `TableFile` of Parquet. Lines are row numbers from 1."""

    def __init__(self, kind: Kind, path: Path, columns: Mapping[str, int], rows: int) -> None:
        self.total = rows
        self._kind = kind
        self._path = path
        self._columns = columns

    def blocks(self) -> Iterator[tuple[int, Block, list[RowProblem]]]:
        """(rows read so far, rows, nothing)."""
        done = 0
        try:
            with pq.ParquetFile(self._path) as file:
                self._refuse_bombs(file)
                for batch in file.iter_batches(BATCH_ROWS, use_threads=False):
                    lines = np.arange(done + 1, done + 1 + len(batch), dtype=np.int64)
                    done += len(batch)
                    yield done, Block(self._texts(batch), lines), []
        except DAMAGED as wrong:
            reason = (str(wrong).splitlines() or [type(wrong).__name__])[0][:200]
            raise InvalidError("registry.file_parquet", file=self._path.name, reason=reason) from wrong

    def _refuse_bombs(self, file: pq.ParquetFile) -> None:
        groups = range(file.metadata.num_row_groups)
        if any(file.metadata.row_group(at).total_byte_size > MOST_GROUP_BYTES for at in groups):
            raise TooLargeError(
                "registry.file_too_large", file=self._path.name, most=MOST_GROUP_BYTES >> 30, unit="GiB a row group"
            )

    def _texts(self, batch: pa.RecordBatch) -> dict[str, pa.Array]:
        return {
            column.name: _as_text(batch.column(self._columns[column.name]))
            if column.name in self._columns
            else pa.nulls(len(batch), pa.string())
            for column in COLUMNS[self._kind]
        }


def _as_text(values: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_floating(values.type):
        values = _whole_numbers(values)
    if pa.types.is_timestamp(values.type) and values.type.tz is not None:
        whole = pc.cast(values, pa.timestamp("s", "UTC"), safe=False)
        return pc.strftime(whole, "%Y-%m-%dT%H:%M:%SZ")
    return pc.cast(values, pa.string())


def _whole_numbers(values: pa.Array) -> pa.Array:
    """A column of whole numbers and gaps comes as floats out of pandas."""
    numbers = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
    whole = np.isfinite(numbers) & (np.abs(numbers) < _EXACT) & (np.trunc(numbers) == numbers)
    missing = pc.is_null(values, nan_is_null=True)
    if (whole | missing.to_numpy(zero_copy_only=False)).all():
        return pa.array(np.where(whole, numbers, 0).astype(np.int64), mask=missing.to_numpy(zero_copy_only=False))
    return values
