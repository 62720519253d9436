"""Dates and times of day as seconds since the epoch, whole columns at a time. Pure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

FIRST_YEAR: Final = 1970
_YEARS: Final = 137
"""Up to 2106, where seconds leave 32 bits."""
_MOST_HOUR, _MOST_SIXTIETH = 23, 59


def _month_table() -> I64:
    """By year since 1970 * 16 + month: its first day since the epoch, and how many days it has (0: there is none)."""
    table: I64 = np.zeros((_YEARS * 16, 2), np.int64)
    first = np.arange("1970-01", f"{FIRST_YEAR + _YEARS}-02", dtype="datetime64[M]").astype("datetime64[D]").astype(int)
    for place in range(_YEARS * 12):
        table[place // 12 * 16 + place % 12 + 1] = first[place], first[place + 1] - first[place]
    return table


_MONTHS: Final = _month_table()


def civil_seconds(year: I64, month: I64, day: I64, hour: I64, minute: I64, second: I64) -> tuple[I64, Mask]:
    """Seconds of dates and times as if they were UTC, and which of them exist. Parts are not negative."""
    there = (year >= FIRST_YEAR) & (year < FIRST_YEAR + _YEARS) & (month <= 12)  # noqa: PLR2004
    months = _MONTHS[np.where(there, (year - FIRST_YEAR) * 16 + month, 0)]
    there &= (day >= 1) & (day <= months[:, 1])
    there &= (hour <= _MOST_HOUR) & (minute <= _MOST_SIXTIETH) & (second <= _MOST_SIXTIETH)
    return (months[:, 0] + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second, there
