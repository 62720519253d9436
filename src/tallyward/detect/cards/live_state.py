"""A day of one bucket while its records arrive: each batch is asked as a whole day is, next to what came before. Pure.

The questions are those of `stage_one`, from the same rule text. What a batch adds is small: rows that repeat what a
card was last seen with are left out, facts grow in place, and a card named for a fault is not named again that day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tallyward.detect.cards import tree
from tallyward.detect.cards.day_columns import Array, DayColumns, Places, Profiles, References
from tallyward.detect.cards.live_facts import LiveFacts, LiveSight
from tallyward.detect.cards.pair_set import PairSet
from tallyward.detect.cards.possible import where
from tallyward.detect.cards.row_sight import RowSight, rows_where
from tallyward.detect.cards.sound_bounds import CardSight
from tallyward.detect.cards.span import Mask
from tallyward.detect.cards.stage_one import Changes, KeyQuestion, Names, Question, Stretch, shared

CardIds = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Raised:
    """Cards that a batch makes guilty of a question's fault, by ascending id, and the rows of the batch that show it.

    `rows` index the batch; those of one card lie together, in the order of `cards`.
    """

    question: int
    cards: CardIds
    rows: Places


@dataclass(slots=True)
class BucketState:
    """What is kept of one bucket of `cards` cards from `first` on. `seed` see `PairSet`."""

    first: int
    cards: int
    questions: Sequence[Question]
    seed: int
    named: list[Mask] = field(init=False)
    _seen: Mask = field(init=False)
    _last: dict[str, Array] = field(default_factory=dict)
    _facts: dict[tuple[Names, tree.Predicate], LiveFacts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.named = [np.zeros(self.cards, np.bool_) for _ in self.questions]
        self._seen = np.zeros(self.cards, np.bool_)
        for one in self.questions:
            if tree.aggregates(one.card):
                self._of((self._shared(one.columns), one.record.whole))

    def take(self, batch: Stretch) -> list[Raised]:
        """Take up a batch of this bucket's records; names who has a fault now and was not named before."""
        changes = Changes(batch.day, [one.columns for one in self.questions])
        beside = RowSight(batch.day, batch.profiles, batch.references)
        grown: dict[tuple[Names, tree.Predicate], Places] = {}
        raised = []
        for number, one in enumerate(self.questions):
            worth = self._worth(changes.of(one.columns), self._shared(one.columns), batch.day)
            if tree.aggregates(one.card):
                key = self._shared(one.columns), one.record.whole
                if key not in grown:
                    rows = (
                        None
                        if worth is None and one.record.whole == tree.TRUE
                        else rows_where(one.record, beside, worth)
                    )
                    grown[key] = self._of(key).grow(CardSight(beside, rows))
                sight = LiveSight(batch.profiles, batch.references, self._facts[key])
                cards = where(one.card, sight, grown[key][batch.profiles.known[grown[key]]])
            else:
                cards = np.unique(batch.day.card[rows_where(one.record, beside, worth)])
                cards = where(one.card, CardSight(beside, None), cards[batch.profiles.known[cards]].astype(np.intp))
            new = cards[~self.named[number][cards]]
            if len(new):
                self.named[number][new] = True
                raised.append(self._shown(number, one, new, beside))
        self._remember(batch.day)
        return raised

    def sight(self, question: Question, profiles: Profiles, references: References) -> LiveSight | None:
        """What the card condition of a question sees by now; None where it asks for no aggregates."""
        facts = self._facts.get((self._shared(question.columns), question.record.whole))
        return LiveSight(profiles, references, facts) if facts else None

    def _of(self, key: tuple[Names, tree.Predicate]) -> LiveFacts:
        if key not in self._facts:
            parts = [
                part
                for one in self.questions
                if (self._shared(one.columns), one.record.whole) == key
                for part in tree.aggregates(one.card)
            ]
            self._facts[key] = LiveFacts(self.cards, tuple(dict.fromkeys(parts)), self.seed)
        return self._facts[key]

    def _shared(self, columns: Names) -> Names:
        return shared(columns, [one.columns for one in self.questions])

    def _worth(self, changes: Mask | None, columns: Names, day: DayColumns) -> Mask | None:
        """The changes of a batch without first rows that repeat what their card was last seen with."""
        if changes is None or not all(name in self._last for name in columns):
            return changes
        first = np.flatnonzero(day.differs("card_id"))
        card = day.card[first]
        same = self._seen[card]
        for name in columns:
            same &= self._last[name][card] == day.columns[name][first]
        worth = changes.copy()
        worth[first[same]] = False
        return worth

    def _remember(self, day: DayColumns) -> None:
        ends = np.append(np.flatnonzero(day.differs("card_id"))[1:], day.count) - 1
        card = day.card[ends]
        self._seen[card] = True
        for name in {name for one in self.questions for name in one.columns if name in day.columns}:
            if name not in self._last:
                self._last[name] = np.zeros(self.cards, day.columns[name].dtype)
            self._last[name][card] = day.columns[name][ends]

    def _shown(self, number: int, one: Question, cards: Places, beside: RowSight) -> Raised:
        wanted = np.zeros(self.cards, np.bool_)
        wanted[cards] = True
        mine = wanted[beside.day.card]
        rows = np.flatnonzero(mine) if one.record.whole == tree.TRUE else rows_where(one.record, beside, mine)
        rows = rows[np.argsort(beside.day.card[rows], kind="stable")]
        return Raised(number, (np.sort(cards) + self.first).astype(np.uint32), rows)


@dataclass(slots=True)
class KeyState:
    """Cards by a second key over all buckets. `seed` see `PairSet`."""

    question: KeyQuestion
    at_least: int
    seed: int
    named: set[int] = field(default_factory=set)
    _pairs: PairSet = field(init=False)
    _keys: PairSet = field(init=False)
    _cards_of: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._pairs, self._keys = PairSet(self.seed), PairSet(self.seed)

    def take(self, batch: Stretch) -> list[tuple[int, int, int]]:
        """(key, card, how many cards the key has) of cards whose key has enough by now, none twice a day."""
        worth = Changes(batch.day, [self.question.columns]).of(self.question.columns)
        beside = RowSight(batch.day, batch.profiles, batch.references)
        rows = rows_where(self.question.condition, beside, worth)
        rows = rows[batch.profiles.known[batch.day.card[rows]]]
        owners = (batch.day.card[rows] + batch.profiles.first).astype(np.uint32)
        values = batch.day.columns[self.question.key][rows].astype(np.uint64)
        new = values[self._pairs.add(owners, values)]
        first = self._keys.add(np.ones(len(new), np.uint32), new)
        touched = set(new[first].tolist()) if self.at_least <= 1 else set()
        for key in new[~first].tolist():  # few: most keys have one card
            self._cards_of[key] = many = self._cards_of.get(key, 1) + 1
            if many >= self.at_least:
                touched.add(key)
        return self._hot(touched) if touched else []

    def _hot(self, keys: set[int]) -> list[tuple[int, int, int]]:
        owners, values = self._pairs.pairs()
        at = np.flatnonzero(np.isin(values, np.array(sorted(keys), np.uint64)))
        found = []
        for card, key in sorted(zip(owners[at].tolist(), values[at].tolist(), strict=True)):
            if card not in self.named:
                self.named.add(card)
                found.append((key, card, self._cards_of.get(key, 1)))
        return found
