from datetime import UTC, datetime, timedelta

from tallyward.detect.whitelist import Reach
from tallyward.detect.whitelisting import NewEntry
from tallyward.incidents.model import IncidentFilter
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.ids import RuleId
from tallyward.kernel.paging import PageRequest
from tallyward.wiring.demo import Demo
from tallyward.wiring.detection import load_rules
from tallyward.wiring.platform import Platform
from tallyward.wiring.settings import read_settings
from tests.detect.keeping import peers


def test_the_shipped_rules_load() -> None:
    assert len(load_rules(read_settings()).rules) == 7


def opened(platform: Platform, rule: str) -> int:
    wanted = IncidentFilter(rule=RuleId(rule))
    return len(platform.incidents.page(PLATFORM, wanted, PageRequest(500)).rows)


def test_a_running_live_scan_takes_up_a_promoted_rule_without_new_records(fleet: Demo, platform: Platform) -> None:
    day = fleet._plan.day
    platform.scanning._clock = FixedClock(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    platform.scanning.follow()
    assert opened(platform, "P1") == 0
    platform.rules.promote(PLATFORM, peers(0))
    platform.scanning.follow()
    assert opened(platform, "P1") > 0
    assert platform.scanning.follow() == []


def test_live_whitelisted_findings_open_no_incident_until_the_entry_is_removed(fleet: Demo, platform: Platform) -> None:
    day = fleet._plan.day
    platform.scanning._clock = FixedClock(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    until = datetime.now(UTC) + timedelta(days=1)
    for one in platform.registry.enterprises(PLATFORM):
        platform.whitelist.add(PLATFORM, NewEntry(RuleId("R6"), Reach.ENTERPRISE, one.code, "trial", until))
    done = platform.scanning.follow()
    assert sum(one.whitelisted for one in done) > 0
    assert opened(platform, "R6") == 0
    for entry in platform.whitelist.entries(PLATFORM):
        platform.whitelist.remove(PLATFORM, entry.id)
    platform.scanning.follow()
    assert opened(platform, "R6") > 0
