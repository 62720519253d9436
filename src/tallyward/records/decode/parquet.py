"""Parquet of a source: the columns of docs/mediation-csv.md (texts or typed), or our own usage schema."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tallyward.records.decode.columns import COLUMNS, observe
from tallyward.records.decode.issues import Issue, Issues, refuse
from tallyward.records.schema import TAG_SHIFT, USAGE, PeerTag, Service, SubscriberTag
from tallyward.registry.parquet_damage import DAMAGED

MOST_ROWS: Final = 200_000_000
_BATCH: Final = 262_144


class Batch(NamedTuple):
    """Rows of a Parquet file: observed, or `usage` where they are usage records already."""

    rows: pa.Table
    usage: bool


def is_usage(schema: pa.Schema) -> bool:
    """Whether every column of the usage schema is there."""
    return all(name in schema.names for name in USAGE.names)


def read_parquet(source: Path | bytes, issues: Issues) -> Iterator[tuple[Batch, int, int]]:
    """(batch, rows read so far, rows of the file) of a file; adds rows put aside to `issues`, refuses a broken file."""
    try:
        with pq.ParquetFile(pa.BufferReader(source) if isinstance(source, bytes) else source) as file:
            if file.metadata.num_rows > MOST_ROWS:
                raise refuse("records.file_too_large", detail=f"{file.metadata.num_rows} rows")
            check_columns(file.schema_arrow)
            done = 0
            for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
                table = pa.Table.from_batches([batch])
                done += batch.num_rows
                yield read_table(table, done - batch.num_rows + 1, issues), done, file.metadata.num_rows
    except DAMAGED as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk, not the file
        raise refuse("records.not_parquet", detail=str(error)) from None


def check_columns(schema: pa.Schema) -> None:
    """Refuse a table that has neither set of columns."""
    if is_usage(schema):
        return
    missing = [name for name in COLUMNS if name not in schema.names]
    if missing:
        raise refuse("records.missing_columns", field=missing[0], detail=", ".join(missing))


def read_table(table: pa.Table, first: int, issues: Issues) -> Batch:
    """Rows of one table whose first row is record `first`."""
    if is_usage(table.schema):
        return Batch(usage_rows(table), usage=True)
    try:
        rows, faults, refused = observe({name: _plain(table[name]) for name in COLUMNS})
    except (pa.ArrowException, NotImplementedError) as error:
        raise refuse("records.column_types", detail=str(error)) from None
    issues.add_untold(refused - len(faults))
    for fault in faults:
        issues.add(Issue(fault.code, record=first + fault.row, field=fault.field, detail=fault.value))
    return Batch(rows, usage=False)


def usage_rows(table: pa.Table) -> pa.Table:
    """The columns of the usage schema; refuses values that no record can have."""
    try:
        rows = table.select(USAGE.names).cast(USAGE)
    except (pa.ArrowException, ValueError) as error:
        raise refuse("records.column_types", detail=str(error)) from None
    _check(rows, "svc", pc.less_equal(rows["svc"], int(Service.UNKNOWN)))
    _check(rows, "ts", pc.greater(rows["ts"], 0))
    tag = pc.shift_right(rows["peer"], pa.scalar(TAG_SHIFT, pa.uint64()))
    whole = pc.and_(pc.less_equal(tag, max(PeerTag)), pc.equal(pc.equal(tag, 0), pc.equal(rows["peer"], 0)))
    _check(rows, "peer", whole)
    tag = pc.shift_right(rows["stranger"], pa.scalar(TAG_SHIFT, pa.uint64()))
    known = pc.greater(rows["card_id"], 0)
    _check(rows, "stranger", pc.and_(pc.equal(pc.equal(tag, 0), known), pc.less_equal(tag, max(SubscriberTag))))
    return rows


def _check(rows: pa.Table, field: str, good: pa.ChunkedArray) -> None:
    if pc.all(good).as_py() is False:
        row = pc.index(good, pa.scalar(value=False)).as_py()
        raise refuse("records.usage_value", field=field, detail=f"{rows[field][row].as_py()} (row {row + 1})")


def _plain(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # a column without rows has no chunk to combine
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], column.type)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_large_string(array.type):
        array = array.cast(pa.string())
    if pa.types.is_string(array.type):
        array = pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)
    return array
