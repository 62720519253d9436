"""Records of candidates as the engine judged them, as columns: which are shown for a fault, figures of pairs by key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.detect.adapters.bucket_records import ROW_BITS
from tallyward.detect.cards.evidence import MOST_EVIDENCE, Grouped, grouped, shown
from tallyward.detect.cards.finding import LimitOrigin
from tallyward.detect.cards.plan import EVIDENCE_COLUMNS, JudgedFault, KeyCount
from tallyward.detect.cards.verdict import FaultHit, HotPairs, Witness

Figures: TypeAlias = tuple[int, int, int, tuple[Witness, ...]]
"""(records, first ts, last ts, the records to show)."""

_ROW_MASK: Final = (1 << ROW_BITS) - 1


@dataclass(frozen=True, slots=True)
class Judged:
    """Columns of equal length; `segments` are the ids of the bucket's segments by their number."""

    columns: Mapping[str, NDArray[Any]]
    segments: tuple[int, ...]

    @classmethod
    def of(cls, table: pa.Table, segments: tuple[int, ...]) -> "Judged":
        """A table of the engine."""
        names = [name for name in table.column_names if name not in {"lat", "lon", "lon_east"}]
        return cls({name: table.column(name).to_numpy() for name in names}, segments)

    def column(self, name: str) -> NDArray[Any]:
        """One column."""
        return self.columns[name]

    def only(self, holds: str) -> "Judged":
        """The records where a condition holds; all for an empty name."""
        if not holds:
            return self
        chosen = np.flatnonzero(self.columns[holds].astype(bool))
        return Judged({name: column[chosen] for name, column in self.columns.items()}, self.segments)

    def figures(self, one: JudgedFault, cards: NDArray[np.uint32] | None) -> dict[int, Figures]:
        """Figures of a fault by card: of these cards, or of all that have a record where it holds."""
        chosen = np.ones(len(self.columns["card_id"]), np.bool_)
        if cards is not None:
            chosen = np.isin(self.columns["card_id"], cards)
        if one.holds:
            chosen &= self.columns[one.holds].astype(bool)
        rows = np.flatnonzero(chosen)
        card, ts, place = (self.columns[name][rows] for name in ("card_id", "ts", "place"))
        groups = shown(one.shown, self.columns[one.by][rows] if one.by else None, card, ts, place)
        return dict(zip(groups.keys.tolist(), self._figures(groups, rows), strict=True))

    def witness_list(self) -> list[Witness]:
        """Every record."""
        return self._witnesses(np.arange(len(self.columns["place"])))

    def _figures(self, groups: Grouped, rows: NDArray[np.int64]) -> Iterator[Figures]:
        """Of each group of some rows."""
        if not len(groups.rows):
            return iter(())
        ts = self.columns["ts"][rows[groups.rows]]
        ends = groups.starts[:-1]
        first, last = np.minimum.reduceat(ts, ends).tolist(), np.maximum.reduceat(ts, ends).tolist()
        some = groups.first(MOST_EVIDENCE)
        made = self._witnesses(rows[some.rows])
        told = [tuple(made[start:end]) for start, end in pairwise(some.starts.tolist())]
        return zip(np.diff(groups.starts).tolist(), first, last, told, strict=True)

    def by_key(self, key: str) -> tuple[list[tuple[int, int]], Iterator[Figures]]:
        """(key, card) of all records, and the figures of each."""
        keys, cards = self.columns[key], self.columns["card_id"]
        _, number = np.unique(np.stack([keys, cards.astype(np.uint64)]), axis=1, return_inverse=True)
        groups = grouped(number.reshape(-1), self.columns["ts"], self.columns["place"])
        first = groups.rows[groups.starts[:-1]]
        pairs = list(zip(keys[first].tolist(), cards[first].tolist(), strict=True))
        return pairs, self._figures(groups, np.arange(len(keys)))

    def _witnesses(self, rows: NDArray[np.int64]) -> list[Witness]:
        place = self.columns["place"][rows]
        segment = np.array(self.segments, np.int64)[place >> ROW_BITS]
        told = [self.columns[name][rows].tolist() for name in EVIDENCE_COLUMNS]
        return list(map(Witness, segment.tolist(), (place & _ROW_MASK).tolist(), *told))


def key_hits(key: KeyCount, judged: Judged, hot: HotPairs) -> list[FaultHit]:
    """A hit for each hot pair of a fault that counts by key, where a record shows it."""
    wanted = {pair for part in hot for pair in zip(part.keys.tolist(), part.cards.tolist(), strict=True)}
    if not wanted:
        return []
    found, figures = judged.only(key.holds).by_key(key.question.key)
    return [
        FaultHit(key.fault, pair[1], n, first, last, None, key.at_least, LimitOrigin.RULE, witnesses, pair[0])
        for pair, (n, first, last, witnesses) in zip(found, figures, strict=True)
        if pair in wanted
    ]


def values_of(column: pa.ChunkedArray) -> list[Any]:
    """A column as Python values; wide integers, which the engine gives as decimals, as integers."""
    kind = column.type
    if pa.types.is_list(kind):
        chunk = column.combine_chunks()
        flat, ends = chunk.values.to_numpy().tolist(), chunk.offsets.to_numpy().tolist()
        return [flat[start:end] for start, end in pairwise(ends)]
    if pa.types.is_decimal(kind):
        return [None if value is None else int(value) for value in column.to_pylist()]
    if column.null_count or not pa.types.is_primitive(kind):
        return list(column.to_pylist())
    return list(column.to_numpy().tolist())
