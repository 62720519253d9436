"""When the ledger is judged, and what becomes of it."""

from datetime import timedelta

import pytest

from tallyward.detect.whitelist import Reach
from tallyward.detect.whitelisting import NewEntry
from tallyward.incidents.model import IncidentFilter
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.ids import RuleId
from tallyward.kernel.paging import PageRequest
from tallyward.wiring.custody.risk import STALE
from tallyward.wiring.platform import Platform
from tests.wiring.conftest import Sold

RULE = RuleId("C1.custody_break")


def test_without_a_ledger_there_is_nothing_to_judge(platform: Platform) -> None:
    assert platform.custody_risk.run() is None
    assert platform.custody_risk.look() is None
    assert platform.custody_risk.log.last() is None


def test_each_finding_is_one_incident_however_often_it_is_judged(sold: Sold) -> None:
    platform = sold.platform
    judged = platform.custody_risk.run()
    assert judged
    before = platform.incidents.page(PLATFORM, IncidentFilter(rule=RULE), PageRequest(200)).rows
    assert len(before) == judged.report.findings == judged.report.incidents > 10
    assert any(one.owners.operator for one in before)
    assert platform.custody_risk.run()
    again = platform.incidents.page(PLATFORM, IncidentFilter(rule=RULE), PageRequest(200)).rows
    assert again == before
    detail = platform.incidents.get(PLATFORM, before[0].id)
    assert detail.explanation["zh-CN"].normal.startswith("建议")
    assert platform.custody_risk.log.last() is not None


def test_it_looks_again_where_something_has_changed_or_time_has_passed(
    sold: Sold, monkeypatch: pytest.MonkeyPatch
) -> None:
    risk, clock = sold.platform.custody_risk, FixedClock(sold.platform.clock.now())
    monkeypatch.setattr(risk, "_clock", clock)
    assert risk.run()
    assert risk.look() is None
    clock.set(clock.now() + STALE)
    assert risk.look()
    assert risk.look() is None
    monkeypatch.setattr(sold.platform.records, "version", lambda: 10_000)
    assert risk.look()


def test_what_is_whitelisted_opens_nothing_and_is_counted(sold: Sold) -> None:
    platform = sold.platform
    judged = platform.custody_risk.run()
    assert judged
    number = next(one for one in judged.numbers if one)
    until = platform.clock.now() + timedelta(days=1)
    entry = platform.whitelist.add(PLATFORM, NewEntry(RULE, Reach.CARD, number, "trial of the maker", until))
    held = platform.custody_risk.run()
    assert held
    platform.whitelist.remove(PLATFORM, entry.id)
    assert (held.report.whitelisted, held.report.findings) == (1, judged.report.findings)
