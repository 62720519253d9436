"""A rule judged record by record in plain Python: what the tests of a rule run on, and what the traversal is held to.

Slow and obvious on purpose. It shares the checked tree with the compiler and nothing else: absence is SQL's unknown
here (Kleene's three values), carried to the root of a condition, and only there found or not found by `missing`.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from tallyward.detect.cards import tree
from tallyward.detect.cards.rule import Fault
from tallyward.detect.cards.tree import Aggregate, Predicate, Scalar
from tallyward.detect.cards.vocabulary import Column, Home
from tallyward.records.schema import KM_PER_DEGREE
from tallyward.registry.profile_schema import CLASS_COLUMN

Row: TypeAlias = Mapping[str, int | None]
Value: TypeAlias = int | float | None

_COMPARE: Final[dict[tree.Comparison, Callable[[float, float], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMBINE: Final[dict[tree.Operator, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


@dataclass(frozen=True, slots=True)
class World:
    """What stands beside records and profile. `earlier`: the records of the card on earlier days of the month."""

    on_list: Callable[[int, int], bool]
    prone: frozenset[int] = frozenset()
    places: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    earlier: Sequence[Row] = ()


def counted_records(fault: Fault, profile: Row, records: Sequence[Row], world: World) -> list[Row]:
    """The records that meet the fault's record condition."""
    return [
        record for record in records if _settle(truth(fault.record, _Sight(profile, record, (), world)), fault) is True
    ]


def holds(fault: Fault, profile: Row, records: Sequence[Row], world: World) -> bool:
    """Whether the fault holds for a card's day; a fault that counts cards by another key never does on its own."""
    if fault.across is not None:
        return False
    own = counted_records(fault, profile, records, world)
    return bool(own) and _settle(truth(fault.card, _Sight(profile, None, own, world)), fault)


def keys(fault: Fault, profile: Row, records: Sequence[Row], world: World) -> set[int]:
    """The values of the second key under which a card counts."""
    if fault.across is None or not _settle(truth(fault.card, _Sight(profile, None, (), world)), fault):
        return set()
    name = fault.across.key.name
    return {record[name] or 0 for record in counted_records(fault, profile, records, world)} - {0}


def observed(fault: Fault, profile: Row, records: Sequence[Row], world: World) -> Value:
    """The value of what the fault shows, where that is an aggregate."""
    own = counted_records(fault, profile, records, world)
    return _value(fault.observed, _Sight(profile, None, own, world))


@dataclass(frozen=True, slots=True)
class _Sight:
    profile: Row
    record: Row | None
    records: Sequence[Row]
    world: World


def _settle(found: bool | None, fault: Fault) -> bool:  # noqa: FBT001 - Kleene's three values
    return fault.missing == "fire" if found is None else found


def truth(node: Predicate, sight: _Sight) -> bool | None:
    """TRUE, FALSE or unknown."""
    match node:
        case tree.And(parts=parts):
            found = [truth(part, sight) for part in parts]
            return False if False in found else (None if None in found else True)
        case tree.Or(parts=parts):
            found = [truth(part, sight) for part in parts]
            return True if True in found else (None if None in found else False)
        case tree.Not(part=part):
            inner = truth(part, sight)
            return None if inner is None else not inner
        case tree.Always(value=value):
            return value
        case tree.Present(column=column, negated=negated):
            return (_value(column, sight) is None) == negated
        case tree.Counted():
            raise TypeError(node)
    return _known(node, sight)


def _known(node: tree.Compare | tree.OnList | tree.Prone, sight: _Sight) -> bool | None:
    match node:
        case tree.Compare(operator=name, left=left, right=right):
            first, second = _value(left, sight), _value(right, sight)
            return None if first is None or second is None else _COMPARE[name](first, second)
        case tree.Prone(area=column, negated=negated):
            area = _value(column, sight)
            return None if area is None else (area in sight.world.prone) != negated
        case tree.OnList(list=column, peer=peer, negated=negated):
            group, code = _value(column, sight), _value(peer, sight)
            if group is None or code is None:
                return None
            return sight.world.on_list(int(group), int(code)) != negated


def _value(node: Scalar, sight: _Sight) -> Value:
    match node:
        case tree.Number(value=value):
            return value
        case tree.Arithmetic(operator=name, left=left, right=right):
            first, second = _value(left, sight), _value(right, sight)
            return None if first is None or second is None else _COMBINE[name](first, second)
        case Aggregate():
            return _aggregate(node, sight)
        case Column():
            return _column(node, sight)


def _column(column: Column, sight: _Sight) -> Value:
    if column.home is Home.LIMIT:
        own = sight.profile.get(column.name)
        usual = dict(column.by_class).get(sight.profile.get(CLASS_COLUMN) or 0, column.default)
        return usual if own is None else own
    row = sight.record if column.home is Home.RECORD else sight.profile
    found = row[column.name] if row is not None else None
    return None if column.absent and found == 0 else found


def _aggregate(part: Aggregate, sight: _Sight) -> Value:
    if part.of is None:
        if part.function == "active_hours":
            return len({(row["ts"] or 0) // 3600 for row in sight.records})
        return len(sight.records)
    rows: Sequence[Row] = sight.records
    if part.function == "month_sum":
        rows = [*rows, *sight.world.earlier]
    values = [_value(part.of, _Sight(sight.profile, row, (), sight.world)) for row in rows]
    known = [value for value in values if value is not None]
    if part.function == "peak_sum":
        return _peak(
            [((row["ts"] or 0) // 3600 % 24, value or 0) for row, value in zip(rows, values, strict=True)], part
        )
    return _joined(part, known, sight)


def _joined(part: Aggregate, known: list[int | float], sight: _Sight) -> Value:
    match part.function:
        case "sum" | "month_sum":
            return sum(known)
        case "min":
            return min(known)
        case "max":
            return max(known)
        case "count_distinct":
            return len(set(known)) or None
    return span_km([int(cell) for cell in known], sight.world.places) if known else None


def _peak(by_hour: Sequence[tuple[int, float]], part: Aggregate) -> float:
    """The largest sum of so many clock hours in a row."""
    windows = (range(first, first + part.hours) for first in range(25 - part.hours))
    return max(sum(value for hour, value in by_hour if hour in window) for window in windows)


def span_km(cells: Sequence[int], places: Mapping[int, tuple[float, float]]) -> float:
    """The longer side in km of the box around the known ones of these cells; 0 where none is known."""
    found = [places[cell] for cell in cells if cell in places]
    if not found:
        return 0.0
    latitudes = [latitude for latitude, _ in found]
    east = [longitude + 360 if longitude < 0 else longitude for _, longitude in found]
    wide = min(_width([longitude for _, longitude in found]), _width(east))
    middle = (max(latitudes) + min(latitudes)) / 2
    return max(_width(latitudes) * KM_PER_DEGREE, wide * KM_PER_DEGREE * math.cos(math.radians(middle)))


def _width(values: Sequence[float]) -> float:
    return max(values) - min(values)
