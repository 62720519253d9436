"""Security statistics (安全类统计): the incidents observed in a period, what became of them, and how soon. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from tallyward.incidents.life_cycle import CLOSED, State
from tallyward.kernel.actor import Scope
from tallyward.kernel.ids import AreaId, EnterpriseId, RuleId

Side = TypeVar("Side")


@dataclass(frozen=True, slots=True)
class IncidentSlice:
    """Incidents observed from `since` to `until` (UTC days, both included); None means all.

    `area` is where they were recorded, `card_class` that of their card.
    """

    since: date
    until: date
    operator: EnterpriseId | None = None
    card_class: int | None = None
    area: AreaId | None = None


@dataclass(frozen=True, slots=True)
class IncidentGroup:
    """So many incidents alike; `operator`, `card_class` and `area` are 0 where not known."""

    rule: RuleId
    operator: EnterpriseId
    card_class: int
    area: AreaId
    state: State
    number: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some incidents."""

    new: int = 0
    open: int = 0
    resolved: int = 0
    false_positive: int = 0

    def plus(self, state: State, number: int) -> "Tally":
        """With some more."""
        return Tally(
            self.new + number,
            self.open + (0 if state in CLOSED else number),
            self.resolved + (number if state is State.RESOLVED else 0),
            self.false_positive + (number if state is State.FALSE_POSITIVE else 0),
        )

    @property
    def false_positive_share(self) -> float | None:
        """False positives of the closed; None where none is closed."""
        closed = self.resolved + self.false_positive
        return self.false_positive / closed if closed else None


@dataclass(frozen=True, slots=True)
class SecurityCounts:
    """Incidents of a slice along each side. Medians are seconds from opening, None where nobody has acted yet."""

    all: Tally = Tally()
    by_rule: Mapping[RuleId, Tally] = field(default_factory=dict)
    by_operator: Mapping[EnterpriseId, Tally] = field(default_factory=dict)
    by_class: Mapping[int, Tally] = field(default_factory=dict)
    by_area: Mapping[AreaId, Tally] = field(default_factory=dict)
    by_day: Mapping[date, int] = field(default_factory=dict)
    closed_by_day: Mapping[date, int] = field(default_factory=dict)
    seconds_to_act: float | None = None
    seconds_to_resolve: float | None = None


class SecurityStore(Protocol):
    """Counts of the incidents that a scope may see."""

    def security(self, scope: Scope, wanted: IncidentSlice) -> SecurityCounts:
        """The slice, counted."""
        ...


def security_of(
    groups: Iterable[IncidentGroup],
    by_day: Mapping[date, int],
    closed_by_day: Mapping[date, int],
    seconds_to_act: float | None,
    seconds_to_resolve: float | None,
) -> SecurityCounts:
    """Each side's sums."""
    total = Tally()
    rules: dict[RuleId, Tally] = {}
    operators: dict[EnterpriseId, Tally] = {}
    classes: dict[int, Tally] = {}
    areas: dict[AreaId, Tally] = {}
    for group in groups:
        total = total.plus(group.state, group.number)
        _add(rules, group.rule, group)
        _add(operators, group.operator, group)
        _add(classes, group.card_class, group)
        _add(areas, group.area, group)
    return SecurityCounts(
        total, rules, operators, classes, areas, by_day, closed_by_day, seconds_to_act, seconds_to_resolve
    )


def _add(side: dict[Side, Tally], key: Side, group: IncidentGroup) -> None:
    side[key] = side.get(key, Tally()).plus(group.state, group.number)


def median(middle: Iterable[int]) -> float | None:
    """Of sorted numbers the mean of the one or two in the middle, which are given; None where there are none."""
    numbers = list(middle)
    return sum(numbers) / len(numbers) if numbers else None
