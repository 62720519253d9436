"""What the network saw of cards, as columns by slot: custody's own view of usage, which `wiring` fills. Pure types."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tallyward.kernel.errors import InvalidError

NOWHERE = -1
"""An unknown region."""


class CardUsage(NamedTuple):
    """The cards of a lot with traffic, by ascending slot. Times in seconds since 1970.

    `regions`: where each was seen last, a column of `Places.km`, or `NOWHERE`; `devices`: how often the device changed.
    """

    slots: NDArray[np.int64]
    first_seen: NDArray[np.int64]
    last_seen: NDArray[np.int64]
    records: NDArray[np.int64]
    regions: NDArray[np.int32]
    devices: NDArray[np.int32]

    def checked(self, lot: str, cards: int) -> "CardUsage":
        """Itself; refuses columns that do not fit each other or the lot with `custody.usage_form`."""
        slots = self.slots
        whole = all(len(column) == len(slots) for column in self)
        if not whole or (len(slots) and not (slots[0] >= 0 and slots[-1] < cards and (np.diff(slots) > 0).all())):
            raise InvalidError("custody.usage_form", lot=lot, cards=cards)
        return self


class StrangerUsage(NamedTuple):
    """Numbers with traffic that are in no lot. `operators`: in whose network each was seen."""

    numbers: Sequence[str]
    operators: Sequence[str]
    first_seen: Sequence[int]
    last_seen: Sequence[int]
    records: Sequence[int]


class Places(NamedTuple):
    """Where members are at home, and how far regions are from each other.

    `of_member`: by its number, each member's row in `km`, or `NOWHERE`; `km`: distances from there to each region, at
    the least: a region is no point.
    """

    of_member: NDArray[np.int32]
    km: NDArray[np.int32]
