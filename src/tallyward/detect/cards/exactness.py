"""Whether stage one alone tells exactly who has a fault: no value that it compares was rounded. Pure."""

import math
from typing import Final, TypeGuard

from tallyward.detect.cards import logic, tree
from tallyward.detect.cards.number_range import is_whole, number_range
from tallyward.detect.cards.rule import Fault
from tallyward.detect.cards.span import MOST_EXACT_FLOAT, MOST_WHOLE
from tallyward.detect.cards.tree import Predicate

SUMS: Final = frozenset({"sum", "month_sum", "peak_sum"})
"""Aggregates that add up what records say."""
_MOST_ROWS: Final = 1 << 28  # of one bucket and day


def decided(record: Predicate) -> bool:
    """Whether a row sight tells exactly where a record condition holds: nothing is rounded."""
    return all(_unrounded(node.left, node.right) for node in tree.walk(record) if isinstance(node, tree.Compare))


def tells_exactly(fault: Fault) -> bool:
    """Whether stage one alone tells who has a fault: nothing is rounded, in records or in what they add up to.

    A distance counts as told: the engine rounds it as well, and the last millimetre decides nothing.
    """
    record, card = (logic.settled(part, fault.missing) for part in (fault.record, fault.card))
    exact = [part.function == "span_km" or is_whole(part) for part in tree.aggregates(card)]
    alone = [node for node in tree.walk(card) if isinstance(node, tree.Compare) and not _spans(node)]
    return decided(record) and all(exact) and all(_unrounded(node.left, node.right) for node in alone)


def _spans(node: tree.Compare) -> bool:
    return any(part.function == "span_km" for part in tree.aggregates(node))


def _unrounded(*sides: tree.Scalar) -> bool:
    """Whether comparing two values rounds neither: whole numbers of 62 bits, or plain ones that binary64 holds."""
    if all(map(is_whole, sides)):
        return all(_size(node) <= MOST_WHOLE for side in sides for node in tree.walk(side) if _is_computed(node))
    return not any(map(_is_computed, sides)) and all(_size(side) <= MOST_EXACT_FLOAT for side in sides)


def _is_computed(node: tree.Node) -> TypeGuard[tree.Arithmetic]:
    return isinstance(node, tree.Arithmetic)


def _size(node: tree.Scalar) -> float:
    """How far a value can be from 0; of what records add up to, as far as one bucket's records of a day go."""
    match node:
        case tree.Arithmetic(operator=operator, left=left, right=right):
            own, other = _size(left), _size(right)
            return own * other if operator == "*" else own + other
        case tree.Aggregate(function="min" | "max", of=of) if of is not None:
            return _size(of)
        case tree.Aggregate(function=function, of=of):
            return _MOST_ROWS * (_size(of) if of is not None and function in SUMS else 1)
    ends = number_range(node)
    return math.inf if ends is None else max(map(abs, ends))
