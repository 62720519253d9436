"""Where a settled condition may hold. Never too few places, and as few as its sight allows. Pure.

The parts of an AND are asked one after another, each only where those before it may hold; `by_cost` puts what costs
most last. What a condition speaks of is a sight: rows of a day (`row_sight`), or cards with what is known of them
(`sound_bounds`).
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np

from tallyward.detect.cards import tree
from tallyward.detect.cards.day_columns import Places, References
from tallyward.detect.cards.span import Mask, Span, combined, exactly, may_hold
from tallyward.detect.cards.tree import Aggregate, Atom, Predicate, Scalar
from tallyward.detect.cards.vocabulary import Column

At_contra = TypeVar("At_contra", contravariant=True)
Some = TypeVar("Some")


class Sight(Protocol[At_contra]):
    """Whose columns and aggregates a condition speaks of; `at` picks some of them."""

    @property
    def references(self) -> References:
        """Lists, areas, cells."""
        ...

    def column(self, column: Column, at: At_contra) -> Span:
        """A column."""
        ...

    def aggregate(self, part: Aggregate, at: At_contra) -> Span:
        """What is known of a card's records."""
        ...

    def special(self, atom: Atom, at: At_contra) -> Mask | None:
        """What this sight knows of an atom by itself; None: the atom's values tell it."""
        ...


def where(condition: Predicate, sight: Sight[Places], at: Places) -> Places:
    """Those of the ascending places `at` for which the condition may hold."""
    match condition:
        case tree.And(parts=parts):
            for part in parts:
                at = where(part, sight, at)
            return at
        case tree.Or(parts=parts):
            return union([where(part, sight, at) for part in parts])
        case tree.Always(value=value):
            return at if value else at[:0]
        case tree.Not():
            raise TypeError(condition)  # settled conditions have none
    return at[np.broadcast_to(atom_holds(condition, sight, at), len(at))] if len(at) else at


def value(node: Scalar, sight: Sight[Some], at: Some) -> Span:
    """What a value may be, place by place."""
    match node:
        case tree.Number(value=number):
            return exactly(number, abs(number))
        case tree.Arithmetic(operator=operator, left=left, right=right):
            return combined(operator, value(left, sight, at), value(right, sight, at))
        case Aggregate():
            return sight.aggregate(node, at)
        case Column():
            return sight.column(node, at)


def atom_holds(atom: Atom, sight: Sight[Some], at: Some) -> Mask:
    """Where an atom may hold, place by place, or one answer for all."""
    found = sight.special(atom, at)
    if found is not None:
        return found
    match atom:
        case tree.Compare(operator=operator, left=left, right=right):
            return may_hold(operator, value(left, sight, at), value(right, sight, at))
        case tree.Present(column=column, negated=negated):
            return np.asarray((np.asarray(sight.column(column, at).low) != 0) != negated)
        case tree.Prone(area=column, negated=negated):
            return np.asarray(sight.references.prone[np.asarray(sight.column(column, at).low)] != negated)
    raise TypeError(atom)


def union(parts: Sequence[Places]) -> Places:
    """Each place once. A stable sort merges what is ascending already; `np.unique` would hash it."""
    found = np.sort(np.concatenate(parts), kind="stable")
    return found[np.append(True, found[1:] != found[:-1])] if len(found) else found


def by_cost(condition: Predicate) -> Predicate:
    """The same condition, the parts of each AND in the order in which they are asked."""
    match condition:
        case tree.And(parts=parts):
            return tree.And(tuple(sorted(map(by_cost, parts), key=_cost)))
        case tree.Or(parts=parts):
            return tree.Or(tuple(map(by_cost, parts)))
    return condition


def _cost(part: Predicate) -> int:
    """What is asked late: look-ups in lists, what records must be grouped for, whether they have a value at all."""
    nodes = list(tree.walk(part))
    if any(isinstance(node, tree.Counted) for node in nodes):
        return 3
    if any(isinstance(node, Aggregate) for node in nodes):
        return 2
    return int(any(isinstance(node, tree.OnList) for node in nodes))
