from datetime import timedelta

import pytest

from tallyward.incidents.adapters.sql_incidents import SqlIncidents
from tallyward.incidents.adapters.sql_statistics import SqlSecurity
from tallyward.incidents.life_cycle import Event
from tallyward.incidents.service import IncidentService
from tallyward.incidents.statistics import IncidentSlice, Tally
from tallyward.kernel.actor import EVERYTHING, PLATFORM, Scope
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.ids import AreaId, CardId, EnterpriseId, IncidentId
from tallyward.registry.adapters.sql_audit import write_audit
from tests.incidents.making import DAY, EVENING, HOLDER, OTHER_OPERATOR, make_finding, owners
from tests.registry.world import World

ALL = IncidentSlice(DAY, DAY)


@pytest.fixture
def security(world: World) -> SqlSecurity:
    """Six incidents of yesterday and one of the day before: three acted on after 10, 20, 60 minutes."""
    world.take_all()
    clock = FixedClock(EVENING)
    service = IncidentService(SqlIncidents(world.sessions, write_audit), owners, clock)
    service.absorb([make_finding(card, rule) for card in (1, 2, 3) for rule in ("R1", "R7")])
    service.absorb([make_finding(1, "R1", day=DAY - timedelta(days=1))])
    for number, (minutes, event) in enumerate(
        ((10, Event.ACKNOWLEDGE), (20, Event.RESOLVE), (60, Event.MARK_FALSE_POSITIVE)), 1
    ):
        clock.set(EVENING + timedelta(minutes=minutes))
        service.act(PLATFORM, IncidentId(number), event, "seen")
    clock.set(EVENING + timedelta(days=1))
    service.act(PLATFORM, IncidentId(1), Event.RESOLVE)
    return SqlSecurity(world.sessions)


def test_the_cohort_of_a_period(security: SqlSecurity) -> None:
    counts = security.security(EVERYTHING, ALL)
    assert counts.all == Tally(new=6, open=3, resolved=2, false_positive=1)
    assert sum(tally.new for tally in counts.by_rule.values()) == 6
    assert counts.by_day == {DAY: 6}
    assert counts.closed_by_day == {DAY: 2, DAY + timedelta(days=1): 1}
    assert counts.seconds_to_act == 20 * 60
    assert counts.seconds_to_resolve == (20 * 60 + 86_400) / 2
    two_days = security.security(EVERYTHING, IncidentSlice(DAY - timedelta(days=1), DAY))
    assert two_days.all.new == 7


def test_filters_are_those_of_the_incident_and_its_card(security: SqlSecurity, world: World) -> None:
    assert security.security(EVERYTHING, IncidentSlice(DAY, DAY, operator=OTHER_OPERATOR)).all.new == 2
    assert security.security(EVERYTHING, IncidentSlice(DAY, DAY, area=AreaId(5))).all.new == 6
    assert security.security(EVERYTHING, IncidentSlice(DAY, DAY, area=AreaId(4))).all == Tally()
    meter = next(one.id for one in world.registry.card_classes() if one.code == "meter")
    of_class = security.security(EVERYTHING, IncidentSlice(DAY, DAY, card_class=meter))
    assert of_class.all.new == 4  # cards 1 and 3
    assert list(of_class.by_class) == [meter]
    assert world.registry.card(PLATFORM, CardId(2)).card_class != meter


def test_each_counts_what_she_may_see(security: SqlSecurity) -> None:
    assert security.security(Scope(HOLDER), ALL).all.new == 4
    assert security.security(Scope(EnterpriseId(77)), ALL).all == Tally()
    assert security.security(Scope(EnterpriseId(77)), ALL).seconds_to_act is None


def test_an_answer_is_kept_for_a_short_time(security: SqlSecurity) -> None:
    assert security.security(EVERYTHING, ALL) is security.security(EVERYTHING, IncidentSlice(DAY, DAY))
