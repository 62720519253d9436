from datetime import date, timedelta

from tallyward.console.look_up import LookUp
from tallyward.console.show.statistics import area_name, card_statistics, class_name, incident_statistics, operator_name
from tallyward.incidents.life_cycle import State
from tallyward.incidents.statistics import IncidentGroup, security_of
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import AreaId, EnterpriseId, RuleId
from tallyward.registry.development import Stock
from tallyward.registry.inspection_period import Period
from tallyward.registry.model import RealName
from tests.console.fakes import DAY
from tests.console.house import House


def test_what_is_not_known_is_said_in_both_languages(reading_house: House) -> None:
    look_up = LookUp(reading_house.services, PLATFORM)
    for code, title in (
        operator_name(look_up, EnterpriseId(0)),
        class_name(look_up, 0),
        area_name(look_up, AreaId(0)),
    ):
        assert (code, title.en, title.zh_cn) == ("", "not known", "未知")
    assert operator_name(look_up, EnterpriseId(1))[0] == "alpha-op"
    assert class_name(look_up, 1)[1].zh_cn == "抄表"
    assert area_name(look_up, AreaId(1))[1].en == "Shanghai"


def test_the_largest_come_first(reading_house: House) -> None:
    look_up = LookUp(reading_house.services, PLATFORM)
    stock = Stock(3, 0, {RealName.ACTIVE: 3}, {EnterpriseId(1): 1, EnterpriseId(2): 2}, {1: 3}, {AreaId(1): 3})
    found = card_statistics(look_up, stock, {DAY: 2}, 3, Period(DAY, DAY), "week")
    assert [row.code for row in found.by_operator] == ["beta-op", "alpha-op"]
    assert found.assumed == 3
    assert (found.joined, [row.since for row in found.joined_by_step]) == (2, [date(2026, 3, 2)])
    assert found.real_name["none"] == 0


def test_each_day_of_the_period_is_named(reading_house: House) -> None:
    look_up = LookUp(reading_house.services, PLATFORM)
    groups = [IncidentGroup(RuleId("R1"), EnterpriseId(1), 1, AreaId(1), State.RESOLVED, 2)]
    counts = security_of(groups, {DAY: 2}, {DAY + timedelta(days=1): 2}, 1.5, 2.5)
    found = incident_statistics(look_up, counts, DAY - timedelta(days=1), DAY + timedelta(days=1), 30)
    assert [(row.new, row.closed) for row in found.by_day] == [(0, 0), (2, 0), (0, 2)]
    assert found.by_rule[0].title.en != "R1"
    assert found.total.false_positive_share == 0.0
