"""Logarithms, chances and ageing in whole numbers: the same on every machine, which floats do not promise. Pure.

Logarithms are natural and times 2**20. Between the steps of the shipped table they run straight: at most 3 * 10**-6
beside the truth, and never falling where the truth rises.
"""

from bisect import bisect_right
from functools import cache
from typing import Final

from tallyward.custody.logit_table import HALF_LIFE, LN, LOG_BITS, STEP_BITS, WEIGHT, WEIGHT_BITS

ONE: Final = 1 << LOG_BITS
"""1 as a logarithm: a nat."""
FULL: Final = 1 << WEIGHT_BITS
"""What something of today counts."""
_FINE: Final = 24
_REST: Final = _FINE - STEP_BITS
_TERMS: Final = 6


def ln(number: int) -> int:
    """The logarithm of a whole number from 1."""
    if number < 1:
        raise ValueError(f"{number} has no logarithm")
    octave = number.bit_length() - 1
    fine = (number << _FINE >> octave) - (1 << _FINE)
    step, rest = fine >> _REST, fine & ((1 << _REST) - 1)
    return octave * LN[-1] + LN[step] + ((LN[step + 1] - LN[step]) * rest >> _REST)


def logit(yes: int, no: int) -> int:
    """The logarithm of `yes` to `no`, both from 1."""
    return ln(yes) - ln(no)


def per_mille(chance: int) -> int:
    """The probability whose logit is `chance`, in thousandths from 0 to 1,000, rounded."""
    return bisect_right(_borders(), chance)


def weight(days: int) -> int:
    """What something counts after so many days, times 2**30: half after 180 of them. The future counts as today."""
    halvings, rest = divmod(max(days, 0), HALF_LIFE)
    return WEIGHT[rest] >> halvings


def spread(counted: int, unit: int) -> int:
    """The trigamma function of counted/unit, times 2**20: how far the logarithm of so many counted things may lie off.

    A Beta(a, b) chance has a logit of variance trigamma(a) + trigamma(b) (Abramowitz and Stegun 6.4.6, 6.4.12).
    """
    found = sum((unit * unit << LOG_BITS) // (counted + one * unit) ** 2 for one in range(_TERMS))
    far = counted + _TERMS * unit
    return found + ((unit << LOG_BITS) // far) + ((unit**2 << LOG_BITS) // (2 * far**2))


def lean(counted: int, unit: int) -> int:
    """By how much the mean logarithm lies below the logarithm of the mean, for so many counted things; times 2**20.

    ln(x) less the digamma function of x, by the same formulas 6.3.5 and 6.3.18.
    """
    far = counted + _TERMS * unit
    found = sum((unit << LOG_BITS) // (counted + one * unit) for one in range(_TERMS))
    found += (unit << LOG_BITS) // (2 * far) + (unit * unit << LOG_BITS) // (12 * far * far)
    return found - (ln(far) - ln(counted))


@cache
def _borders() -> tuple[int, ...]:
    """The logits at which a rounded number of thousandths begins."""
    return tuple(logit(2 * one - 1, 2001 - 2 * one) for one in range(1, 1001))
