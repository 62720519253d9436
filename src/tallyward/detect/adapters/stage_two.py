"""Stage two of a traversal on DuckDB: the records of the cards that stage one names, judged as the rules say.

Candidates of many buckets are judged together, as long as their records take little memory: a query costs some
milliseconds, however few cards it is about.
"""

from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.detect.adapters.judged_records import Judged, key_hits, values_of
from tallyward.detect.adapters.stranger_records import StrangerRecords
from tallyward.detect.cards.plan import JudgedFault, Plan
from tallyward.detect.cards.verdict import BucketAnswer, FaultHit, KeyPairs

CardIds = NDArray[np.uint32]


@dataclass(slots=True)
class Candidates:
    """Cards that stage one names in a stretch, and what stage two needs of them.

    `judged` are the cards that may have a fault, `lost` those without profile, `strange` those with a record of an
    unknown cell. `records` have a column `place`; `earlier` has the month's sums of the cards that have any.
    """

    judged: CardIds
    lost: CardIds
    strange: CardIds
    records: pa.Table
    profile: pa.Table
    earlier: pa.Table
    hot: list[KeyPairs] = field(default_factory=list)


class StageTwo:
    """Collects candidates, and judges them when there are enough, or at the end."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, plan: Plan, segments: tuple[int, ...], most: int) -> None:
        """`segments`: their ids, by the number that a `place` tells. `most`: bytes of records to judge together."""
        self._engine = engine
        self._plan = plan
        self._segments = segments
        self._most = most
        self._waiting: list[Candidates] = []
        self._bytes = 0

    def take(self, given: Candidates, answer: BucketAnswer) -> None:
        """Candidates of one more stretch; what they and those before them have is told once they are judged."""
        self._waiting.append(given)
        self._bytes += given.records.nbytes
        if self._bytes > self._most:
            self.tell(answer)

    def tell(self, answer: BucketAnswer) -> None:
        """Judge all that wait."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        if not any(one.records.num_rows for one in waiting):
            return
        relations = {
            "seen": pa.concat_tables([one.records for one in waiting]),
            "profile": pa.concat_tables([one.profile for one in waiting]),
            "earlier": pa.concat_tables([one.earlier for one in waiting]),
            "wanted": pa.table({"card_id": _joined([one.judged for one in waiting])}),
        }
        for name, table in relations.items():
            self._engine.register(name, table)
        self._engine.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {self._plan.judge}")
        judged = Judged.of(self._arrow("FROM judged"), self._segments)
        answer.hits += self._hits(judged)
        for key in self._plan.keys:
            answer.hits += key_hits(
                key, judged, [part for one in waiting for part in one.hot if part.fault == key.fault]
            )
        strangers = StrangerRecords(self._engine, self._segments)
        if any(len(one.lost) for one in waiting):
            answer.lost_cards += strangers.seen("card_id", "seen ANTI JOIN profile USING (card_id)")
        if any(len(one.strange) for one in waiting):
            answer.cells += strangers.seen("cell", f"seen WHERE cell >= {self._plan.strange_cells}")
        for name in relations:
            self._engine.unregister(name)

    def _hits(self, judged: Judged) -> list[FaultHit]:
        """The faults that hold for the cards of `wanted`."""
        counted, limits = self._arrow(self._plan.count), self._arrow(self._plan.limits)
        hits: list[FaultHit] = []
        for place, one in enumerate(self._plan.faults):
            if not one.fault.across:
                hits += _of_fault(place, one, judged, counted, limits)
        return hits

    def _arrow(self, sql: str) -> pa.Table:
        return self._engine.sql(sql).to_arrow_table()


def _of_fault(place: int, one: JudgedFault, judged: Judged, counted: pa.Table, limits: pa.Table) -> list[FaultHit]:
    own, observed = None, dict[int, Any]()
    if one.counted:
        held = counted.filter(counted.column(f"hit_{place}"))
        own = held.column("card_id").to_numpy()
        observed = dict(zip(own.tolist(), values_of(held.column(f"observed_{place}")), strict=True))
    found = judged.figures(one, own)
    at = np.searchsorted(limits.column("card_id").to_numpy(), np.array(list(found), np.uint32))
    shown = limits.select([f"limit_{place}", f"origin_{place}"]).take(pa.array(at))
    return [
        FaultHit(place, card, n, first, last, observed.get(card, n), limit, origin, witnesses)
        for (card, (n, first, last, witnesses)), limit, origin in zip(
            found.items(), values_of(shown.column(0)), values_of(shown.column(1)), strict=True
        )
    ]


def _joined(parts: list[CardIds]) -> CardIds:
    return np.concatenate([np.empty(0, np.uint32), *parts])
