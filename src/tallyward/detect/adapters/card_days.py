"""What each card did on a day, counted by class: one pass over a bucket's records of one day on DuckDB."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from tallyward.detect.adapters.duckdb_traversal import Resources
from tallyward.detect.usual import HOURS, Counts
from tallyward.kernel.errors import CorruptError, UnavailableError
from tallyward.records.model import SegmentRef

_HOURS: Final = tuple(f"h{hour}" for hour in range(HOURS))
_BY_CARD: Final = f"""
SELECT card_id, sum(up::UBIGINT + dn)::UBIGINT AS bytes, count(DISTINCT nullif(peer, 0))::UBIGINT AS peers,
  count(DISTINCT nullif(cell, 0))::UBIGINT AS cells, count(*)::UBIGINT AS records,
  {", ".join(f"count(*) FILTER (ts // 3600 % 24 = {hour})::UINTEGER AS {name}" for hour, name in enumerate(_HOURS))}
FROM read_parquet(?) GROUP BY card_id
"""
_BY_CLASS: Final = f"""
SELECT p.card_class, c.* EXCLUDE (card_id), ({" + ".join(f"({name} > 0)::UBIGINT" for name in _HOURS)}) AS hours
FROM ({_BY_CARD}) c LEFT JOIN read_parquet(?) p USING (card_id)
"""
_ALL: Final = f"SELECT NULL::UINTEGER AS card_class, c.* EXCLUDE (card_id), 0::UBIGINT AS hours FROM ({_BY_CARD}) c"


class CardDays:
    """Counts card-days; memory is bound by one bucket of one day."""

    def __init__(self, resources: Resources | None = None) -> None:
        self._resources = resources or Resources()

    def count(self, profile: Path | None, segments: Sequence[SegmentRef]) -> dict[int, Counts]:
        """By class. Cards without profile have none and are left out; every record is read all the same.

        Refuses with `detect.records_differ` where the segments hold other records than the manifest says.
        """
        paths = [str(one.path) for one in segments]
        with self._engine() as engine:
            query, given = (_BY_CLASS, [paths, str(profile)]) if profile else (_ALL, [paths])
            table = engine.sql(query, params=given).to_arrow_table()
        read, expected = int(table.column("records").to_numpy().sum()), sum(one.rows for one in segments)
        if read != expected:
            raise CorruptError("detect.records_differ", bucket=segments[0].bucket, read=read, expected=expected)
        return _by_class(table)

    @contextmanager
    def _engine(self) -> Iterator[duckdb.DuckDBPyConnection]:
        given = self._resources
        try:
            with duckdb.connect(
                ":memory:",
                config={
                    "threads": given.threads,
                    "memory_limit": f"{given.memory_mb}MB",
                    "preserve_insertion_order": False,
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                    "temp_directory": str(given.temporary) if given.temporary else "",
                },
            ) as engine:
                yield engine
        except duckdb.Error as error:
            raise UnavailableError("detect.engine", problem=str(error).split("\n", maxsplit=1)[0][:200]) from error


def _by_class(table: pa.Table) -> dict[int, Counts]:
    known = table.filter(table.column("card_class").is_valid())
    classes = known.column("card_class").to_numpy()
    values = {name: known.column(name).to_numpy() for name in ("bytes", "peers", "cells", "records", "hours")}
    hours = np.stack([known.column(name).to_numpy() for name in _HOURS]).astype(np.int64)
    found: dict[int, Counts] = {}
    for number in np.unique(classes).tolist():
        own = classes == number
        counts = found[number] = Counts()
        counts.add({name: column[own] for name, column in values.items()}, hours[:, own].sum(axis=1))
    return found
