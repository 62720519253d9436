"""When each card was seen, how often, and how often its device changed: a day's records of a bucket on DuckDB."""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.detect.adapters.duckdb_traversal import Resources
from tallyward.kernel.errors import CorruptError, UnavailableError
from tallyward.records.model import SegmentRef

_SEEN: Final = """
SELECT card_id, min(ts) AS first, max(ts) AS last, count(*)::UBIGINT AS records,
  coalesce(min(nullif(imei, 0)), 0)::UBIGINT AS low, max(imei) AS high,
  coalesce(max(ts::BIGINT * 65536 + area) FILTER (area <> 0), 0) AS placed
FROM read_parquet(?) WHERE card_id <> 0 GROUP BY card_id ORDER BY card_id
"""
_MOVED: Final = """
SELECT card_id, count(*) FILTER (imei <> before)::UBIGINT AS devices,
  arg_min(imei, row(ts, imei)) AS first_device, arg_max(imei, row(ts, imei)) AS last_device
FROM (
  SELECT card_id, ts, imei, lag(imei) OVER (PARTITION BY card_id ORDER BY ts, imei) AS before
  FROM read_parquet(?) SEMI JOIN moved USING (card_id) WHERE imei <> 0
) GROUP BY card_id ORDER BY card_id
"""


Column: TypeAlias = NDArray[np.int64]


class Sightings(NamedTuple):
    """Cards with records, by ascending id, each once. Times in seconds since 1970.

    `devices`: how often the device changed from one record to the next. `first_device`, `last_device`: IMEIs as
    numbers, 0 where no record names one. `area`: where it was seen last, 0 where no record tells a place.
    """

    card: Column
    first: Column
    last: Column
    records: Column
    devices: Column
    first_device: Column
    last_device: Column
    area: Column


NOTHING: Final = Sightings(*[np.empty(0, np.int64)] * 8)
_AREA: Final = 0xFFFF  # the lower half of `placed`: the later record's, of two at one time the higher number


class CardSightings:
    """Counts sightings; memory is bound by one bucket of one day."""

    def __init__(self, resources: Resources | None = None) -> None:
        self._resources = resources or Resources()

    def of(self, segments: Sequence[SegmentRef]) -> Sightings:
        """Of the segments of one bucket and day; unknown cards are left out.

        Refuses what cannot be read with `detect.engine`, and with `detect.records_differ` where records of known cards
        are fewer or more than the manifest says.
        """
        paths = [str(one.path) for one in segments]
        try:
            with duckdb.connect(":memory:", config=self._settings()) as engine:
                seen = engine.sql(_SEEN, params=[paths]).to_arrow_table()
                card, first, last, records, low, high, placed = map(_column, seen.columns)
                devices, first_device, last_device = np.zeros(len(card), np.int64), low, high.copy()
                moved = np.flatnonzero(low != high)
                if len(moved):
                    engine.register("moved", pa.table({"card_id": pa.array(card[moved])}))
                    found = map(_column, engine.sql(_MOVED, params=[paths]).to_arrow_table().columns)
                    _, devices[moved], first_device[moved], last_device[moved] = found
        except duckdb.Error as error:
            raise UnavailableError("detect.engine", problem=str(error).split("\n", maxsplit=1)[0][:200]) from error
        read, expected = int(records.sum()), sum(one.rows for one in segments)
        if read != expected:
            raise CorruptError("detect.records_differ", bucket=segments[0].bucket, read=read, expected=expected)
        return Sightings(card, first, last, records, devices, first_device, last_device, placed & _AREA)

    def _settings(self) -> dict[str, str | bool | int | float | list[str]]:
        given = self._resources
        return {
            "threads": given.threads,
            "memory_limit": f"{given.memory_mb}MB",
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": str(given.temporary) if given.temporary else "",
        }


def joined(earlier: Sightings, later: Sightings) -> Sightings:
    """Two stretches of time as one; a device that changed from the one to the other counts."""
    order = np.argsort(np.concatenate((earlier.card, later.card)), kind="stable")
    both = Sightings(*(np.concatenate(pair)[order] for pair in zip(earlier, later, strict=True)))
    card, first, last, records, devices, first_device, last_device, area = both
    begins = np.append(True, card[1:] != card[:-1])[: len(card)]
    starts = np.flatnonzero(begins)
    if len(starts) == len(card):
        return both
    row = np.cumsum(begins) - 1
    named = np.flatnonzero(first_device)
    again = row[named[1:]] == row[named[:-1]]
    devices[named[1:]] += again & (first_device[named[1:]] != last_device[named[:-1]])
    ends = np.zeros((2, len(starts)), np.int64)
    ends[0, row[named[::-1]]] = first_device[named[::-1]]
    ends[1, row[named]] = last_device[named]
    seen = np.flatnonzero(area)
    newest = np.zeros(len(starts), np.int64)
    newest[row[seen]] = area[seen]
    return Sightings(
        card[starts],
        np.minimum.reduceat(first, starts),
        np.maximum.reduceat(last, starts),
        np.add.reduceat(records, starts),
        np.add.reduceat(devices, starts),
        ends[0],
        ends[1],
        newest,
    )


def _column(column: pa.ChunkedArray) -> Column:
    return np.asarray(column.to_numpy(), dtype=np.int64)
