"""How often which value was seen, in bins that add up: buckets and days are put together by adding counts. Pure.

Values below 256 have a bin each. Above, a bin is 1/128 of the power of two that it lies in, so the largest value of a
bin is at most 1/128 (0.8 %) over its smallest. A quantile is told as the largest value of its bin: never below the
exact one, and at most 0.8 % above it; below 256 it is exact.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

_EXACT: Final = 256
_PARTS: Final = 128
_MOST_BITS: Final = 63
MOST_ERROR: Final = 1 / _PARTS
"""How far a quantile may lie above the exact one, of its value."""

_FIRST: Final = np.array(
    [*range(_EXACT), *(part << shift for shift in range(1, _MOST_BITS - 7) for part in range(_PARTS, 2 * _PARTS))],
    np.uint64,
)
"""The smallest value of each bin, up to 2^63; larger values fall into the last bin."""


@dataclass(slots=True)
class Histogram:
    """Counts by bin. `count` values in all."""

    bins: Counter[int] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """How many values there are."""
        return self.bins.total()

    def add(self, values: NDArray[np.uint64]) -> None:
        """Count some values."""
        places, counts = np.unique(np.searchsorted(_FIRST, values, side="right") - 1, return_counts=True)
        for place, count in zip(places.tolist(), counts.tolist(), strict=True):
            self.bins[place] += count

    def merge(self, other: "Histogram") -> None:
        """Add what another one counted."""
        self.bins.update(other.bins)

    def quantile(self, thousandths: int) -> int:
        """The least value that so many thousandths of all values do not pass (nearest rank); 0 where there are none."""
        left = -(-self.count * thousandths // 1000)
        for place in sorted(self.bins):
            left -= self.bins[place]
            if left <= 0:
                return _last(place)
        return 0


def _last(place: int) -> int:
    """The largest value of a bin."""
    return int(_FIRST[place + 1]) - 1 if place + 1 < len(_FIRST) else (1 << _MOST_BITS) - 1
