"""The situation page."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends

from tallyward.console.look_up import LookUp
from tallyward.console.ports import Records
from tallyward.console.services import ConsoleServices
from tallyward.console.show.sources import sees_all, source_row, visible
from tallyward.console.show.traversal import coverage
from tallyward.console.views.shared import Words
from tallyward.console.views.situation import (
    AreaTotals,
    CardTotals,
    IncidentTotals,
    RecordTotals,
    RuleTotals,
    Situation,
    TerminalTotals,
)
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.incidents.model import Counts, OpenAndTotal
from tallyward.registry.model import RealName

router = APIRouter(prefix="/api/v1", tags=["situation"])


@router.get("/situation", operation_id="getSituation")
def get_situation(visitor: Annotated[Visitor, Depends(Needs("read", "situation"))], services: Services) -> Situation:
    """The state of everything the visitor may see."""
    actor = visitor.actor
    look_up = LookUp(services, actor)
    sources = services.records.sources()
    cards, terminals = services.registry.count_cards(actor), services.registry.count_terminals(actor)
    incidents = services.incidents.counts(actor)
    day = newest_day(services)
    whole = sees_all(actor.scope, sources)
    last = services.scans.last() if whole else None
    return Situation(
        day=day,
        cards=CardTotals(
            total=cards.total, real_name={state.value: cards.by_real_name.get(state, 0) for state in RealName}
        ),
        terminals=TerminalTotals(
            total=terminals.total, by_access={access.value: n for access, n in terminals.by_access.items()}
        ),
        incidents=_incidents(incidents, look_up),
        records=_records(services.records, day) if whole else None,
        areas=_areas(look_up, cards.by_area, incidents),
        sources=[source_row(look_up, source) for source in visible(actor.scope, sources)],
        coverage=coverage(last, services.records.refused(last.day)) if last else None,
    )


def newest_day(services: ConsoleServices) -> date:
    """The newest day with records; today where there are none."""
    days = services.records.days()
    return days[-1] if days else services.clock.now().date()


def _records(records: Records, day: date) -> RecordTotals:
    hours = list(records.hours(day)) if day in records.days() else [0] * 24
    return RecordTotals(total=sum(hours), by_hour=hours)


def _incidents(counts: Counts, look_up: LookUp) -> IncidentTotals:
    """Rules in force come first, each even without incidents; then rules of the past that left some."""
    severities = dict.fromkeys(counts.by_rule, "low") | look_up.rules()
    ids = [*look_up.rules(), *(rule for rule in counts.by_rule if rule not in look_up.rules())]
    return IncidentTotals(
        open=counts.open,
        total=counts.total,
        by_state={state.value: number for state, number in counts.by_state.items()},
        by_rule=[
            RuleTotals(
                rule=rule,
                title=look_up.rule_title(rule),
                severity=severities[rule],
                open=counts.by_rule.get(rule, OpenAndTotal()).open,
                total=counts.by_rule.get(rule, OpenAndTotal()).total,
            )
            for rule in ids
        ],
    )


def _areas(look_up: LookUp, cards: dict[str, int], incidents: Counts) -> list[AreaTotals]:
    return [
        AreaTotals(
            code=area.code,
            title=Words(en=area.title_en, zh_cn=area.title_zh),
            fraud_prone=area.fraud_prone,
            cards=cards.get(area.code, 0),
            incidents=incidents.by_area.get(area.id, 0),
        )
        for area in look_up.areas.values()
    ]
