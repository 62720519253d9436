"""What each card summed up on the earlier days of the month, one day read once: sums are kept as Parquet files."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from tallyward.records.model import SegmentRef


class MonthTotals:
    """Gives a table (card_id, e0, e1, …) for one bucket after another: whole numbers of 128 bits, or fractions."""

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

    def of(self, days: Sequence[Sequence[SegmentRef]]) -> pa.Table:
        """The sums of these segments, one sequence a day."""
        parts = [self._day(segments) for segments in days if segments]
        if not self._sums or not parts:
            return self.nothing()
        names = ", ".join(f"sum({name})::{_kind(sql)} AS {name}" for sql, name in self._sums.items())
        return self._engine.sql(
            f"SELECT card_id, {names} FROM ({' UNION ALL '.join(parts)}) GROUP BY card_id"
        ).to_arrow_table()

    def nothing(self) -> pa.Table:
        """No card and no sum."""
        nothing = ", ".join(
            ["0::UINTEGER AS card_id", *(f"0::{_kind(sql)} AS {name}" for sql, name in self._sums.items())]
        )
        return self._engine.sql(f"SELECT {nothing} WHERE FALSE").to_arrow_table()

    def _day(self, segments: Sequence[SegmentRef]) -> str:
        paths = ", ".join(_quoted(str(segment.path)) for segment in segments)
        sums = ", ".join(f"sum({sql})::{_kind(sql)} AS {name}" for sql, name in self._sums.items())
        query = f"SELECT card_id, {sums} FROM read_parquet([{paths}]) GROUP BY card_id"
        if self._folder is None:
            return query
        kept = self._folder / f"{segments[0].day}-{segments[0].bucket:05}-{self._digest(segments)}.parquet"
        if not kept.exists():
            self._write(query, kept)
        names = ", ".join(f"{name}::{_kind(sql)} AS {name}" for sql, name in self._sums.items())
        return f"SELECT card_id, {names} FROM read_parquet({_quoted(str(kept))})"

    def _digest(self, segments: Sequence[SegmentRef]) -> str:
        text = repr((sorted((int(segment.id), segment.sha256) for segment in segments), sorted(self._sums.items())))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def _write(self, query: str, kept: Path) -> None:
        half = kept.with_suffix(f".{os.getpid()}.tmp")
        whole = ", ".join(  # a decimal keeps every digit
            f"{name}{'' if _kind(sql) == 'DOUBLE' else '::DECIMAL(38, 0)'} AS {name}"
            for sql, name in self._sums.items()
        )
        self._engine.execute(f"COPY (SELECT card_id, {whole} FROM ({query})) TO {_quoted(str(half))} (FORMAT parquet)")
        half.replace(kept)


def _kind(sql: str) -> str:
    """The type of a sum: fractions are told by the SQL of what is summed up (`emit_sql`)."""
    return "DOUBLE" if "DOUBLE" in sql else "HUGEINT"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
