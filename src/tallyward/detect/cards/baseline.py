"""What is usual of a class of cards, as a limit of a rule: names such as `peers_p999`, factor and floor. Pure.

The order of a limit is: the card's own, its class's, what is usual of its class, the rule's own number (`else`). What
is usual is set into the rules before a traversal or a live day begins (`set_into`), as numbers by class: the plain
evaluator, the columns of stage one and the SQL of stage two then look at the same numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

METRICS: Final = ("bytes", "peers", "cells", "records", "hours")
"""What is counted of a card's UTC day: bytes up and down, different peers and cells other than 0, records, different
hours with a record. A day without a record is no card-day."""
QUANTILES: Final[dict[str, int]] = {"p50": 500, "p95": 950, "p99": 990, "p999": 999}
"""Names of quantiles -> how many card-days of a thousand are at most that."""
NAMES: Final = tuple(f"{metric}_{quantile}" for metric in METRICS for quantile in QUANTILES)
MOST: Final = 1 << 53
"""No limit by baseline is larger, so that every way to compute it is exact."""

UsualByName: TypeAlias = Mapping[str, Mapping[int, int]]
"""Name of a baseline -> class id -> its value; a class without baseline is not in it."""


@dataclass(frozen=True, slots=True)
class ByBaseline:
    """How a limit follows from a baseline: `times` its value, rounded up, and `at_least` so much."""

    name: str
    times: int | float = 1
    at_least: int = 0

    def limit(self, usual: int, most: int = MOST) -> int:
        """The limit where `usual` is the baseline's value; at most `most`."""
        scaled = -(-usual * Fraction(str(self.times)) // 1)
        return min(max(int(scaled), self.at_least), most, MOST)

    def text(self, otherwise: float) -> str:
        """How people read it, in every language."""
        return f"{self.name} × {self.times}, ≥ {self.at_least}, else {otherwise}"
