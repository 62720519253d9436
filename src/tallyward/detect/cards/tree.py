"""A checked condition as a small tree of our own: nothing but these nodes ever reaches the engine. Pure values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tallyward.detect.cards.vocabulary import Column, Home, Kind

Comparison: TypeAlias = Literal["=", "<>", "<", "<=", ">", ">="]
Operator: TypeAlias = Literal["+", "-", "*"]
Function: TypeAlias = Literal[
    "count", "sum", "min", "max", "count_distinct", "span_km", "month_sum", "peak_sum", "active_hours"
]


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; names of services and modes are numbers by now."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers joined by an operator."""

    operator: Operator
    left: "Scalar"
    right: "Scalar"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A fact of many records; `of` is None for `count()` and `active_hours()`. `hours`: how wide a window slides."""

    function: Function
    of: "Scalar | None"
    hours: int = 0


Scalar: TypeAlias = Number | Column | Arithmetic | Aggregate


@dataclass(frozen=True, slots=True)
class Always:
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values of one kind compared."""

    operator: Comparison
    left: Scalar
    right: Scalar


@dataclass(frozen=True, slots=True)
class OnList:
    """The peer is an entry, or within a prefix, of the list that the card's column names."""

    list: Column
    peer: Column
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Prone:
    """The area is marked as prone to fraud (诈骗高发地区)."""

    area: Column
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """The column holds a value, not 0 for absent."""

    column: Column
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """At least one record has a value where the aggregate looks."""

    aggregate: Aggregate
    negated: bool = False


@dataclass(frozen=True, slots=True)
class And:
    """All hold."""

    parts: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one holds."""

    parts: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    part: "Predicate"


Atom: TypeAlias = Always | Compare | OnList | Prone | Present | Counted
Predicate: TypeAlias = Atom | And | Or | Not
Node: TypeAlias = Scalar | Predicate

TRUE = Always(value=True)
FALSE = Always(value=False)


def both(*parts: Predicate) -> Predicate:
    """The parts joined by AND, without those that always hold; what is joined by AND already is taken apart."""
    kept = tuple(
        inner for part in parts if part != TRUE for inner in (part.parts if isinstance(part, And) else (part,))
    )
    if FALSE in kept:
        return FALSE
    return And(kept) if len(kept) > 1 else (kept[0] if kept else TRUE)


def either(*parts: Predicate) -> Predicate:
    """The parts joined by OR, without those that never hold; what is joined by OR already is taken apart."""
    kept = tuple(
        inner for part in parts if part != FALSE for inner in (part.parts if isinstance(part, Or) else (part,))
    )
    if TRUE in kept:
        return TRUE
    return Or(kept) if len(kept) > 1 else (kept[0] if kept else FALSE)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below one."""
    if isinstance(node, And | Or):
        return node.parts
    below: tuple[Node | None, ...] = ()
    match node:
        case Arithmetic(left=first, right=second) | Compare(left=first, right=second):
            below = (first, second)
        case OnList(list=first, peer=second):
            below = (first, second)
        case Aggregate(of=only) | Not(part=only) | Prone(area=only) | Present(column=only) | Counted(aggregate=only):
            below = (only,)
    return tuple(part for part in below if part is not None)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def columns(node: Node) -> tuple[Column, ...]:
    """The columns named anywhere in it, each once, in order."""
    return tuple(dict.fromkeys(part for part in walk(node) if isinstance(part, Column)))


def aggregates(node: Node) -> tuple[Aggregate, ...]:
    """The aggregates in it, each once, in order."""
    return tuple(dict.fromkeys(part for part in walk(node) if isinstance(part, Aggregate)))


def homes(node: Node) -> frozenset[Home]:
    """Whose columns it needs. An aggregate counts as the card's, as it is known once all records are read."""
    if isinstance(node, Aggregate):
        return frozenset({Home.PROFILE})
    if isinstance(node, Column):
        return frozenset({Home.RECORD if node.home is Home.RECORD else Home.PROFILE})
    return frozenset().union(*map(homes, children(node)))


def kind_of(node: Scalar) -> Kind:
    """The kind of a value."""
    return node.kind if isinstance(node, Column) else Kind.NUMBER
