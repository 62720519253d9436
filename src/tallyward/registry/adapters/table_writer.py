"""Export files: CSV, or Parquet where the name ends in .parquet; whole or not there at all."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from tallyward.kernel.errors import UnavailableError
from tallyward.registry.columns import Kind


def write_table(kind: Kind, path: Path, tables: Iterator[pa.Table]) -> int:
    """Write `tables` one after the other and give the number of rows; `registry.file_unwritable`."""
    unfinished = path.with_name(f".{path.name}.part")
    rows = 0
    try:
        first = next(tables)
        with unfinished.open("wb") as file, _writer(path)(file, first.schema) as writer:
            for table in tables:
                writer.write_table(table)
                rows += table.num_rows
        unfinished.replace(path)
    except OSError as wrong:
        reason = wrong.strerror or str(wrong)
        raise UnavailableError("registry.file_unwritable", file=str(path), kind=kind.value, reason=reason) from wrong
    finally:
        unfinished.unlink(missing_ok=True)
    return rows


def _writer(path: Path) -> Callable[..., Any]:
    writer: Callable[..., Any] = pq.ParquetWriter if path.suffix.lower() == ".parquet" else csv.CSVWriter
    return writer
