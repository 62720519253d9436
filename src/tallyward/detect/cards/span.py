"""Values known to lie between two ends, for many rows at once: interval arithmetic that is never too narrow. Pure.

Whole numbers stay whole while they fit 62 bits: both ends are then the value itself. Everything else is computed in
binary64, and each result that may be rounded is widened by one unit in the last place at both ends, so rounding can't
hide a value.
"""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from tallyward.detect.cards.tree import Comparison, Operator

Values: TypeAlias = NDArray[Any] | int | float
Mask: TypeAlias = NDArray[np.bool_]

MOST_WHOLE: Final = 1 << 62
"""Whole numbers up to here are computed as 64-bit integers."""
MOST_EXACT_FLOAT: Final = 1 << 53
"""Whole numbers up to here are exact in binary64."""
_INFINITE: Final = float("inf")
_WHOLE: Final[dict[Operator, np.ufunc]] = {"+": np.add, "-": np.subtract, "*": np.multiply}


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high`, both included; no value is further from 0 than `size`."""

    low: Values
    high: Values
    size: float

    @property
    def whole(self) -> bool:
        """Both ends are integers."""
        return _is_whole(self.low) and _is_whole(self.high)

    @property
    def exact(self) -> bool:
        """Both ends are the value."""
        return self.low is self.high

    def at(self, places: NDArray[np.intp] | slice) -> "Span":
        """Some places of it; of a single value all places are alike."""
        low = self.low[places] if isinstance(self.low, np.ndarray) else self.low
        if self.exact:
            return Span(low, low, self.size)
        return Span(low, self.high[places] if isinstance(self.high, np.ndarray) else self.high, self.size)


def exactly(values: Values, size: float) -> Span:
    """Values that are known."""
    return Span(values, values, size)


def _is_whole(values: Values) -> bool:
    return isinstance(values, int) or (isinstance(values, np.ndarray | np.generic) and values.dtype.kind in "iub")


def floats(one: Span) -> Span:
    """The same span in binary64."""
    if not one.whole:
        return one
    low = np.asarray(one.low, np.float64)
    if one.size <= MOST_EXACT_FLOAT:
        return Span(low, low if one.exact else np.asarray(one.high, np.float64), one.size)
    return Span(_rounded(low, -_INFINITE), _rounded(np.asarray(one.high, np.float64), _INFINITE), one.size)


def _rounded(values: NDArray[np.float64], towards: float) -> NDArray[np.float64]:
    """Ends that were whole: only those that binary64 may have rounded are widened, so 0 stays 0."""
    return np.where(np.abs(values) < MOST_EXACT_FLOAT, values, np.nextafter(values, towards))


def _widened(low: Values, high: Values, size: float) -> Span:
    return Span(
        cast("NDArray[Any]", np.nextafter(low, -_INFINITE)), cast("NDArray[Any]", np.nextafter(high, _INFINITE)), size
    )


def combined(operator: Operator, left: Span, right: Span) -> Span:
    """The span of a sum, difference or product."""
    size = left.size * right.size if operator == "*" else left.size + right.size
    if left.whole and right.whole and size <= MOST_WHOLE:
        return Span(*_whole_ends(operator, left, right), size)
    return _widened(*_ends(operator, floats(left), floats(right)), float(size))


def _whole_ends(operator: Operator, left: Span, right: Span) -> tuple[Values, Values]:
    if left.exact and right.exact:
        made = _WHOLE[operator](left.low, right.low, dtype=np.int64, casting="unsafe")
        return made, made
    return _ends(operator, _integers(left), _integers(right))


def _integers(one: Span) -> Span:
    return Span(np.asarray(one.low, np.int64), np.asarray(one.high, np.int64), one.size)


def _ends(operator: Operator, left: Span, right: Span) -> tuple[Values, Values]:
    exact = left.exact and right.exact
    if operator == "+":
        low = left.low + right.low
        return low, low if exact else left.high + right.high
    if operator == "-":
        low = left.low - right.high
        return low, low if exact else left.high - right.low
    if exact:
        product = left.low * right.low
        return product, product
    corners = [one * other for one in (left.low, left.high) for other in (right.low, right.high)]
    return cast("NDArray[Any]", np.minimum.reduce(np.broadcast_arrays(*corners))), cast(
        "NDArray[Any]", np.maximum.reduce(np.broadcast_arrays(*corners))
    )


def may_hold(operator: Comparison, left: Span, right: Span) -> Mask:
    """Where the comparison holds for some values within the spans; exactly where it holds, if both are exact."""
    if not (left.whole and right.whole):
        left, right = floats(left), floats(right)
    if operator in {"<", "<="}:
        left, right = right, left
        operator = ">" if operator == "<" else ">="
    if operator in {">", ">="}:
        return _compared(operator, left.high, right.low)
    if operator == "=":
        return _compared(">=", left.high, right.low) & _compared(">=", right.high, left.low)
    different = _compared("<>", left.low, right.low)
    for one in (left, right):
        if not one.exact:
            different = different | _compared("<>", one.low, one.high)
    return different


def _compared(operator: Comparison, left: Values, right: Values) -> Mask:
    """Compare as whole numbers where both are: NumPy would take unsigned and signed 64 bits through binary64."""
    left, right = _alike(left, right), _alike(right, left)
    if operator == ">":
        return np.asarray(left > right)
    return np.asarray(left >= right if operator == ">=" else left != right)


def _alike(one: Values, other: Values) -> Values:
    """An unsigned 64-bit column beside a signed one, which never gets past `MOST_WHOLE`."""
    signed = isinstance(other, np.ndarray | np.generic) and other.dtype.kind == "i"
    if signed and isinstance(one, np.ndarray) and one.dtype == np.uint64:
        return np.minimum(one, np.uint64(np.iinfo(np.int64).max)).astype(np.int64)
    return one
