"""Columns of a stretch of cards made in tests."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from tallyward.detect.cards.day_columns import DayColumns, Profiles, References
from tallyward.detect.cards.list_index import ListIndex
from tallyward.detect.cards.peer_ranges import Range, tables
from tallyward.detect.cards.rule import Fault
from tallyward.detect.cards.stage_one import Stretch
from tallyward.records.schema import USAGE
from tallyward.registry.profile_schema import LIMIT_FIELDS, PROFILE
from tests.detect.rule_making import fault, make_rule
from tests.detect.world import PLACES, PLAIN_PROFILE, PLAIN_RECORD


def one_fault(**given: Any) -> Fault:
    return make_rule(fault(**given)).faults[0]


def references(lists: Iterable[Range] = (), prone: Sequence[int] = (3,)) -> References:
    marked = np.zeros(1 << 16, np.bool_)
    marked[list(prone)] = True
    highest = max(PLACES)
    where = [PLACES.get(cell, (np.nan, np.nan)) for cell in range(highest + 1)]
    return References(
        ListIndex(tables(lists), 7),
        marked,
        np.array([latitude for latitude, _ in where]),
        np.array([longitude for _, longitude in where]),
        highest + 1,
    )


def stretch(
    profiles: Sequence[Mapping[str, int] | None],
    records: Sequence[Mapping[str, int]],
    beside: References | None = None,
    first: int = 100,
) -> Stretch:
    """Cards from `first` on, None for one without profile; `card` of a record is a place."""
    rows = [{**dict.fromkeys(PROFILE.names, 0), **PLAIN_PROFILE, **(one or {})} for one in profiles]
    unset = {name: np.array([row.get(name) in {None, 0} for row in rows]) for name in LIMIT_FIELDS}
    columns = {one.name: np.array([row[one.name] or 0 for row in rows], one.type.to_pandas_dtype()) for one in PROFILE}
    known = np.array([one is not None for one in profiles])
    full = [{**dict.fromkeys(USAGE.names, 0), **PLAIN_RECORD, **row} for row in records]
    day = {one.name: np.array([row[one.name] for row in full], one.type.to_pandas_dtype()) for one in USAGE}
    card = np.array([row["card"] for row in full], np.int32)
    return Stretch(
        DayColumns(day, card, (0,) if full else ()), Profiles(first, known, columns, unset), beside or references()
    )
