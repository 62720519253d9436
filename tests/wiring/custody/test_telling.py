"""What people confirm counts on the ledger, once; what they call false does not."""

from tallyward.incidents.life_cycle import Event
from tallyward.incidents.model import IncidentFilter
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import RuleId
from tallyward.kernel.paging import PageRequest
from tallyward.wiring.custody.ledger import open_custody
from tallyward.wiring.custody.telling import CustodyTelling
from tallyward.wiring.demo import Demo
from tallyward.wiring.platform import Platform
from tests.wiring.conftest import PLAN, Quiet


def telling(platform: Platform) -> CustodyTelling:
    return CustodyTelling(platform.settings, platform.registry, platform.incidents, platform.clock)


def test_resolved_misuse_costs_its_holder_credit_once(platform: Platform) -> None:
    demo = Demo(platform, PLAN)
    source = demo.import_fleet(Quiet())
    assert telling(platform).tell() == 0
    assert demo.write_ledger(Quiet())
    assert demo.take_day(source, Quiet(), lambda _seconds: False)
    platform.custody_risk.run()
    rule = RuleId("C1.custody_break")
    found = [
        one
        for one in platform.incidents.page(PLATFORM, IncidentFilter(rule=rule), PageRequest(200)).rows
        if one.card and "stock_in_use" in platform.incidents.get(PLATFORM, one.id).measures[0].name
    ]
    confirmed, false = found[0], found[1]
    platform.incidents.act(PLATFORM, confirmed.id, Event.RESOLVE)
    platform.incidents.act(PLATFORM, false.id, Event.MARK_FALSE_POSITIVE, "a trial of the maker")
    teller = telling(platform)
    assert (teller.tell(), teller.tell(), telling(platform).tell()) == (1, 0, 0)
    with open_custody(platform.settings, platform.clock) as opened:
        (row,) = opened.service.state.incidents.rows.values()
        assert row.rule == "stock_in_use"
        ((lot, start, _, holder, _),) = row.parts
        member = opened.service.state.members_by_number[holder]
        way = opened.service.trace(f"{opened.service.state.lots_by_number[lot]}:{start}")
        assert member == way.steps[-1].link.holder
        credit, _ = opened.service.credit(member, member)
        lost = {one.code: one.points for one in credit.reasons}
        assert lost["unregistered"] < 0
