"""Statistics: development of the stock of cards, and security, by operator, class, region and time."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query

from tallyward.console.look_up import LookUp
from tallyward.console.services import ConsoleServices
from tallyward.console.show.statistics import card_statistics, incident_statistics
from tallyward.console.views.statistics import CardStatistics, IncidentStatistics
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.incidents.statistics import IncidentSlice
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import AreaId, EnterpriseId
from tallyward.registry.development import CardSlice, Step
from tallyward.registry.inspection_period import Period

router = APIRouter(prefix="/api/v1/statistics", tags=["situation"])
Reader = Annotated[Visitor, Depends(Needs("read", "situation"))]
MOST_DAYS: Final = 400
_USUAL_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class _Asked:
    """The filters that both statistics share."""

    since: Annotated[date | None, Query(description="first day, UTC; 30 days before `until` if left out")] = None
    until: Annotated[date | None, Query(description="last day, UTC; today if left out")] = None
    operator: Annotated[str | None, Query(max_length=64, description="code of an operator")] = None
    card_class: Annotated[str | None, Query(max_length=64, description="code of a card class")] = None
    area: Annotated[str | None, Query(max_length=64, description="code of an area")] = None


Asked = Annotated[_Asked, Depends()]


@router.get("/cards", operation_id="getCardStatistics")
def get_card_statistics(visitor: Reader, services: Services, asked: Asked, step: Step = "week") -> CardStatistics:
    """Cards of now by state, operator, class and home area, and how many of them joined when."""
    look_up = LookUp(services, visitor.actor)
    period, (operator, card_class, area) = _period(services, asked), _sides(look_up, asked)
    wanted, scope = CardSlice(operator, card_class, area), visitor.actor.scope
    store = services.statistics.development
    joined, assumed = store.joined(scope, wanted, period), store.assumed(scope, wanted, period)
    return card_statistics(look_up, store.stock(scope, wanted), joined, assumed, period, step)


@router.get("/incidents", operation_id="getIncidentStatistics")
def get_incident_statistics(visitor: Reader, services: Services, asked: Asked) -> IncidentStatistics:
    """Incidents observed in a period: new, open, closed, by rule, operator, class, area and day; how soon."""
    look_up = LookUp(services, visitor.actor)
    period, sides = _period(services, asked), _sides(look_up, asked)
    wanted = IncidentSlice(period.since, period.until, *sides)
    counts = services.statistics.security.security(visitor.actor.scope, wanted)
    return incident_statistics(look_up, counts, period.since, period.until, services.statistics.age_seconds)


def _period(services: ConsoleServices, asked: _Asked) -> Period:
    until = asked.until or services.clock.now().date()
    if asked.since is None and until.toordinal() <= _USUAL_DAYS:
        raise InvalidError("console.statistics_period", most=MOST_DAYS)
    period = Period(asked.since or until - timedelta(days=_USUAL_DAYS - 1), until)
    if period.since.year < _FIRST_YEAR or (period.until - period.since).days >= MOST_DAYS:
        raise InvalidError("console.statistics_period", most=MOST_DAYS)
    return period


_FIRST_YEAR: Final = 1970


def _sides(look_up: LookUp, asked: _Asked) -> tuple[EnterpriseId | None, int | None, AreaId | None]:
    return (
        look_up.enterprise_by_code(asked.operator) if asked.operator else None,
        _class(look_up, asked.card_class) if asked.card_class else None,
        look_up.area_by_code(asked.area) if asked.area else None,
    )


def _class(look_up: LookUp, code: str) -> int:
    for one in look_up.card_classes.values():
        if one.code == code:
            return one.id
    raise InvalidError("console.class_unknown", code=code)
