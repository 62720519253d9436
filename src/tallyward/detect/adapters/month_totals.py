"""What each card summed up on the earlier days of the month, one day read once: sums are kept as Parquet files."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import duckdb

from tallyward.records.model import SegmentRef


class MonthTotals:
    """Gives the relation `earlier` (card_id, e0, e1, …) of one bucket after another."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, sums: dict[str, str], folder: Path | None) -> None:
        """`sums`: SQL over record columns -> column name. `folder` keeps a day's sums; None: they are read again."""
        self._engine = engine
        self._sums = sums
        self._folder = folder if sums else None

    def folders(self) -> list[Path]:
        """Where it writes."""
        if self._folder is None:
            return []
        self._folder.mkdir(parents=True, exist_ok=True)
        return [self._folder]

    def offer(self, days: Sequence[Sequence[SegmentRef]]) -> None:
        """Make `earlier` for these segments, one sequence a day."""
        if not self._sums:
            return
        parts = [self._day(segments) for segments in days if segments]
        names = ", ".join(f"sum({name}) AS {name}" for name in self._sums.values())
        nothing = ", ".join(f"0::HUGEINT AS {name}" for name in self._sums.values())
        union = " UNION ALL ".join(parts) or f"SELECT 0::UINTEGER AS card_id, {nothing} WHERE FALSE"
        self._engine.execute(
            f"CREATE OR REPLACE TEMP TABLE earlier AS SELECT card_id, {names} FROM ({union}) GROUP BY card_id"
        )

    def _day(self, segments: Sequence[SegmentRef]) -> str:
        paths = ", ".join(_quoted(str(segment.path)) for segment in segments)
        sums = ", ".join(f"sum({sql})::HUGEINT AS {name}" for sql, name in self._sums.items())
        query = f"SELECT card_id, {sums} FROM read_parquet([{paths}]) GROUP BY card_id"
        if self._folder is None:
            return query
        kept = self._folder / f"{segments[0].day}-{segments[0].bucket:05}-{self._digest(segments)}.parquet"
        if not kept.exists():
            self._write(query, kept)
        names = ", ".join(f"{name}::HUGEINT AS {name}" for name in self._sums.values())
        return f"SELECT card_id, {names} FROM read_parquet({_quoted(str(kept))})"

    def _digest(self, segments: Sequence[SegmentRef]) -> str:
        text = repr((sorted((int(segment.id), segment.sha256) for segment in segments), sorted(self._sums.items())))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _write(self, query: str, kept: Path) -> None:
        half = kept.with_suffix(f".{os.getpid()}.tmp")
        whole = ", ".join(f"{name}::DECIMAL(38, 0) AS {name}" for name in self._sums.values())  # keeps every digit
        self._engine.execute(f"COPY (SELECT card_id, {whole} FROM ({query})) TO {_quoted(str(half))} (FORMAT parquet)")
        half.replace(kept)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
