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
        case Arithmetic(operator="+", left=left, right=right):
            (a, b), (c, d) = _range(left), _range(right)
            return a + c, b + d
        case Arithmetic(operator="-", left=left, right=right):
            (a, b), (c, d) = _range(left), _range(right)
            return a - d, b - c
        case Arithmetic(left=left, right=right):
            corners = [x * y for x in _range(left) for y in _range(right)]
            return min(corners), max(corners)
        case Aggregate(function="min" | "max", of=of) if of is not None:
            return _range(of)
        case Aggregate(function="sum" | "month_sum", of=of) if of is not None:
            least, most = _range(of)
            return min(least * _RECORDS, 0), max(most * _RECORDS, 0)
        case _:
            return 0, _RECORDS


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
        case _:
            return True
