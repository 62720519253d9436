"""What is known so far of each card's records that meet one condition: kept between batches, grown by each. Pure.

Counts, sums, extremes and boxes grow in place; a value is counted the first time that the card has it. The facts of all
batches of a day are those of the whole day, whatever came in which batch.
"""

from dataclasses import dataclass, field

import numpy as np

from tallyward.detect.cards import tree
from tallyward.detect.cards.day_columns import Array, Places, Profiles, References
from tallyward.detect.cards.hour_panes import HOURS, peak_of
from tallyward.detect.cards.pair_set import PairSet
from tallyward.detect.cards.rows_by_card import box_of
from tallyward.detect.cards.sound_bounds import CardSight, km_of, month_key, over_column
from tallyward.detect.cards.span import Mask, Span, combined, exactly
from tallyward.detect.cards.tree import Aggregate, Atom
from tallyward.detect.cards.vocabulary import Column

_NOWHERE = float("nan")


@dataclass(slots=True)
class LiveFacts:
    """Of `cards` consecutive cards. `parts`: the aggregates that a rule asks for; `seed` see `PairSet`."""

    cards: int
    parts: tuple[Aggregate, ...]
    seed: int
    records: Array = field(init=False)
    _hours: Array = field(init=False)
    _totals: dict[Aggregate, Span] = field(default_factory=dict)
    _different: dict[str, tuple[PairSet, Array]] = field(default_factory=dict)
    _boxes: dict[str, list[Array]] = field(default_factory=dict)
    _present: dict[str, Mask] = field(default_factory=dict)
    _panes: dict[Aggregate, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.records = np.zeros(self.cards, np.int64)
        self._hours = np.zeros(self.cards, np.uint32)
        for part in dict.fromkeys(map(_of_today, self.parts)):
            match part.function:
                case "count_distinct":
                    pairs = PairSet(self.seed, self.cards)
                    self._different[over_column(part).name] = pairs, np.zeros(self.cards, np.int64)
                case "span_km":
                    self._boxes[over_column(part).name] = [np.full(self.cards, _NOWHERE) for _ in _ENDS]
                    self._present[over_column(part).name] = np.zeros(self.cards, np.bool_)
                case "peak_sum":
                    self._panes[Aggregate("peak_sum", part.of)] = np.zeros((self.cards, HOURS), np.int64)

    def grow(self, batch: CardSight) -> Places:
        """Take up the rows of a batch; gives the cards that have any, known or not."""
        rows = batch.all()
        self.records += rows.count
        for part in dict.fromkeys(map(_of_today, self.parts)):
            match part.function:
                case "count_distinct":
                    self._count(over_column(part).name, batch)
                case "span_km":
                    self._stretch(over_column(part).name, batch)
                case "peak_sum":
                    self._by_hour(part, batch)
                case "active_hours":
                    self._hours |= batch.hours(batch.all())
                case "sum" | "min" | "max":
                    self._add(part, batch)
        return np.flatnonzero(rows.count)

    def _count(self, name: str, batch: CardSight) -> None:
        pairs, count = self._different[name]
        rows = batch.all()
        values = batch.beside.day.columns[name][rows.rows]
        own = np.flatnonzero(values)
        new = pairs.add(rows.card[own].astype(np.uint32) + np.uint32(1), values[own].astype(np.uint64))
        count += np.bincount(rows.card[own[new]], minlength=self.cards)

    def _stretch(self, name: str, batch: CardSight) -> None:
        rows = batch.all()
        cells = batch.beside.day.columns[name][rows.rows]
        self._present[name] |= rows.most((cells != 0).view(np.uint8)) > 0
        for own, new, least in zip(self._boxes[name], box_of(rows, cells, batch.references), _ENDS, strict=True):
            (np.fmin if least else np.fmax)(own, new, out=own)

    def _by_hour(self, part: Aggregate, batch: CardSight) -> None:
        key = Aggregate("peak_sum", part.of)
        self._panes[key] += batch.panes(part, batch.all())

    def _add(self, part: Aggregate, batch: CardSight) -> None:
        new = batch.total(part)
        before = self._totals.get(part)
        if before is None:
            self._totals[part] = new
        elif part.function == "sum":
            self._totals[part] = combined("+", before, new)
        else:
            join = np.minimum if part.function == "min" else np.maximum
            low = join(before.low, new.low)
            high = low if before.exact and new.exact else join(before.high, new.high)
            self._totals[part] = Span(low, high, max(before.size, new.size))

    # what is known

    def span(self, part: Aggregate, profiles: Profiles, at: Places) -> Span:
        """The value of an aggregate of some cards."""
        match part.function:
            case "count":
                return exactly(self.records[at], int(self.records.max(initial=0)))
            case "count_distinct":
                count = self._different[over_column(part).name][1]
                return exactly(count[at], int(count.max(initial=0)))
            case "span_km":
                return km_of([side[at] for side in self._boxes[over_column(part).name]])
            case "active_hours" | "peak_sum":
                return self._of_hours(part, at)
            case "month_sum":
                today = self._totals[_of_today(part)].at(at)
                earlier = profiles.earlier.get(month_key(part))
                return today if earlier is None else combined("+", today, earlier.at(at))
        return self._totals[part].at(at)

    def _of_hours(self, part: Aggregate, at: Places) -> Span:
        if part.of is None:
            return exactly(np.bitwise_count(self._hours[at]).astype(np.int64), HOURS)
        peak = peak_of(self._panes[Aggregate("peak_sum", part.of)][at], part.hours)
        return exactly(peak, int(peak.max(initial=0)))

    def has(self, part: Aggregate, at: Places) -> Mask:
        """Whether a row has a value."""
        name = over_column(part).name
        if part.function == "count_distinct":
            return np.asarray(self._different[name][1][at] > 0)
        return self._present[name][at]


def _of_today(part: Aggregate) -> Aggregate:
    """What a day adds to an aggregate."""
    return Aggregate("sum", part.of) if part.function == "month_sum" else part


_ENDS = (True, False, True, False, True, False)
"""Of the sides of a box: which are the least."""


@dataclass(frozen=True, slots=True)
class LiveSight:
    """What a condition on a card sees while its day arrives: its profile, and the facts so far. Places are cards."""

    profiles: Profiles
    references: References
    facts: LiveFacts

    def column(self, column: Column, at: Places) -> Span:
        """A column of the profile."""
        return self.profiles.span(column, at)

    def aggregate(self, part: Aggregate, at: Places) -> Span:
        """What is known of it."""
        return self.facts.span(part, self.profiles, at)

    def special(self, atom: Atom, at: Places) -> Mask | None:
        """Whether rows have a value."""
        if isinstance(atom, tree.Counted):
            return np.asarray(self.facts.has(atom.aggregate, at) != atom.negated)
        return None
