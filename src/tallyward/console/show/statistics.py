"""Statistics as answers: numbers get their names, the largest come first."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from tallyward.console.look_up import LookUp
from tallyward.console.views.shared import Words
from tallyward.console.views.statistics import (
    CardCount,
    CardStatistics,
    DayCount,
    IncidentStatistics,
    NamedTally,
    RuleTally,
    StepCount,
    TallyFields,
)
from tallyward.incidents.statistics import SecurityCounts, Tally
from tallyward.kernel.ids import AreaId, EnterpriseId
from tallyward.registry.development import Step, Stock, steps_of
from tallyward.registry.inspection_period import Period
from tallyward.registry.model import RealName

Side = TypeVar("Side")
_UNKNOWN: Final = Words(en="not known", zh_cn="未知")


def card_statistics(
    look_up: LookUp, stock: Stock, joined: Mapping[date, int], assumed: int, period: Period, step: Step
) -> CardStatistics:
    """The stock, who joined, and how many are only assumed to have."""
    return CardStatistics(
        since=period.since,
        until=period.until,
        total=stock.total,
        undated=stock.undated,
        real_name={state.value: stock.by_state.get(state, 0) for state in RealName},
        by_operator=_counts(stock.by_operator, lambda number: operator_name(look_up, number)),
        by_class=_counts(stock.by_class, lambda number: class_name(look_up, number)),
        by_area=_counts(stock.by_area, lambda number: area_name(look_up, number)),
        joined=sum(joined.values()),
        assumed=assumed,
        joined_by_step=[StepCount(since=day, cards=cards) for day, cards in steps_of(joined, period, step).items()],
    )


def incident_statistics(
    look_up: LookUp, counts: SecurityCounts, since: date, until: date, age_seconds: int
) -> IncidentStatistics:
    """Incidents along each side; every day of the period is named."""
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return IncidentStatistics(
        since=since,
        until=until,
        total=TallyFields(**_fields(counts.all)),
        by_rule=[
            RuleTally(rule=rule, title=look_up.rule_title(rule), **_fields(tally))
            for rule, tally in _largest(counts.by_rule)
        ],
        by_operator=_tallies(counts.by_operator, lambda number: operator_name(look_up, number)),
        by_class=_tallies(counts.by_class, lambda number: class_name(look_up, number)),
        by_area=_tallies(counts.by_area, lambda number: area_name(look_up, number)),
        by_day=[
            DayCount(day=day, new=counts.by_day.get(day, 0), closed=counts.closed_by_day.get(day, 0)) for day in days
        ],
        seconds_to_act=counts.seconds_to_act,
        seconds_to_resolve=counts.seconds_to_resolve,
        age_seconds=age_seconds,
    )


def operator_name(look_up: LookUp, operator: EnterpriseId) -> tuple[str, Words]:
    """(code, title)."""
    if not operator:
        return "", _UNKNOWN
    found = look_up.enterprise(operator)
    return found.code, Words(en=found.name, zh_cn=found.name)


def class_name(look_up: LookUp, number: int) -> tuple[str, Words]:
    """(code, title)."""
    if not number:
        return "", _UNKNOWN
    found = look_up.card_class(number)
    return found.code, found.title


def area_name(look_up: LookUp, area: AreaId) -> tuple[str, Words]:
    """(code, title)."""
    found = look_up.area(area)
    return ("", _UNKNOWN) if found is None else (found.code, found.title)


def _counts(side: Mapping[Side, int], name: Callable[[Side], tuple[str, Words]]) -> list[CardCount]:
    named = [(*name(key), cards) for key, cards in side.items()]
    rows = [CardCount(code=code, title=title, cards=cards) for code, title, cards in named]
    return sorted(rows, key=lambda row: (-row.cards, row.code))


def _tallies(side: Mapping[Side, Tally], name: Callable[[Side], tuple[str, Words]]) -> list[NamedTally]:
    named = [(*name(key), tally) for key, tally in _largest(side)]
    return [NamedTally(code=code, title=title, **_fields(tally)) for code, title, tally in named]


def _largest(side: Mapping[Side, Tally]) -> list[tuple[Side, Tally]]:
    return sorted(side.items(), key=lambda one: (-one[1].new, str(one[0])))


def _fields(tally: Tally) -> dict[str, Any]:
    return {
        "new": tally.new,
        "open": tally.open,
        "resolved": tally.resolved,
        "false_positive": tally.false_positive,
        "false_positive_share": tally.false_positive_share,
    }
