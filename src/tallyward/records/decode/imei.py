"""IMEIs as records hold them: 15 digits whose last one is the right check digit."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

IMEI_BODY: Final = 14
"""Digits that name the terminal; a check digit, or two digits of software version, may follow."""
_TEN: Final = np.uint64(10)


def with_check_digit(bodies: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """15-digit IMEIs of 14-digit bodies (TAC and serial number), 0 for 0.

    Networks often send 0 in place of the check digit, and some the software version (IMEISV): what names the terminal
    is the body alone (3GPP TS 23.003 clause 6.2), so the digit is always reckoned anew (Luhn, annex B).
    """
    left = bodies.copy()
    total = np.zeros(len(bodies), np.uint64)
    for place in range(IMEI_BODY):
        digit = left % _TEN
        left //= _TEN
        if place % 2 == 0:
            digit = digit * np.uint64(2)
            digit -= np.where(digit > np.uint64(9), np.uint64(9), np.uint64(0))
        total += digit
    found: NDArray[np.uint64] = np.where(bodies > 0, bodies * _TEN + (_TEN - total % _TEN) % _TEN, np.uint64(0))
    return found
