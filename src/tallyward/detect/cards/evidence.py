"""Which records are shown for a fault: the first few, or those that show it best. Pure, on columns.

The first by time; where values are counted, one record of each value before any value comes again; where volumes are
summed up, the largest. The same records whatever the order they came in.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tallyward.detect.cards import tree
from tallyward.detect.cards.rule import Fault
from tallyward.detect.cards.vocabulary import Column

MOST_EVIDENCE: Final = 5

Values: TypeAlias = NDArray[Any]
Rows: TypeAlias = NDArray[np.int64]


class Order(StrEnum):
    """What is shown first."""

    EARLIEST = "earliest"
    EACH_ONCE = "each_once"
    LARGEST = "largest"


def order_of(fault: Fault) -> tuple[Order, tree.Scalar | None]:
    """How a fault's records are ordered, and by what."""
    match fault.observed:
        case tree.Aggregate(function="count_distinct" | "span_km", of=Column() as column):
            return Order.EACH_ONCE, column
        case tree.Aggregate(function="sum" | "month_sum" | "peak_sum", of=value) if value is not None:
            return Order.LARGEST, value
    return Order.EARLIEST, None


@dataclass(frozen=True, slots=True)
class Grouped:
    """Rows in groups: `rows[starts[g]:starts[g + 1]]` are those of the group with key `keys[g]`, keys ascending."""

    keys: Values
    rows: Rows
    starts: Rows

    def first(self, most: int) -> "Grouped":
        """At most so many rows of each group."""
        size = np.diff(self.starts)
        rank = np.arange(len(self.rows)) - np.repeat(self.starts[:-1], size)
        return Grouped(self.keys, self.rows[rank < most], _starts(np.minimum(size, most)))


def grouped(keys: Values, *order: Values) -> Grouped:
    """All rows by key; within a key by the first of `order`, then the next."""
    rows = np.lexsort((*reversed(order), keys)).astype(np.int64)
    if not len(rows):
        return Grouped(keys, rows, np.zeros(1, np.int64))
    own = keys[rows]
    begins = np.flatnonzero(np.append(True, own[1:] != own[:-1]))
    return Grouped(own[begins], rows, np.append(begins, len(rows)).astype(np.int64))


def shown(order: Order, value: Values | None, cards: Values, ts: Values, place: Values) -> Grouped:
    """All rows by card, those to show first."""
    if order is Order.LARGEST and value is not None:
        return grouped(cards, -value, ts, place)
    if order is Order.EACH_ONCE and value is not None:
        again = np.ones(len(cards), np.int8)
        by_value = np.lexsort((place, ts, value, cards))
        own, seen = cards[by_value], value[by_value]
        first = np.append(True, (own[1:] != own[:-1]) | (seen[1:] != seen[:-1]))[: len(own)]
        again[by_value[first]] = 0
        return grouped(cards, again, ts, place)
    return grouped(cards, ts, place)


def _starts(sizes: Values) -> Rows:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
