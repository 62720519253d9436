"""Memory for the columns of one bucket, taken once and used again for the next.

Fresh memory costs nearly as much as decoding into it. A first reading may keep its columns for a second one.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from tallyward.detect.cards.day_columns import Array
from tallyward.records.schema import USAGE


class Room:
    """What the buckets of a traversal are read into, one after another."""

    def __init__(self, most_kept: int = 0) -> None:
        """`most_kept`: how many bytes first readings may keep for second ones."""
        self._left = most_kept
        self._columns: dict[str, Array] = {}
        self._kept: dict[int, dict[str, Array]] = {}

    def column(self, name: str, rows: int) -> Array:
        """Memory for a column; what it held before is written over."""
        found = self._columns.get(name)
        if found is None or len(found) < rows:
            self._columns[name] = found = np.empty(rows, USAGE.field(name).type.to_pandas_dtype())
        return found[:rows]

    def to_keep(self, names: Sequence[str], rows: int) -> dict[str, Array]:
        """Memory for columns to keep; nothing if there is not enough left."""
        need = rows * row_bytes(names)
        if need > self._left:
            return {}
        self._left -= need
        return {name: np.empty(rows, USAGE.field(name).type.to_pandas_dtype()) for name in names}

    def keep(self, first: int, columns: dict[str, Array]) -> None:
        """Keep the columns of the bucket that begins with this card."""
        self._kept[first] = columns

    def kept(self, first: int) -> dict[str, Array]:
        """What was kept of a bucket, given away."""
        return self._kept.pop(first, {})


def row_bytes(columns: Iterable[str]) -> int:
    """What a record's columns take in memory."""
    return sum(int(USAGE.field(name).type.bit_width) // 8 for name in columns)


def copied(table: pa.Table, into: Mapping[str, Array], at: int) -> int:
    """Copy a table's columns to their place from row `at` on; the row after them. No value may be null."""
    for name, values in into.items():
        row = at
        for chunk in table.column(name).chunks:
            values[row : row + len(chunk)] = chunk.to_numpy(zero_copy_only=True)
            row += len(chunk)
    return at + int(table.num_rows)
