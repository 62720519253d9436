"""Which segments of a day and bucket become one. Pure.

Small segments are joined with others of their own size, so that a record is written again only as often as its segment
grows fourfold. When the day has long been over, what is left is joined as well, unless a large segment would be
written again for a few late records.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Protocol, TypeVar

import numpy as np
import pyarrow as pa

from tallyward.records.schema import USAGE

MOST_ROWS: Final = 2_000_000
"""Records of a joined segment at most (66 bytes each in memory): what two sorted copies of may take."""
FAN_IN: Final = 8
"""So many segments of one size are joined while their day goes on."""
_CRUMBS: Final = 4
_OVER_AFTER: Final = timedelta(days=1)


class Sized(Protocol):
    """Something that holds rows."""

    @property
    def rows(self) -> int:
        """How many."""
        ...


Segment = TypeVar("Segment", bound=Sized)


def is_over(day: date, today: date) -> bool:
    """Whether a day has been over for so long that few records still come."""
    return today - day > _OVER_AFTER


def groups(segments: Sequence[Segment], *, over: bool) -> list[list[Segment]]:
    """The segments of one day and bucket, oldest first, that should become one segment each."""
    small = [segment for segment in segments if segment.rows <= MOST_ROWS // 2]
    found = [group for group in _packed(small) if _worth_it(group)] if over else []
    if found:
        return found
    tiers: defaultdict[int, list[Segment]] = defaultdict(list)
    for segment in small:
        tiers[int(math.log(max(segment.rows, 1), _CRUMBS))].append(segment)
    return [
        group for tier in tiers.values() if len(tier) >= FAN_IN for group in _packed(tier) if len(group) >= FAN_IN // 2
    ]


def _packed(segments: Sequence[Segment]) -> list[list[Segment]]:
    packs: list[list[Segment]] = []
    room = 0
    for segment in segments:
        if segment.rows > room:
            packs.append([])
            room = MOST_ROWS
        packs[-1].append(segment)
        room -= segment.rows
    return packs


def _worth_it(group: Sequence[Segment]) -> bool:
    sizes = sorted(segment.rows for segment in group)
    return len(sizes) > 1 and sizes[-1] <= _CRUMBS * sum(sizes[:-1])


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """The rows of several segments as one, sorted by card_id, then ts; of equals those of earlier tables first."""
    rows = pa.concat_tables([table.cast(USAGE) for table in tables])
    key = rows["card_id"].to_numpy().astype(np.uint64) << np.uint64(32) | rows["ts"].to_numpy()
    return rows.take(pa.array(np.argsort(key, kind="stable")))
