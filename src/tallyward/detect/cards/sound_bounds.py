"""What a few sums and extremes say about a card's counts and distances without ever being too narrow. Pure.

A distinct count is at most the number of rows it is taken over (rows that repeat the one before them are left out, so
that is little), 1 where least and greatest are the same, and for cells at most the range of their ids, which follow
space. What such a bound lets through is counted exactly, for those cards only. A distance comes from the cells'
coordinates. No hash, no sample: no choice of peers or cells hides from it.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

import numpy as np

from tallyward.detect.cards import emit_sql, tree
from tallyward.detect.cards.day_columns import Array, Places, References, differs
from tallyward.detect.cards.exact_count import BareNames
from tallyward.detect.cards.hour_panes import HOURS, hours_of, panes_of, peak_of
from tallyward.detect.cards.possible import value
from tallyward.detect.cards.row_sight import RowSight
from tallyward.detect.cards.rows_by_card import RowsByCard, box_of
from tallyward.detect.cards.span import MOST_WHOLE, Mask, Span, combined, exactly, floats, may_hold
from tallyward.detect.cards.tree import Aggregate, Atom, Predicate
from tallyward.detect.cards.vocabulary import Column, Kind
from tallyward.records.schema import KM_PER_DEGREE

_EFFORTFUL: Final = frozenset({"count_distinct", "span_km", "peak_sum", "active_hours"})
"""Aggregates of which something cheaper says something: the number of rows, or the sum of the day."""

_ROUNDING_KM: Final = 1e-6
_FARTHEST_KM: Final = 50_000.0
_INFINITE: Final = float("inf")


class Effort(IntEnum):
    """What a count may cost."""

    ROWS = 0  # only how many rows a card has
    ENDS = 1  # least and greatest
    EXACT = 2  # every value


@dataclass(slots=True)
class CardSight:
    """What a condition on a card sees: its profile, and what is known of some rows of its records.

    `rows` None: all records of the day. Places are cards.
    """

    beside: RowSight
    rows: Places | None
    effort: Effort = Effort.EXACT
    _whole: list[RowsByCard] = field(default_factory=list)
    _sums: dict[Aggregate, Span] = field(default_factory=dict)

    @property
    def references(self) -> References:
        """Lists, areas, cells."""
        return self.beside.references

    def cards(self) -> Places:
        """The cards that have a row and a profile."""
        return np.flatnonzero((self.all().count > 0) & self.beside.profiles.known)

    def column(self, column: Column, at: Places) -> Span:
        """A column of the profile."""
        return self.beside.profiles.span(column, at)

    def special(self, atom: Atom, at: Places) -> Mask | None:
        """Whether rows have a value. Counts are asked with little effort first, with more where that says not no."""
        match atom:
            case tree.Counted(aggregate=part, negated=negated):
                return np.asarray(self._present(part, at) != negated)
            case tree.Compare() if self.effort is Effort.EXACT and not counts_exactly(atom):
                left = np.arange(len(at))
                for effort in Effort:
                    left = left[self._compared(atom, effort, at[left])]
                found = np.zeros(len(at), np.bool_)
                found[left] = True
                return found
        return None

    def _compared(self, atom: tree.Compare, effort: Effort, at: Places) -> Mask:
        sight = CardSight(self.beside, self.rows, effort, self._whole, self._sums)
        return np.broadcast_to(
            may_hold(atom.operator, value(atom.left, sight, at), value(atom.right, sight, at)), len(at)
        )

    def aggregate(self, part: Aggregate, at: Places) -> Span:
        """What is known of it."""
        ways = {
            "count": self._counted,
            "count_distinct": self._distinct,
            "span_km": self._span_km,
            "peak_sum": self._peak,
            "active_hours": self._hours,
            "sum": self._summed,
            "month_sum": self._month,
        }
        return ways.get(part.function, self._extreme)(part, at)

    # the rows

    def all(self) -> RowsByCard:
        """The rows by card."""
        if not self._whole:
            self._whole.append(RowsByCard(self.beside.day, self.rows, self.beside.profiles.count))
        return self._whole[0]

    def _row_count(self) -> int:
        return len(self.all().card)

    def _of(self, at: Places) -> RowsByCard:
        """The rows of these cards; all rows where that is hardly more."""
        whole = self.all()
        if len(at) * 2 > whole.size:
            return whole
        chosen = whole.of(at)
        rows = chosen if self.rows is None else self.rows[chosen]
        return RowsByCard(self.beside.day, rows, whole.size)

    def _values(self, part: Aggregate, rows: RowsByCard) -> Span:
        if part.of is None:
            raise TypeError(part)
        return value(part.of, _Taken(self.beside, rows.rows), np.empty(0, np.intp))

    # aggregates

    def _counted(self, part: Aggregate, at: Places) -> Span:
        del part
        return exactly(self.all().count[at], self._row_count())

    def _month(self, part: Aggregate, at: Places) -> Span:
        earlier = self.beside.profiles.earlier.get(month_key(part))
        today = self._summed(Aggregate("sum", part.of), at)
        return today if earlier is None else combined("+", today, earlier.at(at))

    def _summed(self, part: Aggregate, at: Places) -> Span:
        if part not in self._sums:
            self._sums[part] = self._sum(part, self.all())
        return self._sums[part].at(at)

    def _sum(self, part: Aggregate, rows: RowsByCard) -> Span:
        values = self._values(part, rows)
        size = values.size * max(len(rows.card), 1)
        if values.whole and values.exact and size <= MOST_WHOLE:
            return exactly(rows.reduced(np.add, _column(values.low, rows, np.int64), 0), size)
        ends = floats(values)
        low, high = (_column(end, rows, np.float64) for end in (ends.low, ends.high))
        weight = rows.reduced(np.add, np.maximum(np.abs(low), np.abs(high)), 0.0)
        slack = weight * (rows.count + 16) * 2.0**-51  # more than any order of adding up can lose
        return Span(rows.reduced(np.add, low, 0.0) - slack, rows.reduced(np.add, high, 0.0) + slack, size)

    def total(self, part: Aggregate) -> Span:
        """A sum, least or greatest value over all rows, for every card."""
        return self._sum(part, self.all()) if part.function == "sum" else self._ends(part, self.all())

    def _extreme(self, part: Aggregate, at: Places) -> Span:
        return self._ends(part, self._of(at)).at(at)

    def _ends(self, part: Aggregate, rows: RowsByCard) -> Span:
        values = self._values(part, rows)
        kind = np.int64 if values.whole and values.size <= MOST_WHOLE else np.float64
        if kind is np.float64:
            values = floats(values)
        reduced = rows.least if part.function == "min" else rows.most
        low = reduced(_column(values.low, rows, kind))
        return Span(low, low if values.exact else reduced(_column(values.high, rows, kind)), values.size)

    def _peak(self, part: Aggregate, at: Places) -> Span:
        """No part of a day sums up to more than the day."""
        whole = self._summed(Aggregate("sum", part.of), at)
        if self.effort is not Effort.EXACT:
            return Span(0, whole.high, whole.size)
        return exactly(peak_of(self.panes(part, self._of(at)), part.hours)[at], whole.size)

    def _hours(self, part: Aggregate, at: Places) -> Span:
        """No more hours than records."""
        del part
        if self.effort is not Effort.EXACT:
            return Span(0, np.minimum(self.all().count[at], HOURS), HOURS)
        return exactly(np.bitwise_count(self.hours(self._of(at)))[at].astype(np.int64), HOURS)

    def hours(self, rows: RowsByCard) -> Array:
        """In which hours the rows of each card began, as bits."""
        return hours_of(rows.card, self.beside.day.columns["ts"][rows.rows], rows.size)

    def panes(self, part: Aggregate, rows: RowsByCard) -> Array:
        """What is summed up of some rows, by card and hour."""
        ts = self.beside.day.columns["ts"][rows.rows]
        return panes_of(rows.card, ts, _column(self._values(part, rows).low, rows, np.int64), rows.size)

    def _distinct(self, part: Aggregate, at: Places) -> Span:
        if self.effort is Effort.ROWS:
            return Span(0, self.all().count[at], self._row_count())
        column, rows = over_column(part), self._of(at)
        values = self.beside.day.columns[column.name][rows.rows]
        if self.effort is Effort.EXACT:
            return exactly(_different(rows, values)[at], self._row_count())
        least = rows.least(np.where(values == 0, np.iinfo(values.dtype).max, values))[at]
        most, many = rows.most(values)[at], rows.count[at]
        if column.kind is Kind.CELL:
            many = np.minimum(many, most.astype(np.int64) - np.minimum(least, most) + 1)
        known, differ = most > 0, least < most
        return Span(known.astype(np.int64) + differ, np.where(differ, many, known), self._row_count())

    def _span_km(self, part: Aggregate, at: Places) -> Span:
        if self.effort is Effort.ROWS:
            return Span(0.0, np.where(self.all().count[at] > 1, _FARTHEST_KM, 0.0), _FARTHEST_KM)
        rows = self._of(at)
        cells = self.beside.day.columns[over_column(part).name][rows.rows]
        return km_of([side[at] for side in box_of(rows, cells, self.references)])

    def _present(self, part: Aggregate, at: Places) -> Mask:
        rows = self._of(at)
        values = self.beside.day.columns[over_column(part).name][rows.rows]
        return np.asarray(rows.most((values != 0).view(np.uint8))[at] > 0)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A row sight of fixed rows: places are not asked for again."""

    sight: RowSight
    rows: Places | slice

    @property
    def references(self) -> References:
        return self.sight.references

    def column(self, column: Column, at: Places | slice) -> Span:
        del at
        return exactly(self.sight.day.columns[column.name][self.rows], column.most)

    def aggregate(self, part: Aggregate, at: Places) -> Span:
        return self.sight.aggregate(part, at)

    def special(self, atom: Atom, at: Places) -> Mask | None:
        return self.sight.special(atom, at)


def month_key(part: Aggregate) -> str:
    """By which a month's sum of earlier days is known: the SQL of what it sums up."""
    if part.of is None:
        raise TypeError(part)
    return emit_sql.scalar(part.of, BareNames())


def counts_exactly(condition: Predicate) -> bool:
    """Whether no more than sums and extremes decide the condition."""
    return not any(part.function in _EFFORTFUL for part in tree.aggregates(condition))


def over_column(part: Aggregate) -> Column:
    """The column that an aggregate of one column looks at."""
    if not isinstance(part.of, Column):
        raise TypeError(part)
    return part.of


def _column(values: Any, rows: RowsByCard, kind: type[np.generic]) -> Array:  # noqa: ANN401 - a column, or one number
    return np.broadcast_to(np.asarray(values).astype(kind, copy=False), len(rows.card))


def _different(rows: RowsByCard, values: Array) -> Array:
    """How many different values other than 0 each card has."""
    own = np.flatnonzero(values)
    order = own[np.lexsort((values[own], rows.card[own]))]
    new = differs(rows.card[order]) | differs(values[order])
    return np.bincount(rows.card[order[new]], minlength=rows.size)


def km_of(box: list[Array]) -> Span:
    """The longer side of boxes in km, 0 where no cell is known."""
    low, high, west, east, from_zero, to_east = box
    wide = np.fmin(east - west, to_east - from_zero)
    km = np.fmax(high - low, wide * np.cos(np.radians((high + low) / 2))) * KM_PER_DEGREE
    km = np.where(np.isnan(km), 0.0, km)
    slack = np.where(km > 0, _ROUNDING_KM, 0.0)
    return Span(km - slack, km + slack, _FARTHEST_KM)
