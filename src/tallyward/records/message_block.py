"""One message of a stream: an Arrow IPC stream whose buffers are packed with zstd, at most 512 kB. Pure.

Before anything is unpacked, the sizes that its record batches claim are added up: a message of 500 kB could otherwise
ask for gigabytes. They stand in the metadata (flatbuffers, Arrow format/Message.fbs) and before each packed buffer.
"""

import struct
from collections.abc import Iterator
from typing import Final

import pyarrow as pa

from tallyward.records.decode.issues import refuse
from tallyward.records.decode.parquet import check_columns

MOST_BYTES: Final = 512 << 10
"""A message: half of what a NATS server takes by default."""
MOST_UNPACKED: Final = 64 << 20
_MOST_TRIES: Final = 24
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="zstd")
_KIND_FIELD, _HEADER_FIELD, _DATA_FIELD = 1, 2, 1
_DICTIONARY_BATCH: Final = 2
_BUFFERS_FIELD, _COMPRESSION_FIELD = 2, 3


def read_block(data: bytes) -> pa.Table:
    """The rows of a message; refuses what is no such block, claims too much, or has not the columns of records."""
    if len(data) > MOST_BYTES:
        raise refuse("records.block_too_large", detail=str(len(data)))
    try:
        _check_claims(data)
        with pa.ipc.open_stream(data) as stream:
            check_columns(stream.schema)
            table = stream.read_all()
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, struct.error, IndexError) as error:
        raise refuse("records.not_a_block", detail=str(error), sample=data) from None
    return table


def blocks(table: pa.Table, most: int = MOST_BYTES) -> Iterator[bytes]:
    """Messages that carry the rows of a table, in order, each of at most `most` bytes."""
    size = max(table.num_rows, 1)
    start = 0
    while start < table.num_rows:
        for _ in range(_MOST_TRIES):
            block = _pack(table.slice(start, size))
            if len(block) <= most or size == 1:
                break
            size = max(1, size * most // (len(block) + len(block) // 8))
        else:
            raise refuse("records.block_too_large", detail=str(len(block)))
        if len(block) > most:
            raise refuse("records.block_too_large", detail=str(len(block)))
        yield block
        start += size


def _pack(rows: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=_COMPRESSED) as writer:
        writer.write_table(rows.combine_chunks())
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _check_claims(data: bytes) -> None:
    """Refuse a block whose buffers claim more than may be unpacked."""
    claimed = 0
    messages = pa.ipc.MessageReader.open_stream(data)
    while True:
        try:
            message = messages.read_next_message()
        except StopIteration:
            return
        if message.body is not None:
            claimed += _claim(message.metadata.to_pybytes(), memoryview(message.body))
            if claimed > MOST_UNPACKED:
                raise refuse("records.block_too_large", detail=str(claimed))


def _claim(metadata: bytes, body: memoryview) -> int:
    """Bytes that the buffers of a record batch or dictionary have once unpacked."""
    message = struct.unpack_from("<I", metadata)[0]
    kind = _field(metadata, message, _KIND_FIELD)
    batch = _table(metadata, message, _HEADER_FIELD)
    if batch is not None and kind is not None and metadata[kind] == _DICTIONARY_BATCH:
        batch = _table(metadata, batch, _DATA_FIELD)
    if batch is None or _field(metadata, batch, _COMPRESSION_FIELD) is None:
        return len(body)
    vector = _table(metadata, batch, _BUFFERS_FIELD)
    if vector is None:
        return len(body)
    total = 0
    for at in range(struct.unpack_from("<I", metadata, vector)[0]):
        offset, length = struct.unpack_from("<qq", metadata, vector + 4 + 16 * at)
        if length:
            unpacked = struct.unpack_from("<q", body, offset)[0]
            total += length if unpacked < 0 else unpacked
    return total


def _field(data: bytes, table: int, number: int) -> int | None:
    """Where a field of a flatbuffers table stands, None where it has none."""
    vtable = table - struct.unpack_from("<i", data, table)[0]
    if vtable < 0 or 4 + 2 * number >= struct.unpack_from("<H", data, vtable)[0]:
        return None
    offset = struct.unpack_from("<H", data, vtable + 4 + 2 * number)[0]
    return table + offset if offset else None


def _table(data: bytes, table: int, number: int) -> int | None:
    """Where the table or vector stands that a field refers to."""
    place = _field(data, table, number)
    return None if place is None else place + struct.unpack_from("<I", data, place)[0]
