"""Some rows of a day by card: counts, and values of each card's rows put together. Pure.

Rows of a card usually lie together: a run of rows is put together at once, and the runs of a card then.
"""

from functools import cached_property

import numpy as np

from tallyward.detect.cards.day_columns import Array, DayColumns, Places, References, differs

_INFINITE = float("inf")


class RowsByCard:
    """Some rows of a day by card. Rows of a card that lie together are taken together, others are joined."""

    def __init__(self, day: DayColumns, rows: Places | None, cards: int) -> None:
        """`rows` None: all of them."""
        self.rows: Places | slice = slice(None) if rows is None else rows
        self.size = cards
        self.card = day.card[self.rows]
        self._starts = np.flatnonzero(differs(self.card) if rows is not None else day.differs("card_id"))
        self.owners = self.card[self._starts]
        """The card of each run of rows."""
        self._once = bool(np.all(self.owners[1:] > self.owners[:-1]))

    @cached_property
    def count(self) -> Array:
        """Rows of each card."""
        if not self._once:
            return np.bincount(self.owners, self._sizes, self.size).astype(np.int64)
        found = np.zeros(self.size, np.int64)
        found[self.owners] = self._sizes
        return found

    @cached_property
    def _sizes(self) -> Array:
        """Rows of each run."""
        return np.diff(self._starts, append=len(self.card))

    @cached_property
    def _first(self) -> Array:
        """Where the rows of each card begin, if they lie together."""
        found = np.zeros(self.size, np.intp)
        found[self.owners] = self._starts
        return found

    def reduced(self, by: "np.ufunc", values: Array, none: float) -> Array:
        """Values of each card's rows put together; `none` where a card has no row."""
        found = np.full(self.size, none, values.dtype)
        if len(values):
            parts = by.reduceat(values, self._starts)
            if self._once:
                found[self.owners] = parts
            else:
                by.at(found, self.owners, parts)
        return found

    def of(self, cards: Places) -> Places:
        """Where the rows of some cards stand among these rows."""
        if self._once:
            sizes = self.count[cards]
            ends = np.cumsum(sizes)
            rows: Places = np.arange(int(sizes.sum())) + np.repeat(self._first[cards] - (ends - sizes), sizes)
            return rows
        wanted = np.zeros(self.size, np.bool_)
        wanted[cards] = True
        return np.flatnonzero(wanted[self.card])

    def least(self, values: Array) -> Array:
        """The smallest value of each card."""
        none = np.iinfo(values.dtype).max if values.dtype.kind in "iu" else _INFINITE
        return self.reduced(np.minimum, values, none)

    def most(self, values: Array) -> Array:
        """The largest value of each card."""
        none = np.iinfo(values.dtype).min if values.dtype.kind in "iu" else -_INFINITE
        return self.reduced(np.maximum, values, none)


def box_of(rows: RowsByCard, cells: Array, references: References) -> list[Array]:
    """The box around each card's known cells: least and greatest latitude, longitude, longitude counted to the east.

    NaN where no cell is known.
    """
    latitude, longitude = references.place(cells)
    north, east = _ends(rows, latitude), _ends(rows, longitude)
    west_of_zero = longitude < 0
    turned = _ends(rows, np.where(west_of_zero, longitude + 360, longitude)) if west_of_zero.any() else east
    return [*north, *east, *turned]


def _ends(rows: RowsByCard, degrees: Array) -> list[Array]:
    return [rows.reduced(by, degrees, float("nan")) for by in (np.fmin, np.fmax)]
