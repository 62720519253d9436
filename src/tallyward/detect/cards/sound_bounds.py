"""Stage one of a traversal: what one GROUP BY over record columns can say about a card without ever missing a fault.

Every fault becomes a condition on the card's profile and a few fixed-size aggregates that holds at least wherever the
fault holds. `EXISTS record: guard AND r <> p` is exactly `min(r) <> p OR max(r) <> p` over the records of the guard;
likewise for the other comparisons. A distinct count is at most the number of records, 1 where least and greatest are
the same, and for cells at most the range of their ids, which follow space. A distance is at most the box of the 5 km
tiles. What has no such form counts as possible. No hash, no sample: no choice of peers or cells hides from it.

What holds here is a candidate and is judged exactly from its records (`exact_count`). Pure: SQL text out, nothing run.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from tallyward.detect.cards import emit_sql, logic, tree
from tallyward.detect.cards.emit_sql import all_of, any_of
from tallyward.detect.cards.logic import Disjunct
from tallyward.detect.cards.number_range import number_range
from tallyward.detect.cards.tree import Aggregate, Compare, OnList, Predicate, Scalar
from tallyward.detect.cards.vocabulary import Column, Home, Kind
from tallyward.records.schema import TILE_KM

LISTED: Final = "on_one_list"
"""Column of a record: the only list that its peer is on, 0 for none, `SEVERAL` for more than one."""
SEVERAL: Final = 0xFFFFFFFF

_ROUNDING_KM: Final = 0.001
"""What floating point may add to a distance that the tiles bound."""

Bounds: TypeAlias = tuple[str | None, str | None]
"""(least, greatest) possible value of an expression as SQL; None: not known."""

_MIRRORED: Final[dict[tree.Comparison, tree.Comparison]] = {
    "=": "=",
    "<>": "<>",
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
}


@dataclass(slots=True)
class Sketch:
    """The aggregates that stage one keeps for each card: SQL over record columns -> column name. All rules share."""

    names: dict[str, str] = field(default_factory=dict)
    months: dict[str, str] = field(default_factory=dict)  # SQL of what a month sums up -> column of its earlier days

    def earlier(self, part: Aggregate) -> str:
        """The column of a month's sum before the day. Months sum up whole days, so no filter can stand here."""
        value = "1" if part.of is None else emit_sql.scalar(part.of, _RecordNames(()))
        return self.months.setdefault(value, f"e{len(self.months)}")

    def keep(self, function: str, value: str, where: str = "TRUE") -> str:
        """The column of one aggregate over the records where `where` holds."""
        if where == f"({value} <> 0)" and function in {"min", "max"}:
            sql = f"{function}(nullif({value}, 0))"  # a third cheaper than FILTER, which sorts rows out first
        else:
            sql = f"{function}({value})" + ("" if where == "TRUE" else f" FILTER (WHERE {where})")
        return self.names.setdefault(sql, f"a{len(self.names)}")

    def some(self, where: str) -> str:
        """TRUE where at least one record meets `where`."""
        if where in {"TRUE", "FALSE"}:
            return where
        return f"coalesce({self.keep('bool_or', where)}, FALSE)"


@dataclass(frozen=True, slots=True)
class _RecordNames:
    """Record columns within the aggregates."""

    prone_areas: tuple[int, ...]

    def column(self, column: Column) -> str:
        return column.name

    def prone(self, area: str) -> str:
        return emit_sql.in_numbers(area, self.prone_areas)

    def listed(self, atom: OnList) -> str:
        raise NotImplementedError(atom)

    def aggregate(self, part: Aggregate) -> str:
        raise NotImplementedError(part)

    def counted(self, part: Aggregate) -> str:
        raise NotImplementedError(part)


@dataclass(frozen=True, slots=True)
class _CardNames(_RecordNames):
    """Profile columns beside the aggregates."""

    def column(self, column: Column) -> str:
        return f"p.{column.name}"


@dataclass(frozen=True, slots=True)
class Lifted:
    """Where a fault may hold, as SQL on a card; `exact`: it holds there and nowhere else."""

    sql: str
    exact: bool


class Lifter:
    """Lifts conditions on records to conditions on cards; collects the aggregates they need in `sketch`."""

    def __init__(self, sketch: Sketch, prone_areas: tuple[int, ...]) -> None:
        self.sketch = sketch
        self.record = _RecordNames(prone_areas)
        self.card = _CardNames(prone_areas)

    def candidate(self, record: Predicate, card: Predicate) -> Lifted:
        """Where a fault may hold; both conditions settled (`logic.settled`)."""
        found = logic.disjuncts(record)
        if found is None:
            return Lifted(self._bounded(card, _Filter(self, "TRUE", exact=False)), exact=False)
        exists = any_of(self._lifted(part) for part in found)
        guards = [self._guard(part) for part in found]
        pure = all(tree.homes(atom) <= {Home.RECORD} for part in found for atom in part)
        sql = all_of([exists, self._bounded(card, _Filter(self, any_of(guards), exact=pure))])
        counted = tree.aggregates(card)
        exact = all(map(_lifts_exactly, found)) and (not counted or (pure and all(map(_keeps_exactly, counted))))
        return Lifted(sql, exact)

    def _guard(self, atoms: Disjunct) -> str:
        own = [atom for atom in atoms if tree.homes(atom) <= {Home.RECORD}]
        return all_of(emit_sql.predicate(atom, self.record) for atom in own)

    def _lifted(self, atoms: Disjunct) -> str:
        """EXISTS record: all the atoms. Exact with at most one atom that mixes record and profile, else a bound."""
        guard = self._guard(atoms)
        profile = [emit_sql.predicate(atom, self.card) for atom in atoms if tree.homes(atom) == {Home.PROFILE}]
        mixed = [self._mixed(atom, guard) for atom in atoms if len(tree.homes(atom)) > 1]
        return all_of([*profile, *(mixed or [self.sketch.some(guard)])])

    def _mixed(self, atom: Predicate, guard: str) -> str:
        match atom:
            case OnList(list=column, negated=True):
                least, most = (self.sketch.keep(name, LISTED, guard) for name in ("min", "max"))
                expected = self.card.column(column)
                return f"coalesce({least} <> {expected} OR {most} <> {expected}, FALSE)"
            case Compare(operator=operator, left=left, right=right):
                if tree.homes(left) == {Home.RECORD} and tree.homes(right) == {Home.PROFILE}:
                    return self._against(operator, left, right, guard)
                if tree.homes(right) == {Home.RECORD} and tree.homes(left) == {Home.PROFILE}:
                    return self._against(_MIRRORED[operator], right, left, guard)
        return self.sketch.some(guard)

    def _against(self, operator: tree.Comparison, left: Scalar, right: Scalar, guard: str) -> str:
        value, limit = emit_sql.scalar(left, self.record), emit_sql.scalar(right, self.card)
        ends = _ends(operator)
        least, most = (self.sketch.keep(name, value, guard) if name in ends else "" for name in ("min", "max"))
        sides = {
            "<>": f"{least} <> {limit} OR {most} <> {limit}",
            "=": f"{least} <= {limit} AND {most} >= {limit}",
            "<": f"{least} < {limit}",
            "<=": f"{least} <= {limit}",
            ">": f"{most} > {limit}",
            ">=": f"{most} >= {limit}",
        }
        return f"coalesce({sides[operator]}, FALSE)"

    def _bounded(self, card: Predicate, taken: "_Filter") -> str:
        match card:
            case tree.And(parts=parts):
                return all_of(self._bounded(part, taken) for part in parts)
            case tree.Or(parts=parts):
                return any_of(self._bounded(part, taken) for part in parts)
            case tree.Counted(aggregate=part, negated=negated):
                return taken.counted(part, negated=negated)
            case Compare(operator=operator, left=left, right=right) if tree.aggregates(card):
                return _possible(operator, taken.bounds(left), taken.bounds(right))
        return emit_sql.predicate(card, self.card)


@dataclass(frozen=True, slots=True)
class _Filter:
    """The records that a card's aggregates are taken over: all where `where` holds, or, not `exact`, some of them."""

    lifter: Lifter
    where: str
    exact: bool

    def counted(self, part: Aggregate, *, negated: bool) -> str:
        if negated:
            return f"(NOT {self.counted(part, negated=False)})" if self.exact else "TRUE"
        if not isinstance(part.of, Column):
            return "TRUE"
        return f"(coalesce({self._keep('max', part.of.name)}, 0) > 0)"

    def bounds(self, node: Scalar) -> Bounds:
        match node:
            case Aggregate():
                return self._aggregate(node)
            case tree.Arithmetic(operator=operator, left=left, right=right):
                return _arithmetic(operator, self.bounds(left), self.bounds(right))
        sql = emit_sql.scalar(node, self.lifter.card)
        return sql, sql

    def _aggregate(self, part: Aggregate) -> Bounds:
        makers: dict[str, Callable[[Aggregate], Bounds]] = {
            "count": self._count,
            "sum": self._sum,
            "month_sum": self._month_sum,
            "min": self._end,
            "max": self._end,
            "count_distinct": self._count_distinct,
            "span_km": self._span_km,
        }
        return makers[part.function](part)

    def _count(self, _part: Aggregate) -> Bounds:
        most = self._keep("count", "*")
        return (most if self.exact else "1"), most

    def _sum(self, part: Aggregate) -> Bounds:
        total = f"coalesce({self._keep('sum', self._value(part))}, 0)"
        if self.exact:
            return total, total
        found = number_range(part)
        return ("0", total) if found and found[0] >= 0 else (None, None)

    def _month_sum(self, part: Aggregate) -> Bounds:
        least, most = self._sum(part)
        earlier = f"coalesce(m.{self.lifter.sketch.earlier(part)}, 0)"
        return _joined(least, "+", earlier), _joined(most, "+", earlier)

    def _end(self, part: Aggregate) -> Bounds:
        if self.exact:
            kept = self._keep(part.function, self._value(part))
            return kept, kept
        return self._keep("min", self._value(part)), self._keep("max", self._value(part))

    def _count_distinct(self, part: Aggregate) -> Bounds:
        column = self._column(part)
        here = all_of([self.where, f"({column.name} <> 0)"])
        sketch = self.lifter.sketch
        least, most = sketch.keep("min", column.name, here), self._keep("max", column.name)
        count = self._keep("count", "*")
        bound = f"least({count}, {most}::BIGINT - {least} + 1)" if column.kind is Kind.CELL else count
        return "0", f"(CASE WHEN {least} IS NULL THEN 0 WHEN {least} = {most} THEN 1 ELSE {bound} END)"

    def _span_km(self, part: Aggregate) -> Bounds:
        column = self._column(part)
        sketch = self.lifter.sketch
        sides = []
        for tile in ("gx", "gy"):
            here = all_of([self.where, f"({tile} <> 0)"])
            least, most = sketch.keep("min", tile, here), self._keep("max", tile)
            sides.append(f"({most}::INTEGER - {least} + 1)")
        cell = all_of([self.where, f"({column.name} <> 0)"])
        least, most = sketch.keep("min", column.name, cell), self._keep("max", column.name)
        box = f"coalesce(greatest({sides[0]}, {sides[1]}) * {TILE_KM!r}::DOUBLE + {_ROUNDING_KM!r}::DOUBLE, 0)"
        return "0", f"(CASE WHEN {least} IS NULL OR {least} = {most} THEN 0 ELSE {box} END)"

    def _keep(self, function: str, value: str) -> str:
        return self.lifter.sketch.keep(function, value, self.where)

    def _value(self, part: Aggregate) -> str:
        return "1" if part.of is None else emit_sql.scalar(part.of, self.lifter.record)

    def _column(self, part: Aggregate) -> Column:
        if not isinstance(part.of, Column):
            raise TypeError(part)
        return part.of


def _keeps_exactly(part: Aggregate) -> bool:
    """Whether one GROUP BY gives its value, not a bound."""
    return part.function not in {"count_distinct", "span_km"}


def _lifts_exactly(atoms: Disjunct) -> bool:
    mixed = [atom for atom in atoms if len(tree.homes(atom)) > 1]
    if not mixed:
        return True
    only = mixed[0]
    if len(mixed) > 1 or not isinstance(only, Compare) or only.operator == "=":
        return False
    return {tree.homes(only.left), tree.homes(only.right)} == {frozenset({Home.RECORD}), frozenset({Home.PROFILE})}


def _ends(operator: tree.Comparison) -> frozenset[str]:
    if operator in {"<>", "="}:
        return frozenset({"min", "max"})
    return frozenset({"min"}) if operator in {"<", "<="} else frozenset({"max"})


def _possible(operator: tree.Comparison, left: Bounds, right: Bounds) -> str:
    """Where the comparison holds for some value within the bounds."""
    (least, most), (low, high) = left, right
    if operator in {">", ">="}:
        return "TRUE" if most is None or low is None else f"({most} {operator} {low})"
    if operator in {"<", "<="}:
        return "TRUE" if least is None or high is None else f"({least} {operator} {high})"
    if None in {least, most, low, high}:
        return "TRUE"
    if operator == "=":
        return f"({least} <= {high} AND {most} >= {low})"
    return f"({least} <> {low})" if least == most and low == high else "TRUE"


def _arithmetic(operator: tree.Operator, left: Bounds, right: Bounds) -> Bounds:
    if operator == "*":
        exact = left[0] == left[1] and right[0] == right[1]
        made = _joined(left[0], "*", right[0]) if exact else None
        return made, made
    if operator == "+":
        return _joined(left[0], "+", right[0]), _joined(left[1], "+", right[1])
    return _joined(left[0], "-", right[1]), _joined(left[1], "-", right[0])


def _joined(left: str | None, operator: str, right: str | None) -> str | None:
    if left is None or right is None:
        return None
    kind = "DOUBLE" if "DOUBLE" in left + right else "HUGEINT"
    return f"({left}::{kind} {operator} {right}::{kind})"
