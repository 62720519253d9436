"""Condition text to checked tree: SQLGlot parses, we take the node types that we know and refuse every other.

Three walls. Characters and size: `condition_syntax.py`. Node types: an allow list, since functions such as `read_csv`
parse to node types of their own and a list of function names would miss them; arguments of a node that we do not read
are refused as well. Names and kinds: only the vocabulary's, and only values of one kind are compared. What passes is
our own tree; the text goes no further.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NoReturn, TypeVar

from sqlglot import exp

from tallyward.detect.cards import tree
from tallyward.detect.cards.condition_syntax import parsed
from tallyward.detect.cards.hour_panes import HOURS
from tallyward.detect.cards.number_range import is_whole, number_range
from tallyward.detect.cards.refusal import Place, refused
from tallyward.detect.cards.tree import Predicate, Scalar
from tallyward.detect.cards.vocabulary import AGGREGATES, PREDICATES, WORDS, Column, Home, Kind, nearest
from tallyward.kernel.errors import InvalidError

_NUMBER: Final = re.compile(r"[0-9]{1,20}(\.[0-9]{1,6})?")

_COMPARISONS: Final[dict[type[exp.Expression], tree.Comparison]] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_OPERATORS: Final[dict[type[exp.Expression], tree.Operator]] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_NAMED_AGGREGATES: Final[dict[type[exp.Expression], tree.Function]] = {
    exp.Sum: "sum",
    exp.Min: "min",
    exp.Max: "max",
}


class Sight(StrEnum):
    """What a text may speak of."""

    RECORD = "record"  # one record and its card's profile
    CARD = "card"  # the profile and aggregates of the card's records
    SHOWN = "shown"  # one value to show: a record column or an aggregate


@dataclass(frozen=True, slots=True)
class Words:
    """The columns a text may name, and what it may speak of."""

    columns: Mapping[str, Column]
    sight: Sight


def condition(text: str, words: Words, place: Place) -> Predicate:
    """The checked tree of a condition; refuses with `detect.rule_*` and the place."""
    return _Reader(words, place).predicate(parsed(text, place))


def value(text: str, words: Words, place: Place) -> Scalar:
    """The checked tree of a single value, such as `sum(up + dn)` or `peer`."""
    return _Reader(words, place).scalar(parsed(text, place))


_Checked = TypeVar("_Checked", tree.Arithmetic, tree.Aggregate)
_Read = Callable[["_Reader", exp.Expression], Predicate]


class _Reader:
    """Turns checked nodes into our tree, one method a node type."""

    def __init__(self, words: Words, place: Place) -> None:
        self._words = words
        self._place = place

    def predicate(self, node: exp.Expression) -> Predicate:
        """A node that is true or false."""
        if type(node) in _COMPARISONS:
            return self._compare(node)
        readers: dict[type[exp.Expression], _Read] = {
            exp.And: _Reader._junction,
            exp.Or: _Reader._junction,
            exp.Not: _Reader._not,
            exp.Paren: _Reader._inner,
            exp.In: _Reader._in,
            exp.Between: _Reader._between,
            exp.Anonymous: _Reader._function,
        }
        read = readers.get(type(node))
        if read is None:
            if isinstance(node, exp.Column | exp.Literal | exp.Sum | exp.Min | exp.Max | exp.Count):
                raise self._refused(node, "detect.rule_no_condition", text=node.sql()[:60])
            raise self._not_allowed(node)
        return read(self, node)

    def scalar(self, node: exp.Expression) -> Scalar:
        """A node that is a value."""
        if type(node) in _OPERATORS:
            return self._arithmetic(node)
        match node:
            case exp.Literal():
                return self._number(node)
            case exp.Column():
                return self._column(node)
            case exp.Paren():
                return self.scalar(self._only(node, "this").this)
            case exp.Neg():
                return self._checked(node, tree.Arithmetic("-", tree.Number(0), self._operand(node.this)))
            case exp.Sum() | exp.Min() | exp.Max() | exp.Count() | exp.Anonymous():
                return self._aggregate(node)
        raise self._not_allowed(node)

    def _junction(self, node: exp.Expression) -> Predicate:
        self._only(node, "this", "expression")
        parts = (self.predicate(node.this), self.predicate(node.expression))
        return tree.And(parts) if isinstance(node, exp.And) else tree.Or(parts)

    def _inner(self, node: exp.Expression) -> Predicate:
        return self.predicate(self._only(node, "this").this)

    def _not(self, node: exp.Expression) -> Predicate:
        return tree.Not(self.predicate(self._only(node, "this").this))

    def _compare(self, node: exp.Expression) -> Predicate:
        self._only(node, "this", "expression")
        return self._pair(_COMPARISONS[type(node)], node.this, node.expression)

    def _in(self, node: exp.Expression) -> Predicate:
        self._only(node, "this", "expressions")
        return tree.either(*(self._pair("=", node.this, choice) for choice in node.expressions))

    def _between(self, node: exp.Expression) -> Predicate:
        self._only(node, "this", "low", "high")
        return tree.both(self._pair(">=", node.this, node.args["low"]), self._pair("<=", node.this, node.args["high"]))

    def _pair(self, operator: tree.Comparison, left: exp.Expression, right: exp.Expression) -> Predicate:
        if _is_name(left):
            return tree.Compare(operator, self._word(left, right), self.scalar(right))
        if _is_name(right):
            return tree.Compare(operator, self.scalar(left), self._word(right, left))
        first, second = self.scalar(left), self.scalar(right)
        kinds = {tree.kind_of(part) for part in (first, second) if not isinstance(part, tree.Number)}
        if len(kinds) > 1:
            raise self._refused(left, "detect.rule_kinds", left=tree.kind_of(first), right=tree.kind_of(second))
        if operator not in {"=", "<>"} and kinds - {Kind.NUMBER}:
            raise self._refused(left, "detect.rule_order", kind=next(iter(kinds)))
        if kinds & {Kind.AREA, Kind.LIST, Kind.PEER} and _has_number(first, second):
            raise self._refused(left, "detect.rule_literal", kind=next(iter(kinds)))
        return tree.Compare(operator, first, second)

    def _word(self, name: exp.Expression, beside: exp.Expression) -> tree.Number:
        other = self.scalar(beside)
        known = WORDS.get(tree.kind_of(other))
        if known is None:
            raise self._refused(name, "detect.rule_text", text=str(name.this)[:40])
        if str(name.this) not in known:
            raise self._refused(name, "detect.rule_word", name=str(name.this)[:40], hint=nearest(str(name.this), known))
        return tree.Number(known[str(name.this)])

    def _number(self, node: exp.Expression) -> tree.Number:
        text = str(node.this)
        if node.args.get("is_string"):
            raise self._refused(node, "detect.rule_text", text=text[:40])
        if not _NUMBER.fullmatch(text):
            raise self._refused(node, "detect.rule_number", text=text[:40])
        return tree.Number(float(text) if "." in text else int(text))

    def _column(self, node: exp.Expression) -> Column:
        self._only(node, "this")
        name = str(node.name)
        column = self._words.columns.get(name)
        if column is None or node.this.args.get("quoted"):
            raise self._refused(node.this, "detect.rule_name", name=name[:40], hint=nearest(name, self._words.columns))
        if self._words.sight is Sight.CARD and column.home is Home.RECORD:
            raise self._refused(node.this, "detect.rule_record_in_card", name=name)
        return column

    def _arithmetic(self, node: exp.Expression) -> tree.Arithmetic:
        self._only(node, "this", "expression")
        left, right = self._operand(node.this), self._operand(node.expression)
        return self._checked(node, tree.Arithmetic(_OPERATORS[type(node)], left, right))

    def _operand(self, node: exp.Expression) -> Scalar:
        read = self.scalar(node)
        if tree.kind_of(read) is not Kind.NUMBER:
            raise self._refused(node, "detect.rule_arithmetic", kind=tree.kind_of(read))
        return read

    def _checked(self, node: exp.Expression, made: _Checked) -> _Checked:
        if number_range(made) is None:
            raise self._refused(node, "detect.rule_range")
        return made

    def _function(self, node: exp.Expression) -> Predicate:
        name, arguments = str(node.this).lower(), node.expressions
        if name not in PREDICATES:
            if name in AGGREGATES:
                raise self._refused(node, "detect.rule_no_condition", text=node.sql()[:60])
            raise self._unknown_function(node, name)
        self._only(node, "this", "expressions")
        if self._words.sight is Sight.CARD and name == "fraud_prone":
            raise self._refused(node, "detect.rule_record_in_card", name=name)
        read = [self._column(part) if isinstance(part, exp.Column) else self._wrong(node, name) for part in arguments]
        match name, [column.kind for column in read]:
            case "on_list", [Kind.LIST, Kind.PEER]:
                return tree.OnList(read[0], read[1])
            case "fraud_prone", [Kind.AREA]:
                return tree.Prone(read[0])
            case "absent", [_] if read[0].absent:
                return tree.Present(read[0], negated=True)
        return self._wrong(node, name)

    def _aggregate(self, node: exp.Expression) -> Scalar:
        if isinstance(node, exp.Anonymous):
            name = str(node.this).lower()
            if name not in AGGREGATES:
                raise self._unknown_function(node, name)
            arguments = self._only(node, "this", "expressions").expressions
        else:
            name = "count" if isinstance(node, exp.Count) else _NAMED_AGGREGATES[type(node)]
            given = self._only(node, "this", "big_int").this
            arguments = [] if given is None or isinstance(given, exp.Star) else [given]
        if self._words.sight is Sight.RECORD:
            raise self._refused(node, "detect.rule_aggregate_in_record", name=name)
        return self._typed_aggregate(node, name, arguments)

    def _typed_aggregate(self, node: exp.Expression, name: str, arguments: list[exp.Expression]) -> tree.Aggregate:
        inner = _Reader(Words(self._words.columns, Sight.RECORD), self._place)
        read = [inner.scalar(argument) for argument in arguments]
        match name, read:
            case ("count" | "active_hours") as function, []:
                return tree.Aggregate(function, None)
            case "count_distinct", [Column(home=Home.RECORD, absent=True)]:
                return tree.Aggregate("count_distinct", read[0])
            case "span_km", [Column(home=Home.RECORD, kind=Kind.CELL)]:
                return tree.Aggregate("span_km", read[0])
            case ("sum" | "min" | "max" | "month_sum") as function, [one]:
                if tree.kind_of(one) is Kind.NUMBER and tree.homes(one) == {Home.RECORD}:
                    return self._checked(node, tree.Aggregate(function, one))
            case "peak_sum", [one, tree.Number(value=int() as hours)] if 1 <= hours <= HOURS and _never_negative(one):
                return self._checked(node, tree.Aggregate("peak_sum", one, hours))
        return self._wrong(node, name)

    def _only(self, node: exp.Expression, *expected: str) -> exp.Expression:
        for name, argument in node.args.items():
            if argument not in (None, [], False) and name not in expected:
                raise self._not_allowed(node)
        return node

    def _wrong(self, node: exp.Expression, name: str) -> NoReturn:
        raise self._refused(node, "detect.rule_arguments", name=name)

    def _unknown_function(self, node: exp.Expression, name: str) -> InvalidError:
        return self._refused(
            node, "detect.rule_function", name=name[:40], hint=nearest(name, (*PREDICATES, *AGGREGATES))
        )

    def _not_allowed(self, node: exp.Expression) -> InvalidError:
        return self._refused(node, "detect.rule_node", text=type(node).__name__.upper())

    def _refused(self, node: exp.Expression, code: str, **parameters: str | int) -> InvalidError:
        starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
        place = self._place.further(min(starts)) if starts else self._place
        return refused(place, code, **parameters)


def _is_name(node: exp.Expression) -> bool:
    return isinstance(node, exp.Literal) and bool(node.args.get("is_string"))


def _never_negative(value: Scalar) -> bool:
    """Whether it is a whole number of a record, 0 or more: parts of a sum are then never more than the whole."""
    ends = number_range(value)
    return is_whole(value) and tree.homes(value) == {Home.RECORD} and ends is not None and ends[0] >= 0


def _has_number(*parts: Scalar) -> bool:
    return any(isinstance(part, tree.Number) for part in parts)
