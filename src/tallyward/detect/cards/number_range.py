"""How large a number can get: decides the engine's integer type, so that no sum of a rule can overflow. Pure."""

from typing import Final, TypeAlias

from tallyward.detect.cards.tree import Aggregate, Arithmetic, Number, Scalar
from tallyward.detect.cards.vocabulary import Column

Range: TypeAlias = tuple[float, float]

WIDEST: Final = 1 << 126
_RECORDS: Final = 1 << 36  # of one card in a month


def number_range(node: Scalar) -> Range | None:
    """(least, most) value, or None where it does not fit a 128-bit integer."""
    found = _range(node)
    return None if max(abs(found[0]), abs(found[1])) >= WIDEST else found


def _range(node: Scalar) -> Range:
    match node:
        case Number(value=value):
            return value, value
        case Column(most=most):
            return 0, most
        case Arithmetic():
            return _combined(node)
        case Aggregate(function="min" | "max", of=of) if of is not None:
            return _range(of)
        case Aggregate(function="sum" | "month_sum" | "peak_sum", of=of) if of is not None:
            ends = _range(of)
            return min(ends[0] * _RECORDS, 0), max(ends[1] * _RECORDS, 0)
    return 0, _RECORDS


def _combined(node: Arithmetic) -> Range:
    (least, most), (low, high) = _range(node.left), _range(node.right)
    if node.operator == "+":
        return least + low, most + high
    if node.operator == "-":
        return least - high, most - low
    corners = [one * other for one in (least, most) for other in (low, high)]
    return min(corners), max(corners)


def is_whole(node: Scalar) -> bool:
    """Whether it is always an integer."""
    match node:
        case Number(value=value):
            return isinstance(value, int)
        case Column(default=default):
            return not isinstance(default, float)
        case Arithmetic(left=left, right=right):
            return is_whole(left) and is_whole(right)
        case Aggregate(function="span_km"):
            return False
        case Aggregate(function="sum" | "min" | "max" | "month_sum" | "peak_sum", of=of) if of is not None:
            return is_whole(of)
        case _:
            return True
