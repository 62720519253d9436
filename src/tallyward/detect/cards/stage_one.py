"""Stage one of a traversal: for each fault, the cards that may have it, from as few rows as tell it. Pure.

A record that repeats its card's record before it, in all the columns that a question looks at, changes no answer to
"is there a record that …", no least and no greatest. So only counts and sums look at every record; every other question
looks at the records where one of its columns differs from the card's record before.

Conditions on one record are asked as they stand, next to the card's profile, aggregates as bounds (`sound_bounds`).
Nobody who has a fault is missed; those who are named are judged from their records in stage two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tallyward.detect.cards import logic, tree
from tallyward.detect.cards.day_columns import DayColumns, Places, Profiles, References
from tallyward.detect.cards.exactness import SUMS, decided
from tallyward.detect.cards.possible import by_cost, where
from tallyward.detect.cards.row_sight import RowCondition, RowSight, rows_where
from tallyward.detect.cards.rows_by_card import RowsByCard
from tallyward.detect.cards.rule import Fault
from tallyward.detect.cards.sound_bounds import CardSight
from tallyward.detect.cards.span import Mask
from tallyward.detect.cards.tree import Predicate
from tallyward.detect.cards.vocabulary import Column, Home

Names: TypeAlias = frozenset[str]
CardIds: TypeAlias = NDArray[np.uint32]

EVERY_RECORD: Final[Names] = frozenset({"*"})
"""In place of columns: no record may be left out."""

_EVER_NEW: Final = frozenset({"ts", "dur", "up", "dn"})
"""Columns in which hardly any record repeats the one before: looking for repeats would not pay."""
_COUNTING: Final = SUMS | {"count", "active_hours"}
_MOST_SPARE_COLUMNS: Final = 2
_PIECE: Final = 500_000  # records


@dataclass(frozen=True, slots=True)
class Question:
    """Which cards may have a fault: rows where `record` may hold, cards where `card` may hold over those rows.

    `columns`: whose change makes a row worth looking at.
    """

    columns: Names
    record: RowCondition
    card: Predicate


@dataclass(frozen=True, slots=True)
class KeyQuestion:
    """The pairs of a second key and a card of one fault."""

    columns: Names
    condition: RowCondition
    key: str


@dataclass(frozen=True, slots=True)
class Lack:
    """Cards that a rule can't judge: `operand` is what every record of the card, or its profile, lacks all day.

    `about`: the cards that the rule speaks of, by their profile.
    """

    operand: Column
    about: Predicate


@dataclass(frozen=True, slots=True)
class Stretch:
    """The records of some consecutive cards, and what lies beside them."""

    day: DayColumns
    profiles: Profiles
    references: References


@dataclass(slots=True)
class Named:
    """What stage one says of a stretch. Card ids are ascending.

    `possible`: whoever has a fault, and few others. `lost`: cards without profile. `strange`: cards with a record of a
    cell that the registry does not know. `seen`: how many cards have records and a profile. `lacking`: a count for each
    `Lack`.
    """

    possible: CardIds
    lost: CardIds
    strange: CardIds
    seen: int
    lacking: list[int]


def question(fault: Fault) -> Question:
    """The question of a fault of one card's own records."""
    record, card = settled(fault)
    looked = record_columns(record)
    for part in tree.aggregates(card):
        looked |= EVERY_RECORD if part.function in _COUNTING else record_columns(part)
    if tree.aggregates(card):
        return Question(looked, RowCondition.of(record), by_cost(card if decided(record) else _loosened(card)))
    return Question(looked, RowCondition.of(tree.both(record, card)), tree.TRUE)


def key_question(fault: Fault, key: Column) -> KeyQuestion:
    """The question of a fault that counts cards by a second key."""
    condition = tree.both(*settled(fault), tree.Present(key))
    return KeyQuestion(record_columns(condition), RowCondition.of(condition), key.name)


def ask(stretch: Stretch, questions: Sequence[Question], lacks: Sequence[Lack]) -> Named:
    """Ask all questions of one stretch, piece by piece: what is computed of a piece stays in the processor's cache."""
    pieces = [
        _ask(Stretch(day, stretch.profiles.between(begin, end), stretch.references), questions, lacks)
        for begin, end, day in stretch.day.cut(stretch.profiles.count, _PIECE)
    ]
    return Named(
        possible=np.concatenate([one.possible for one in pieces]),
        lost=np.concatenate([one.lost for one in pieces]),
        strange=np.concatenate([one.strange for one in pieces]),
        seen=sum(one.seen for one in pieces),
        lacking=[sum(counts) for counts in zip(*(one.lacking for one in pieces), strict=True)],
    )


def _ask(stretch: Stretch, questions: Sequence[Question], lacks: Sequence[Lack]) -> Named:
    """All questions of one piece."""
    rows = Changes(stretch.day, [one.columns for one in questions])
    beside = RowSight(stretch.day, stretch.profiles, stretch.references)
    count, known = stretch.profiles.count, stretch.profiles.known
    every = RowsByCard(stretch.day, None, count)
    seen = np.zeros(count, np.bool_)
    seen[every.owners] = True
    judged = seen & known
    asking = _Asking(rows, beside, np.flatnonzero(judged), every)
    possible = np.zeros(count, np.bool_)
    for one in questions:
        possible[asking.cards(one)] = True
    strange = np.zeros(count, np.bool_)
    strange[stretch.day.card[np.flatnonzero(stretch.day.columns["cell"] >= stretch.references.strange_cells)]] = True

    def ids(chosen: NDArray[np.bool_]) -> CardIds:
        return (np.flatnonzero(chosen) + stretch.profiles.first).astype(np.uint32)

    return Named(
        possible=ids(possible & known),
        lost=ids(seen & ~known),
        strange=ids(strange),
        seen=int(judged.sum()),
        lacking=[asking.lacking(one) for one in lacks],
    )


def pairs(stretch: Stretch, asked: KeyQuestion) -> tuple[NDArray[np.uint64], CardIds]:
    """(keys, card ids) of a stretch, a card's first key once; the same pair with another of its keys may come twice."""
    keys: list[NDArray[np.uint64]] = [np.empty(0, np.uint64)]
    cards: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
    for begin, end, day in stretch.day.cut(stretch.profiles.count, _PIECE):
        profiles = stretch.profiles.between(begin, end)
        worth = Changes(day, [asked.columns]).of(asked.columns)
        found = rows_where(asked.condition, RowSight(day, profiles, stretch.references), worth)
        found = found[profiles.known[day.card[found]]]
        keys.append(day.columns[asked.key][found].astype(np.uint64))
        cards.append(day.card[found] + (profiles.first - stretch.profiles.first))
    return _once(np.concatenate(keys), np.concatenate(cards), stretch.profiles)


def _once(keys: NDArray[np.uint64], cards: NDArray[np.int32], profiles: Profiles) -> tuple[NDArray[np.uint64], CardIds]:
    """A card's first key once, and its other ones. Nearly every card has one key, and each small segment tells it anew.

    Of ten million cards whose day came in many files that was a hundred million pairs.
    """
    first = np.zeros(profiles.count, np.uint64)
    first[cards[::-1]] = keys[::-1]
    has = np.zeros(profiles.count, np.bool_)
    has[cards] = True
    owners, others = np.flatnonzero(has), np.flatnonzero(keys != first[cards])
    found = np.concatenate([first[owners], keys[others]])
    return found, (np.concatenate([owners, cards[others]]) + profiles.first).astype(np.uint32)


class Changes:
    """The rows worth looking at, by the columns looked at; questions whose columns differ little share theirs."""

    def __init__(self, day: DayColumns, asked: Iterable[Names]) -> None:
        self._day = day
        self._asked = list(asked)
        self._found: dict[Names, Mask] = {}

    def of(self, columns: Names) -> Mask | None:
        """The rows for these columns; None: every one."""
        own = self.serving(columns)
        if own & EVERY_RECORD:
            return None
        if own not in self._found:
            self._found[own] = self._day.changes(own)
        return self._found[own]

    def serving(self, columns: Names) -> Names:
        """The columns whose changes serve for these."""
        return shared(columns, self._asked)


def shared(columns: Names, asked: Iterable[Names]) -> Names:
    """The columns whose changes serve for these: of all that are asked, the most that has little more."""
    if columns & (_EVER_NEW | EVERY_RECORD):
        return EVERY_RECORD
    others = [
        one
        for one in asked
        if columns < one and len(one - columns) <= _MOST_SPARE_COLUMNS and not one & (_EVER_NEW | EVERY_RECORD)
    ]
    return min(others, key=lambda one: (-len(one), *sorted(one)), default=columns) if columns else columns


@dataclass(slots=True)
class _Asking:
    """Questions of one stretch share what they look at.

    `judged`: the cards that have records and a profile; `every`: all records by card.
    """

    rows: Changes
    beside: RowSight
    judged: Places
    every: RowsByCard
    _sights: dict[tuple[Names, Predicate], CardSight] = field(default_factory=dict)
    _having: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    def cards(self, one: Question) -> Places:
        """The cards that a question names."""
        if tree.aggregates(one.card):
            sight = self._sight(one)
            return where(one.card, sight, sight.cards())
        if not one.columns:
            return where(tree.both(one.record.whole, one.card), CardSight(self.beside, None), self.judged)
        rows = rows_where(one.record, self.beside, self.rows.of(one.columns))
        return where(one.card, CardSight(self.beside, None), self.beside.day.card[rows].astype(np.intp))

    def _sight(self, one: Question) -> CardSight:
        worth = self.rows.of(one.columns)
        key = self.rows.serving(one.columns), one.record.whole
        if key not in self._sights:
            every = one.record.whole == tree.TRUE and worth is None
            self._sights[key] = CardSight(self.beside, None if every else rows_where(one.record, self.beside, worth))
        return self._sights[key]

    def lacking(self, one: Lack) -> int:
        """How many judged cards lack the operand, of those that it is about."""
        if one.operand.home is Home.RECORD:
            without = self.judged[~self._has(one.operand)[self.judged]]
        else:
            without = self.judged[np.asarray(self.beside.profiles.span(one.operand, self.judged).low) == 0]
        return len(where(one.about, CardSight(self.beside, None), without))

    def _has(self, column: Column) -> Mask:
        """The cards with a value in a column."""
        name = column.name
        if name not in self._having:
            without = np.flatnonzero(~self.beside.rows(tree.Present(column)))
            lacking = np.bincount(self.beside.day.card[without], minlength=self.beside.profiles.count)
            self._having[name] = lacking < self.every.count
        return self._having[name]


def _loosened(card: Predicate) -> Predicate:
    """A settled condition without its aggregates: not sure which records count, not sure what they add up to."""
    match card:
        case tree.And(parts=parts):
            return tree.both(*map(_loosened, parts))
        case tree.Or(parts=parts):
            return tree.either(*map(_loosened, parts))
    return tree.TRUE if tree.aggregates(card) else card


def settled(fault: Fault) -> tuple[Predicate, Predicate]:
    """The fault's record and card conditions with absence written out."""
    return logic.settled(fault.record, fault.missing), logic.settled(fault.card, fault.missing)


def record_columns(condition: tree.Node) -> Names:
    """The record columns that a condition names."""
    return frozenset(column.name for column in tree.columns(condition) if column.home is Home.RECORD)
