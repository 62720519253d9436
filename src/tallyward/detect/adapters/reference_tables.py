"""Group lists, areas and cells of one registry version, as columns for look-ups and as tables of the engine."""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tallyward.detect.cards.day_columns import References
from tallyward.detect.cards.list_index import ListIndex
from tallyward.detect.cards.peer_ranges import ListTables, Range, ipv4_range, number_range, tables
from tallyward.detect.ports import Records
from tallyward.records.schema import UNKNOWN_CELL_BASE
from tallyward.registry.model import PeerKind
from tallyward.registry.profile_schema import ProfileSnapshot


@dataclass(frozen=True, slots=True)
class Reference:
    """What the plan and the findings need to know."""

    prone: tuple[int, ...]
    area_codes: dict[int, str]
    columns: References


class ReferenceTables:
    """Loads the tables; the lists of the last registry version stay at hand, as reading them takes longest."""

    def __init__(self) -> None:
        self._lists: tuple[tuple[int, str], ListTables] | None = None

    def load(self, engine: duckdb.DuckDBPyConnection, profiles: ProfileSnapshot, records: Records) -> Reference:
        """Make `list_entry`, `list_prefix` and `cells`."""
        lists = self._lists_of(engine, profiles, records)
        _offer_lists(engine, lists)
        engine.execute("CREATE TEMP TABLE cells AS SELECT cell, lat, lon FROM read_parquet(?)", [str(profiles.cells)])
        areas = engine.execute("SELECT area, code, fraud_prone FROM read_parquet(?)", [str(profiles.areas)]).fetchall()
        prone = tuple(area for area, _, prone in areas if prone)
        columns = _columns(lists, prone, engine.sql("FROM cells").to_arrow_table())
        return Reference(prone, {area: code for area, code, _ in areas}, columns)

    def _lists_of(self, engine: duckdb.DuckDBPyConnection, profiles: ProfileSnapshot, records: Records) -> ListTables:
        key = (profiles.version, str(profiles.list_entries))
        if self._lists is None or self._lists[0] != key:
            rows = engine.execute(
                "SELECT list_id, kind, text FROM read_parquet(?)", [str(profiles.list_entries)]
            ).fetchall()
            self._lists = (key, tables(_ranges(rows, records)))
        return self._lists[1]


def _ranges(rows: Iterable[tuple[int, str, str]], records: Records) -> Iterable[Range]:
    named: defaultdict[PeerKind, list[tuple[int, str]]] = defaultdict(list)
    for list_id, kind, text in rows:
        match PeerKind(kind):
            case PeerKind.IPV4:
                yield ipv4_range(list_id, text)
            case PeerKind.NUMBER:
                yield number_range(list_id, text)
            case other:
                named[other].append((list_id, text))
    for kind, entries in named.items():
        codes = records.peer_codes(kind, [text for _, text in entries])
        for (list_id, _), code in zip(entries, codes.tolist(), strict=True):
            yield Range(list_id, code, code)


def _columns(lists: ListTables, prone: tuple[int, ...], cells: pa.Table) -> References:
    marked = np.zeros(1 << 16, np.bool_)
    marked[list(prone)] = True
    known = cells.filter(pc.less(cells.column("cell"), UNKNOWN_CELL_BASE))
    number = known.column("cell").to_numpy()
    highest = int(number.max(initial=0))
    return References(
        lists=ListIndex(lists, secrets.randbits(63)),
        prone=marked,
        latitude=_by_number(number, known.column("lat"), highest),
        longitude=_by_number(number, known.column("lon"), highest),
        strange_cells=highest + 1,
    )


def _by_number(number: NDArray[np.uint32], degrees: pa.ChunkedArray, highest: int) -> NDArray[np.float64]:
    found = np.full(highest + 1, np.nan)
    found[number] = degrees.to_numpy()
    return found


def _offer_lists(engine: duckdb.DuckDBPyConnection, lists: ListTables) -> None:
    u32, u64 = pa.uint32(), pa.uint64()
    entries = [pa.array([row[at] for row in lists.entries], kind) for at, kind in ((0, u32), (1, u64))]
    prefixes = [
        pa.array([getattr(one, name) for one in lists.prefixes], kind)
        for name, kind in (("list", u32), ("low", u64), ("high", u64))
    ]
    offered = {
        "list_entry": pa.table(entries, names=["list", "peer"]),
        "list_prefix": pa.table(prefixes, names=["list", "low", "high"]),
    }
    for name, table in offered.items():
        engine.register("offered", table)
        engine.execute(f"CREATE TEMP TABLE {name} AS FROM offered")
        engine.unregister("offered")
