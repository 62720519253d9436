"""What a condition on one record sees: the record's columns, each next to its card's profile. Pure.

What a condition says of the record alone is asked of whole columns, what it says of the profile alone once a card: both
cost little. Only where both may hold are single rows looked up.
"""

from dataclasses import dataclass, field
from typing import TypeGuard

import numpy as np

from tallyward.detect.cards import tree
from tallyward.detect.cards.day_columns import DayColumns, Places, Profiles, References
from tallyward.detect.cards.possible import atom_holds, by_cost, union, where
from tallyward.detect.cards.span import Mask, Span, exactly
from tallyward.detect.cards.vocabulary import Column, Home


@dataclass(frozen=True, slots=True)
class RowSight:
    """Places are rows of `day`."""

    day: DayColumns
    profiles: Profiles
    references: References
    _held: dict[tree.Atom, Mask] = field(default_factory=dict)

    def rows(self, atom: tree.Atom) -> Mask:
        """The rows for which an atom on the record alone may hold; questions that share it ask once."""
        if atom not in self._held:
            self._held[atom] = np.broadcast_to(atom_holds(atom, self, slice(None)), self.day.count)
        return self._held[atom]

    def cards(self, atom: tree.Atom) -> Mask:
        """The cards for which an atom on the profile alone may hold."""
        if atom not in self._held:
            self._held[atom] = np.broadcast_to(atom_holds(atom, _ProfileSight(self), slice(None)), self.profiles.count)
        return self._held[atom]

    def column(self, column: Column, at: Places | slice) -> Span:
        """A column of the record or of the profile."""
        if column.home is Home.RECORD:
            return exactly(self.day.columns[column.name][at], column.most)
        return self.profiles.span(column, self.day.card[at].astype(np.intp))

    def aggregate(self, part: tree.Aggregate, at: Places | slice) -> Span:
        """No record has aggregates."""
        raise TypeError(part, at)

    def special(self, atom: tree.Atom, at: Places | slice) -> Mask | None:
        """Whether the peer is on the list."""
        if not isinstance(atom, tree.OnList):
            return None
        lists, peers = self.column(atom.list, at).low, self.column(atom.peer, at).low
        return np.asarray(self.references.lists.covers(np.asarray(lists), np.asarray(peers)) != atom.negated)


@dataclass(frozen=True, slots=True)
class RowCondition:
    """A settled condition on one record, taken apart by what is asked when: all of its parts must hold.

    `alone` speak of the record only, `of_card` of the profile only; `either` are alternatives, empty for none.
    """

    whole: tree.Predicate
    alone: tuple[tree.Atom, ...]
    of_card: tuple[tree.Atom, ...]
    either: tuple["RowCondition", ...]
    rest: tree.Predicate

    @classmethod
    def of(cls, condition: tree.Predicate) -> "RowCondition":
        """Take a condition apart."""
        parts = list(dict.fromkeys(condition.parts)) if isinstance(condition, tree.And) else [condition]
        alone = tuple(part for part in parts if _speaks_of(part, Home.RECORD))
        of_card = tuple(part for part in parts if _speaks_of(part, Home.PROFILE))
        left = [part for part in parts if not (_speaks_of(part, Home.RECORD) or _speaks_of(part, Home.PROFILE))]
        first = next((part for part in left if isinstance(part, tree.Or)), None)
        either = tuple(map(cls.of, first.parts)) if first else ()
        rest = tree.both(*(part for part in left if part is not first))
        return cls(condition, alone, of_card, either, by_cost(rest))


def rows_where(condition: RowCondition, sight: RowSight, worth: Mask | None) -> Places:
    """The rows where a condition may hold, ascending; of those that are `worth` looking at, None: all."""
    for part in condition.alone:
        worth = sight.rows(part) if worth is None else worth & sight.rows(part)
    if condition.either:
        at = union([rows_where(one, sight, worth) for one in condition.either])
    else:
        at = np.arange(sight.day.count) if worth is None else np.flatnonzero(worth)
    if condition.of_card:
        cards = np.logical_and.reduce([sight.cards(part) for part in condition.of_card])
        at = at[cards[sight.day.card[at]]]
    return where(condition.rest, sight, at)


@dataclass(frozen=True, slots=True)
class _ProfileSight:
    """Places are cards; what is asked is of their profiles alone."""

    rows: RowSight

    @property
    def references(self) -> References:
        return self.rows.references

    def column(self, column: Column, at: Places | slice) -> Span:
        return self.rows.profiles.span(column, at)

    def aggregate(self, part: tree.Aggregate, at: Places | slice) -> Span:
        raise TypeError(part, at)

    def special(self, atom: tree.Atom, at: Places | slice) -> Mask | None:
        del atom, at
        return None


def _speaks_of(part: tree.Predicate, home: Home) -> TypeGuard[tree.Atom]:
    """Whether a part of an AND is an atom on columns of one home only."""
    plain = isinstance(part, tree.Compare | tree.Present | tree.Prone)
    return plain and tree.homes(part) == {home}
