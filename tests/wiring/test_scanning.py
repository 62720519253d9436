from datetime import UTC, datetime

from tallyward.kernel.clock import FixedClock
from tallyward.wiring.demo import Demo
from tallyward.wiring.platform import Platform
from tallyward.wiring.scanning import QUIET


def test_only_what_changed_is_scanned_again(fleet: Demo, platform: Platform) -> None:
    days = platform.records.days()
    first = platform.scanning.scan_changes()
    assert [scanned.report.day for scanned in first] == list(days)
    assert sum(scanned.absorbed.opened for scanned in first) > 0
    assert platform.scanning.scan_changes() == []


def test_a_past_day_is_read_as_a_whole_once_its_records_have_stopped_coming(fleet: Demo, platform: Platform) -> None:
    clock = FixedClock(datetime(2026, 3, 9, tzinfo=UTC))
    scanning = platform.scanning
    scanning._clock = clock
    scanning.scan_changes()
    assert scanning.close_quiet_days() == []
    clock.set(clock.now() + QUIET)
    assert {scanned.report.day for scanned in scanning.close_quiet_days()} == set(platform.records.days())
    assert scanning.close_quiet_days() == []


def test_a_scan_again_opens_nothing_and_is_remembered(fleet: Demo, platform: Platform) -> None:
    day = platform.records.days()[0]
    first = platform.scanning.scan(day)
    second = platform.scanning.scan(day)
    assert second.absorbed.opened == second.absorbed.joined == 0
    assert second.absorbed.unchanged == len(first.report.findings)
    last = platform.scan_log.last()
    assert last is not None
    assert (last.day, last.complete) == (day, True)


def test_what_comes_is_followed_and_opens_the_incidents_that_the_traversal_would(
    fleet: Demo, platform: Platform
) -> None:
    scanning = platform.scanning
    (day,) = [one for one in platform.records.days() if one == fleet._plan.day]
    scanning._clock = FixedClock(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    absorbed = scanning.follow()
    assert sum(one.opened for one in absorbed) > 0
    assert scanning.follow() == []
    traversed = scanning.scan(day).absorbed
    unknown = [one for one in scanning.scan(day).report.findings if str(one.rule).startswith("R0")]
    assert traversed.opened <= len(unknown), "of known cards nothing is opened that was not opened live"
    assert scanning.scan(day).absorbed.opened == 0


def test_old_days_are_left_to_the_traversal(fleet: Demo, platform: Platform) -> None:
    platform.scanning._clock = FixedClock(datetime(2040, 1, 1, tzinfo=UTC))
    assert platform.scanning.follow() == []
