"""Records of what the registry does not know: counted by number, card id or cell, with the first few of each."""

from collections.abc import Sequence
from typing import Final

import duckdb
import pyarrow as pa

from tallyward.detect.adapters.bucket_records import ROW_BITS
from tallyward.detect.adapters.judged_records import Judged, values_of
from tallyward.detect.cards.evidence import MOST_EVIDENCE
from tallyward.detect.cards.plan import EVIDENCE_COLUMNS
from tallyward.detect.cards.verdict import BucketAnswer, Seen
from tallyward.records.model import SegmentRef

_FIGURES: Final = (
    f"count(*) AS n, min(ts) AS first, max(ts) AS last, arg_min(place, row(ts, place), {MOST_EVIDENCE}) AS shown"
)


class StrangerRecords:
    """Asks relations that have the evidence columns and `place`."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, segments: tuple[int, ...]) -> None:
        """`segments`: their ids, by the number that a `place` tells."""
        self._engine = engine
        self._segments = segments

    def tell(self, files: Sequence[SegmentRef], answer: BucketAnswer, strange_cells: int) -> None:
        """Everything that the bucket of unknown cards says; its records are read where they lie."""
        paths = [str(file.path) for file in files]
        self._engine.register("numbered", pa.table({"path": paths, "number": pa.array(range(len(paths)), pa.int64())}))
        self._engine.execute("CREATE OR REPLACE TEMP TABLE segment_file AS FROM numbered")
        self._engine.execute(
            f"CREATE OR REPLACE TEMP VIEW placed AS SELECT *, number * {1 << ROW_BITS} + file_row_number AS place"
            f" FROM read_parquet({texts(paths)}, filename = true, file_row_number = true)"
            " JOIN segment_file ON path = filename"
        )
        answer.records = int(self._engine.execute("SELECT count(*) FROM placed").fetchall()[0][0])
        answer.strangers = self.seen("stranger", "placed WHERE card_id = 0")
        answer.lost_cards = self.seen("card_id", "placed WHERE card_id <> 0")
        answer.cells = self.seen("cell", f"placed WHERE cell >= {strange_cells}")

    def seen(self, code: str, source: str) -> list[Seen]:
        """What has a code, with its figures and its first records."""
        found = self._arrow(f"SELECT {code}, {_FIGURES} FROM {source} GROUP BY {code} ORDER BY {code}")
        codes, n, first, last, shown = (values_of(column) for column in found.columns)
        places = pa.array(sorted({place for some in shown for place in some}), pa.int64())
        self._engine.register("places", pa.table({"place": places}))
        read = f"SELECT place, {', '.join(EVIDENCE_COLUMNS)} FROM {source.split(' ', maxsplit=1)[0]}"
        rows = Judged.of(self._arrow(f"{read} SEMI JOIN places USING (place)"), self._segments)
        at = dict(zip(rows.column("place").tolist(), rows.witness_list(), strict=True))
        witnesses = (tuple(at[place] for place in some) for some in shown)
        return [Seen(*row) for row in zip(codes, n, first, last, witnesses, strict=True)]

    def _arrow(self, sql: str) -> pa.Table:
        return self._engine.sql(sql).to_arrow_table()


def texts(values: Sequence[str]) -> str:
    """Values as a list of SQL texts."""
    return "[" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + "]"
