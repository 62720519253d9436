"""How soon the cards and terminals of a fleet are judged: most as records come, some now and then, a few once a day."""

from typing import Final

import numpy as np
import pyarrow as pa

from tallyward.registry.cadence import Cadence
from tallyward.simulate.draws import I64, Draws

_TENTHS: Final = np.repeat(np.arange(len(Cadence)), (6, 3, 1))
"""Of ten cards or terminals so many of each cadence, from the fastest on."""


def cadences(draws: Draws, whose: str, numbers: I64) -> pa.Array:
    """The cadence of each card or terminal of these numbers; `whose` tells the two apart."""
    words = pa.array([cadence.value for cadence in Cadence])
    return words.take(pa.array(_TENTHS[draws.below(f"cadence of {whose}", numbers, len(_TENTHS))]))
