"""What is usual of each class of cards over some days: counted by card-day, told as quantiles and hours. Pure.

A class is the card class of the registry: it is what limits, statistics and people go by already, each card has exactly
one, and a class has enough cards for a quantile of one in a thousand; one enterprise's mobile cards often do not. A day
on which a card has no record is no card-day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tallyward.detect.cards.baseline import METRICS, QUANTILES
from tallyward.detect.histogram import Histogram

ENOUGH: Final = 1000
"""Card-days below which a class has no baseline: one in a thousand would be no card-day at all."""
HOURS: Final = 24


@dataclass(slots=True)
class Counts:
    """What was counted of one class: a histogram a metric, and records by hour of the UTC day."""

    metrics: dict[str, Histogram] = field(default_factory=lambda: {name: Histogram() for name in METRICS})
    hours: NDArray[np.int64] = field(default_factory=lambda: np.zeros(HOURS, np.int64))

    def add(self, values: Mapping[str, NDArray[np.uint64]], hours: NDArray[np.int64]) -> None:
        """Count card-days: one value a metric each, and the records of all of them by hour."""
        for name, histogram in self.metrics.items():
            histogram.add(values[name])
        self.hours = self.hours + hours

    def merge(self, other: "Counts") -> None:
        """Add what was counted elsewhere."""
        for name, histogram in self.metrics.items():
            histogram.merge(other.metrics[name])
        self.hours = self.hours + other.hours


@dataclass(frozen=True, slots=True)
class ClassUsual:
    """What is usual of a class. `values`: name such as `peers_p999` -> value; empty with too few card-days.

    `hours`: records by hour of the UTC day.
    """

    card_class: int
    card_days: int
    values: dict[str, int]
    hours: tuple[int, ...]

    @property
    def known(self) -> bool:
        """Whether the class has a baseline."""
        return bool(self.values)

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of records by hour; all 0 where there is none."""
        every = sum(self.hours) or 1
        return tuple(one / every for one in self.hours)


@dataclass(frozen=True, slots=True)
class Baselines:
    """The baselines of all classes that were seen, of these UTC days. `enough`: card-days that a class needed."""

    computed_at: datetime
    days: tuple[date, ...]
    enough: int
    classes: tuple[ClassUsual, ...]

    @property
    def card_days(self) -> int:
        """Of all classes."""
        return sum(one.card_days for one in self.classes)

    @property
    def by_name(self) -> dict[str, dict[int, int]]:
        """Name -> class -> value, of classes that have a baseline."""
        found: dict[str, dict[int, int]] = {}
        for one in self.classes:
            for name, value in one.values.items():
                found.setdefault(name, {})[one.card_class] = value
        return found


def baselines(
    counted: Mapping[int, Counts], days: tuple[date, ...], computed_at: datetime, enough: int = ENOUGH
) -> Baselines:
    """Quantiles of what was counted, by class."""
    classes = tuple(_usual(number, counted[number], enough) for number in sorted(counted))
    return Baselines(computed_at, days, enough, classes)


def _usual(number: int, counts: Counts, enough: int) -> ClassUsual:
    card_days = counts.metrics["records"].count
    values = {}
    if card_days >= enough:
        values = {
            f"{metric}_{name}": counts.metrics[metric].quantile(thousandths)
            for metric in METRICS
            for name, thousandths in QUANTILES.items()
        }
    return ClassUsual(number, card_days, values, tuple(counts.hours.tolist()))
