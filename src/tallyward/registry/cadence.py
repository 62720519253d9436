"""How soon a card's records are judged, and what holds for a card that rides in a terminal. Pure."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Cadence(StrEnum):
    """From the fastest to the slowest."""

    LIVE = "live"  # 实时: as records come
    PERIODIC = "periodic"  # 定期: with each pass over a day that arrives
    DAILY = "daily"  # 每日: once the day is over

    @property
    def rank(self) -> int:
        """0 for the fastest: what profiles hold."""
        return tuple(Cadence).index(self)


def effective(cards: NDArray[np.int64], terminals: NDArray[np.int64]) -> NDArray[np.int64]:
    """The ranks that hold for cards: the faster of a card's own and of the terminal's that it is bound to.

    A card without terminal has the slowest rank there, so that its own holds.
    """
    return np.minimum(cards, terminals)
