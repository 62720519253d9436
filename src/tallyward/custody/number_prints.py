"""Card numbers as 64-bit prints, so that lists of millions are compared by sorting. Pure; columns in, columns out.

Numbers hold letters and differ in length, so they are text. Two different numbers share a print with a chance of
2**-64: among ten million numbers against ten million others that is 5 in a million for any pair at all.
"""

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.kernel.errors import InvalidError

Prints = NDArray[np.uint64]

LONGEST: Final = 32
"""Characters of the longest number; an ICCID has 19 or 20 (ITU-T E.118), an IMSI or MSISDN at most 15."""
_WORD: Final = 8
_BLOCK: Final = 1 << 18
_FACTORS: Final = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], dtype=np.uint64
)
_SHIFT: Final = np.uint64(32)


def prints(numbers: pa.Array) -> Prints:
    """The print of each number of a column of text; refuses empty places and long numbers with `custody.numbers`."""
    found = np.empty(len(numbers), dtype=np.uint64)
    for start in range(0, len(numbers), _BLOCK):
        found[start : start + _BLOCK] = _mixed(_letters(numbers.slice(start, _BLOCK)))
    return found


def sorted_once(found: Prints) -> Prints:
    """Each print once, ascending."""
    found = np.sort(found)
    return found[np.append(True, found[1:] != found[:-1])] if len(found) else found


def among(some: Prints, others: Prints) -> NDArray[np.bool_]:
    """Which of some prints are among others; both ascending."""
    if not len(others):
        return np.zeros(len(some), dtype=np.bool_)
    at = np.minimum(np.searchsorted(others, some), len(others) - 1)
    return np.asarray(others[at] == some)


def _letters(numbers: pa.Array) -> NDArray[np.uint8]:
    """One row of `LONGEST` octets a number, ended by its length."""
    if not (pa.types.is_string(numbers.type) or pa.types.is_large_string(numbers.type)) or numbers.null_count:
        raise InvalidError("custody.numbers", most=LONGEST)
    wide = numbers.cast(pa.large_string())
    _, places, text = wide.buffers()
    ends = np.frombuffer(places, dtype=np.int64, count=len(wide) + 1, offset=wide.offset * _WORD)
    octets = np.frombuffer(text, dtype=np.uint8) if text is not None else np.empty(0, dtype=np.uint8)
    lengths = np.diff(ends)
    longest = int(lengths.max(initial=0))
    if longest > LONGEST or int(lengths.min(initial=1)) < 1:
        raise InvalidError("custody.numbers", most=LONGEST)
    rows = np.zeros((len(wide), LONGEST), dtype=np.uint8)
    if int(lengths.min(initial=longest)) == longest:
        rows[:, :longest] = octets[ends[0] : ends[-1]].reshape(len(wide), longest)
    else:
        filled = np.arange(longest) < lengths[:, None]
        rows[:, :longest][filled] = octets[ends[0] : ends[-1]]
    return rows


def _mixed(rows: NDArray[np.uint8]) -> Prints:
    """Each row's words multiplied and folded into one."""
    words = rows.view(np.uint64)
    found = np.zeros(len(rows), dtype=np.uint64)
    for at, factor in enumerate(_FACTORS):
        found = (found ^ words[:, at]) * factor
        found ^= found >> _SHIFT
    found *= _FACTORS[0]
    return found ^ (found >> _SHIFT)
