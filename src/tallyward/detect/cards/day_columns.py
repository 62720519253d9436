"""Some cards' profiles and their records of a day as columns: what stage one looks at. Pure values.

Cards are told by their place, 0 for the first card id of the stretch. Records of one card usually lie together, and
often repeat: `Rows` picks those that matter for a question.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tallyward.detect.cards.baseline import MOST
from tallyward.detect.cards.list_index import ListIndex
from tallyward.detect.cards.span import Mask, Span, Values, exactly, floats
from tallyward.detect.cards.vocabulary import Column, Home
from tallyward.registry.profile_schema import CLASS_COLUMN

Array: TypeAlias = NDArray[Any]
Places: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Profiles:
    """Profiles of `count` consecutive card ids from `first`. `known`: the ids that have one.

    `columns` are in the order of card ids, 0 where there is no profile; `unset` marks limits that nobody set.
    """

    first: int
    known: Mask
    columns: Mapping[str, Array]
    unset: Mapping[str, Mask]
    earlier: Mapping[str, Span] = field(default_factory=dict)
    """SQL of what a month sums up -> its sum over the earlier days of the month."""

    @property
    def count(self) -> int:
        """How many card ids the stretch has."""
        return len(self.known)

    def between(self, begin: int, end: int) -> "Profiles":
        """The profiles of the places from `begin` to before `end`."""
        return Profiles(
            self.first + begin,
            self.known[begin:end],
            {name: values[begin:end] for name, values in self.columns.items()},
            {name: values[begin:end] for name, values in self.unset.items()},
            {key: one.at(slice(begin, end)) for key, one in self.earlier.items()},
        )

    def only(self, at: Places) -> "Profiles":
        """The profiles of some places, which become places from 0 on."""
        return Profiles(
            0,
            self.known[at],
            {name: values[at] for name, values in self.columns.items()},
            {name: values[at] for name, values in self.unset.items()},
            {key: one.at(at) for key, one in self.earlier.items()},
        )

    def span(self, column: Column, cards: Places | slice) -> Span:
        """A column of the profile, or a limit, of some cards."""
        if column.home is Home.LIMIT and column.name not in self.columns:
            return self._otherwise(column, cards)
        values = self.columns[column.name][cards]
        unset = self.unset.get(column.name)
        if unset is None or column.default is None:
            return exactly(values, column.most)
        if not column.by_class:
            return _filled(exactly(values, column.most), unset[cards], column.default)
        return _joined(exactly(values, column.most), unset[cards], self._otherwise(column, cards))

    def _otherwise(self, column: Column, cards: Places | slice) -> Span:
        """A limit that neither card nor class sets."""
        default = column.default or 0
        if not column.by_class:
            return exactly(default, abs(default))
        usual, known = self.usual(column, cards)
        return _filled(exactly(usual, MOST), ~known, default)

    def usual(self, column: Column, cards: Places | slice) -> tuple[NDArray[np.int64], Mask]:
        """(limit by what is usual of the card's class, whether its class has a baseline), some cards at a time."""
        classes = self.columns[CLASS_COLUMN][cards]
        known = np.array(sorted(dict(column.by_class).items()), np.int64).reshape(-1, 2)
        at = np.minimum(np.searchsorted(known[:, 0], classes), len(known) - 1)
        return known[at, 1], known[at, 0] == classes


@dataclass(frozen=True, slots=True)
class References:
    """What lies beside cards and records, for look-ups by number.

    `prone`: by area id. `latitude`, `longitude`: by cell id, NaN where it is not known.
    """

    lists: ListIndex
    prone: Mask
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    strange_cells: int

    def place(self, cells: NDArray[np.uint32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(latitude, longitude) of cells; NaN for those that the registry does not know."""
        at = np.where(cells < len(self.latitude), cells, np.uint32(0))
        return self.latitude[at], self.longitude[at]


@dataclass(slots=True)
class DayColumns:
    """Records of a stretch of cards: `columns` of equal length, `card` the place of each record's card.

    `breaks`: rows at which a sorted stretch of records begins anew, so that neighbours across them are not compared.
    """

    columns: Mapping[str, Array]
    card: NDArray[np.int32]
    breaks: tuple[int, ...]
    _differs: dict[str, Mask] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many records there are."""
        return len(self.card)

    def cut(self, cards: int, most: int) -> Iterator[tuple[int, int, "DayColumns"]]:
        """(first place, place after the last, their records) of pieces of about `most` records of some of `cards`.

        Records that do not lie in the order of cards stay together.
        """
        if self.count <= most or not bool((self.card[1:] >= self.card[:-1]).all()):
            yield 0, cards, self
            return
        pieces = -(-self.count // most)
        middle = self.card[np.arange(1, pieces) * self.count // pieces]
        places = [0, *np.unique(middle).tolist(), cards]
        rows = np.searchsorted(self.card, np.array(places, self.card.dtype)).tolist()
        for begin, end, top, bottom in zip(places[:-1], places[1:], rows[:-1], rows[1:], strict=True):
            columns = {name: values[top:bottom] for name, values in self.columns.items()}
            breaks = (0, *(row - top for row in self.breaks if top < row < bottom)) if bottom > top else ()
            yield begin, end, DayColumns(columns, self.card[top:bottom] - np.int32(begin), breaks)

    def changes(self, names: frozenset[str]) -> Mask:
        """Rows that differ from the row before in the card or one of the columns; the first of each stretch too."""
        new = self.differs("card_id")
        for name in sorted(names):
            new = new | self.differs(name)
        return new

    def differs(self, name: str) -> Mask:
        """Where a column differs from the row before."""
        found = self._differs.get(name)
        if found is None:
            values = self.card if name == "card_id" else self.columns[name]
            found = differs(values)
            found[list(self.breaks)] = True
            self._differs[name] = found
        return found


def differs(values: Array) -> Mask:
    """Where a value is not the one before it; the first is."""
    found = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


def _joined(own: Span, unset: Mask, otherwise: Span) -> Span:
    """A limit with another one where nobody set it."""
    size = max(own.size, otherwise.size)
    if own.whole and otherwise.whole:
        values = np.asarray(own.low, np.uint64)
        return exactly(np.where(unset, np.asarray(otherwise.low, np.uint64), values), size)
    ends, others = floats(own), floats(otherwise)
    return Span(np.where(unset, others.low, ends.low), np.where(unset, others.high, ends.high), size)


def _filled(own: Span, unset: Mask, default: float) -> Span:
    """A limit with the rule's own where nobody set one."""
    size = max(own.size, abs(default))
    kind = np.asarray(own.low).dtype
    if isinstance(default, int) and default <= np.iinfo(kind).max:
        return exactly(np.where(unset, kind.type(default), own.low), size)
    ends = floats(own)

    def end(values: Values) -> Array:
        return np.where(unset, float(default), values)

    return Span(end(ends.low), end(ends.high), size)
