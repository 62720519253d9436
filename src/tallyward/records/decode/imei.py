"""IMEIs as records hold them: 15 digits whose last one is the right check digit."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

IMEI_BODY: Final = 14
"""Digits that name the terminal; a check digit, or two digits of software version, may follow."""
_CHUNK: Final = 10_000


def _luhn_sums() -> NDArray[np.uint8]:
    """For each four digits, the sum of Luhn's digits: those at even places from the right are doubled."""
    four = np.arange(_CHUNK)
    total = np.zeros(_CHUNK, np.uint8)
    for place in range(4):
        digit = four // 10**place % 10
        total += (digit if place % 2 else digit * 2 - np.where(digit > 4, 9, 0)).astype(np.uint8)  # noqa: PLR2004
    return total


_SUMS: Final = _luhn_sums()


def with_check_digit(bodies: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """15-digit IMEIs of 14-digit bodies (TAC and serial number), 0 for 0.

    Networks often send 0 in place of the check digit, and some the software version (IMEISV): what names the terminal
    is the body alone (3GPP TS 23.003 clause 6.2), so the digit is always reckoned anew (Luhn, annex B).
    """
    left = bodies.astype(np.int64)
    total = np.zeros(len(bodies), np.uint8)
    for _ in range(0, IMEI_BODY, 4):
        left, four = np.divmod(left, _CHUNK)
        total += _SUMS[four]
    found: NDArray[np.uint64] = np.where(bodies > 0, bodies * np.uint64(10) + (250 - total) % 10, np.uint64(0))
    return found
