"""Usage records cut into the pieces that become segments: one day and one bucket each, sorted. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.kernel.clock import SECONDS_PER_DAY, day_of
from tallyward.records.model import UNKNOWN_BUCKET
from tallyward.records.schema import USAGE
from tallyward.registry.profile_schema import BUCKET_CARDS


class Piece(NamedTuple):
    """Records of one day and one bucket, sorted by card_id, then ts."""

    day: date
    bucket: int
    rows: pa.Table


def cut(usage: pa.Table) -> Iterator[Piece]:
    """The pieces of some usage records, by day and bucket in order."""
    columns = {name: usage[name].to_numpy() for name in USAGE.names}
    days = columns["ts"] // np.uint32(SECONDS_PER_DAY)
    found = np.unique(days)
    for day in found:
        mine = columns if len(found) == 1 else _rows(columns, np.flatnonzero(days == day))
        ordered = _sorted(mine)
        yield from _buckets(ordered, day_of(int(day) * SECONDS_PER_DAY))


def _rows(
    columns: dict[str, NDArray[np.unsignedinteger]], at: NDArray[np.intp]
) -> dict[str, NDArray[np.unsignedinteger]]:
    """Rows of all columns in the order `at`. A column of one value stays as it is, which saves a third of the time."""
    size = len(at)
    return {
        name: values[:size] if values[0] == values[-1] and (values == values[0]).all() else values.take(at, mode="clip")
        for name, values in columns.items()
    }


def _sorted(columns: dict[str, NDArray[np.unsignedinteger]]) -> dict[str, NDArray[np.unsignedinteger]]:
    key = columns["card_id"].astype(np.uint64) << np.uint64(32)
    key |= columns["ts"]
    if (key[1:] >= key[:-1]).all():
        return columns
    return _rows(columns, np.argsort(key))


def _buckets(columns: dict[str, NDArray[np.unsignedinteger]], day: date) -> Iterator[Piece]:
    cards = columns["card_id"]
    table = pa.table([columns[name] for name in USAGE.names], schema=USAGE)
    strangers = int(np.searchsorted(cards, 1))
    at = strangers
    while at < len(cards):
        bucket = int(cards[at]) // BUCKET_CARDS
        end = int(np.searchsorted(cards, (bucket + 1) * BUCKET_CARDS))
        yield Piece(day, bucket, table.slice(at, end - at))
        at = end
    if strangers:
        yield Piece(day, UNKNOWN_BUCKET, table.slice(0, strangers))
