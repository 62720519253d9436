"""How the stock of cards develops (发展类统计): by state, operator, class, region and time of joining. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, Protocol, TypeAlias

from tallyward.kernel.actor import Scope
from tallyward.kernel.ids import AreaId, EnterpriseId
from tallyward.registry.inspection_period import Period
from tallyward.registry.model import RealName

Step: TypeAlias = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class CardSlice:
    """Cards of one operator, class and home area; None means all."""

    operator: EnterpriseId | None = None
    card_class: int | None = None
    area: AreaId | None = None


@dataclass(frozen=True, slots=True)
class StockGroup:
    """So many cards alike; `area` 0 where the home is not known."""

    operator: EnterpriseId
    card_class: int
    area: AreaId
    state: RealName
    cards: int


@dataclass(frozen=True, slots=True)
class Stock:
    """Cards of now, counted along each side."""

    total: int = 0
    undated: int = 0
    by_state: Mapping[RealName, int] = field(default_factory=dict)
    by_operator: Mapping[EnterpriseId, int] = field(default_factory=dict)
    by_class: Mapping[int, int] = field(default_factory=dict)
    by_area: Mapping[AreaId, int] = field(default_factory=dict)


class DevelopmentStore(Protocol):
    """Counts of cards that a scope may see; counted anew only when the registry has changed."""

    def stock(self, scope: Scope, wanted: CardSlice) -> Stock:
        """All cards of the slice."""
        ...

    def joined(self, scope: Scope, wanted: CardSlice, period: Period) -> Mapping[date, int]:
        """Cards that joined, by UTC day; days without any are left out. Dates that nobody told do not count."""
        ...

    def assumed(self, scope: Scope, wanted: CardSlice, period: Period) -> int:
        """Cards in the period whose date of joining was only assumed: the time of their import."""
        ...


def stock_of(groups: Iterable[StockGroup], undated: int) -> Stock:
    """Each side's sums."""
    states: Counter[RealName] = Counter()
    operators: Counter[EnterpriseId] = Counter()
    classes: Counter[int] = Counter()
    areas: Counter[AreaId] = Counter()
    for group in groups:
        states[group.state] += group.cards
        operators[group.operator] += group.cards
        classes[group.card_class] += group.cards
        areas[group.area] += group.cards
    return Stock(states.total(), undated, states, operators, classes, areas)


def steps_of(days: Mapping[date, int], period: Period, step: Step) -> dict[date, int]:
    """Sums by the first day of each step, in order, those without a card as 0."""
    found: dict[date, int] = {}
    day = period.since
    while day <= period.until:
        first = first_of(day, step)
        found[first] = found.get(first, 0) + days.get(day, 0)
        day += timedelta(days=1)
    return found


def first_of(day: date, step: Step) -> date:
    """The first day of the week (Monday) or month that holds a day."""
    if step == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step == "week" else day
