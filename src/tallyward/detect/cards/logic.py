"""Conditions made plain: what an absent operand means is written out, negations sit at the atoms, OR stands outside.

A comparison whose operand is absent is unknown, as in SQL: it is neither true nor false, and NOT does not change that.
`missing: ignore` takes what is unknown as not found, `missing: fire` as found. Once that is written out as conditions
of presence, every condition is simply true or false, and no engine's idea of NULL matters any more. Pure.
"""

from itertools import product
from typing import Final, Literal, TypeAlias

from tallyward.detect.cards import tree
from tallyward.detect.cards.tree import (
    Always,
    And,
    Atom,
    Compare,
    Counted,
    Not,
    OnList,
    Or,
    Predicate,
    Present,
    Prone,
    both,
    either,
)
from tallyward.detect.cards.vocabulary import Column

Missing: TypeAlias = Literal["ignore", "fire"]
Disjunct: TypeAlias = tuple[Atom, ...]

MOST_DISJUNCTS: Final = 64

_OPPOSITE: Final[dict[tree.Comparison, tree.Comparison]] = {
    "=": "<>",
    "<>": "=",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}


def settled(condition: Predicate, missing: Missing) -> Predicate:
    """The same condition with negations at the atoms and absence written out: true or false for every record."""
    return _settled(pushed(condition), missing)


def pushed(condition: Predicate, *, negated: bool = False) -> Predicate:
    """The same condition with every negation at an atom (De Morgan)."""
    match condition:
        case Not(part=part):
            return pushed(part, negated=not negated)
        case And(parts=parts):
            done = tuple(pushed(part, negated=negated) for part in parts)
            return either(*done) if negated else both(*done)
        case Or(parts=parts):
            done = tuple(pushed(part, negated=negated) for part in parts)
            return both(*done) if negated else either(*done)
    return _opposite(condition) if negated else condition


def _opposite(atom: Atom) -> Atom:
    match atom:
        case Always(value=value):
            return Always(not value)
        case Compare(operator=operator, left=left, right=right):
            return Compare(_OPPOSITE[operator], left, right)
        case OnList(list=column, peer=peer, negated=negated):
            return OnList(column, peer, not negated)
        case Prone(area=area, negated=negated):
            return Prone(area, not negated)
        case Present(column=column, negated=negated):
            return Present(column, not negated)
        case Counted(aggregate=aggregate, negated=negated):
            return Counted(aggregate, not negated)


def _settled(condition: Predicate, missing: Missing) -> Predicate:
    match condition:
        case And(parts=parts):
            return both(*(_settled(part, missing) for part in parts))
        case Or(parts=parts):
            return either(*(_settled(part, missing) for part in parts))
        case Compare() | OnList() | Prone():
            return _known(condition, missing)
    return condition


def _known(atom: Compare | OnList | Prone, missing: Missing) -> Predicate:
    negated = missing == "fire"
    known: list[Predicate] = [Present(column, negated) for column in operands(atom)]
    known += [Counted(part, negated) for part in tree.aggregates(atom) if _can_be_blind(part)]
    return either(*known, atom) if negated else both(*known, atom)


def operands(atom: Predicate) -> tuple[Column, ...]:
    """The columns of an atom that a record or profile may lack, those inside aggregates left out."""
    if isinstance(atom, Present | Counted):
        return ()
    inside = {column for part in tree.aggregates(atom) for column in tree.columns(part)}
    return tuple(column for column in tree.columns(atom) if column.absent and column not in inside)


def _can_be_blind(part: tree.Aggregate) -> bool:
    return any(column.absent for column in tree.columns(part))


def disjuncts(condition: Predicate) -> tuple[Disjunct, ...] | None:
    """The condition as OR of ANDs of atoms, or None where that gets larger than `MOST_DISJUNCTS`."""
    match condition:
        case Or(parts=parts):
            found: list[Disjunct] = []
            for part in parts:
                inner = disjuncts(part)
                if inner is None or len(found) + len(inner) > MOST_DISJUNCTS:
                    return None
                found += inner
            return tuple(found)
        case And(parts=parts):
            return _product([disjuncts(part) for part in parts])
        case Not():
            return disjuncts(pushed(condition))
        case Always(value=value):
            return ((),) if value else ()
    return ((condition,),)


def _product(choices: list[tuple[Disjunct, ...] | None]) -> tuple[Disjunct, ...] | None:
    size = 1
    for choice in choices:
        size *= len(choice) if choice is not None else MOST_DISJUNCTS + 1
        if size > MOST_DISJUNCTS:
            return None
    taken = product(*(choice for choice in choices if choice is not None))
    return tuple(tuple(dict.fromkeys(atom for part in parts for atom in part)) for parts in taken)
