"""Checked trees to DuckDB SQL. Nothing of a rule's text is copied: only known names, numbers and operators come out.

Integers get a type in which they can't overflow (`number_range`), brackets stand around everything, and a condition
is true or false for every row, since absence was written out before (`logic.settled`). Pure.
"""

from collections.abc import Iterable
from typing import Final, Protocol

from tallyward.detect.cards import tree
from tallyward.detect.cards.number_range import is_whole, number_range
from tallyward.detect.cards.tree import Aggregate, Predicate, Scalar
from tallyward.detect.cards.vocabulary import LIMIT_BITS, Column, Home, Kind
from tallyward.registry.profile_schema import CLASS_COLUMN

_WIDE: Final = 1 << 63


class Names(Protocol):
    """How columns and facts are called at the place where the SQL will stand."""

    def column(self, column: Column) -> str:
        """A record or profile column."""
        ...

    def listed(self, atom: tree.OnList) -> str:
        """TRUE where the peer is on the list."""
        ...

    def prone(self, area: str) -> str:
        """TRUE where the area is marked."""
        ...

    def aggregate(self, part: Aggregate) -> str:
        """An aggregate of the card's records, never NULL."""
        ...

    def counted(self, part: Aggregate) -> str:
        """TRUE where at least one record has a value for the aggregate."""
        ...


def predicate(node: Predicate, names: Names) -> str:
    """A condition in brackets."""
    match node:
        case tree.Always(value=value):
            return "TRUE" if value else "FALSE"
        case tree.And(parts=parts):
            return "(" + " AND ".join(predicate(part, names) for part in parts) + ")"
        case tree.Or(parts=parts):
            return "(" + " OR ".join(predicate(part, names) for part in parts) + ")"
        case tree.Not(part=part):
            return f"(NOT {predicate(part, names)})"
    return _atom(node, names)


def _atom(node: tree.Atom, names: Names) -> str:
    match node:
        case tree.Compare(operator=operator, left=left, right=right):
            return f"({scalar(left, names)} {operator} {scalar(right, names)})"
        case tree.OnList(negated=negated):
            return _negated(names.listed(node), negated=negated)
        case tree.Prone(area=area, negated=negated):
            return _negated(names.prone(names.column(area)), negated=negated)
        case tree.Present(column=column, negated=negated):
            return f"({names.column(column)} {'=' if negated else '<>'} 0)"
        case tree.Counted(aggregate=part, negated=negated):
            return _negated(names.counted(part), negated=negated)
        case tree.Always(value=value):
            return "TRUE" if value else "FALSE"


def _negated(sql: str, *, negated: bool) -> str:
    return f"(NOT {sql})" if negated else f"({sql})"


def scalar(node: Scalar, names: Names) -> str:
    """A value."""
    match node:
        case tree.Number(value=value):
            return number(value)
        case tree.Arithmetic(operator=operator, left=left, right=right):
            kind = _integer_type(node)
            return f"({scalar(left, names)}::{kind} {operator} {scalar(right, names)}::{kind})"
        case Aggregate():
            return names.aggregate(node)
        case Column(home=Home.LIMIT, name=name):
            parts = [*([names.column(node)] if name in LIMIT_BITS else []), _otherwise(node, names)]
            return f"coalesce({', '.join(parts)})" if len(parts) > 1 else parts[0]
        case Column():
            return names.column(node)


def usual(column: Column, names: Names) -> str:
    """The limit by what is usual of the card's class; NULL where its class has no baseline."""
    at = names.column(Column(CLASS_COLUMN, Kind.NUMBER, Home.PROFILE))
    known = " ".join(f"WHEN {number} THEN {limit}" for number, limit in column.by_class)
    return f"CASE {at} {known} END" if known else "NULL"


def _otherwise(column: Column, names: Names) -> str:
    """A limit that neither card nor class sets."""
    own = number(column.default if column.default is not None else 0)
    return f"coalesce({usual(column, names)}, {own})" if column.by_class else own


def number(value: float) -> str:
    """A literal; negative ones in brackets."""
    text = str(value) if isinstance(value, int) else f"{value!r}::DOUBLE"
    return f"({text})" if value < 0 else text


def _integer_type(node: Scalar) -> str:
    if not is_whole(node):
        return "DOUBLE"
    found = number_range(node)
    return "BIGINT" if found and found[0] >= -_WIDE and found[1] < _WIDE else "HUGEINT"


def any_of(parts: Iterable[str]) -> str:
    """The conditions joined by OR; FALSE for none."""
    kept = [part for part in dict.fromkeys(parts) if part != "FALSE"]
    if "TRUE" in kept:
        return "TRUE"
    return "(" + " OR ".join(kept) + ")" if len(kept) > 1 else (kept[0] if kept else "FALSE")


def all_of(parts: Iterable[str]) -> str:
    """The conditions joined by AND; TRUE for none."""
    kept = [part for part in dict.fromkeys(parts) if part != "TRUE"]
    if "FALSE" in kept:
        return "FALSE"
    return "(" + " AND ".join(kept) + ")" if len(kept) > 1 else (kept[0] if kept else "TRUE")


def in_numbers(sql: str, numbers: Iterable[int]) -> str:
    """Whether the value is one of the numbers."""
    listed = ", ".join(str(int(value)) for value in sorted(set(numbers)))
    return f"({sql} IN ({listed}))" if listed else "FALSE"
