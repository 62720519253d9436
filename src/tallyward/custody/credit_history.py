"""What an organisation did, as the score counts it: units of exposure by day, and bad things with their entries. Pure.

Units are quarters of a card. Sums by day and the later of two tellings of one thing do not depend on the order in which
they came, so neither does a score on the order of entries within a day.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from tallyward.custody.credit_terms import Factor
from tallyward.custody.fixed_point import weight

UNIT: Final = 4
"""Units of a card."""
DAY: Final = 86_400


class Deed(NamedTuple):
    """A bad thing: its entry, its day since 1970, its units."""

    entry: int
    day: int
    units: int


class History:
    """One organisation's. `joined`: (entry, day); `proven`: what caps its score."""

    __slots__ = ("_once", "bad", "exposed", "joined", "proven")

    def __init__(self, joined: tuple[int, int]) -> None:
        """Nothing yet."""
        self.joined = joined
        self.exposed: dict[Factor, Counter[int]] = {one: Counter() for one in Factor}
        self.bad: dict[Factor, dict[object, Deed]] = {one: {} for one in Factor}
        self.proven: list[Deed] = []
        self._once: dict[tuple[Factor, object], tuple[int, int]] = {}

    def expose(self, factor: Factor, day: int, cards: int, once: object = None) -> None:
        """So many cards more could have gone wrong. Of those with the same `once` the most count, on the last day."""
        counted = self.exposed[factor]
        if once is not None:
            before, most = self._once.get((factor, once), (day, 0))
            counted[before] -= most * UNIT
            day, cards = max(before, day), max(most, cards)
            self._once[factor, once] = day, cards
        counted[day] += cards * UNIT

    def blame(self, factor: Factor, what: object, deed: Deed) -> None:
        """Something went wrong; of the same thing told twice, the later day and the graver measure count."""
        known = self.bad[factor].get(what)
        if known is not None:
            last = min(known, deed, key=lambda one: (-one.day, one.entry))
            deed = Deed(last.entry, last.day, max(known.units, deed.units))
        self.bad[factor][what] = deed


def weighed(exposed: Iterable[Counter[int]], day: int) -> int:
    """Units of exposure as they still count on a day, times 2**30."""
    return sum(units * weight(day - one) for each in exposed for one, units in each.items())
