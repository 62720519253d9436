import random
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tallyward.incidents.model import IncidentFilter
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.paging import PageRequest
from tallyward.registry.cadence import Cadence
from tallyward.simulate.arrivals import arrivals
from tallyward.wiring.demo import Demo
from tallyward.wiring.platform import Platform, open_platform
from tallyward.wiring.scanning import QUIET
from tallyward.wiring.settings import read_settings
from tests.wiring.conftest import NOON, PLAN, Quiet

Key = tuple[str, str, int, date]


def told(platform: Platform) -> set[Key]:
    """The incidents there are, each of them once."""
    rows = platform.incidents.page(PLATFORM, IncidentFilter(), PageRequest(500)).rows
    keys = [(str(one.rule), one.subject.number, int(one.card), one.day) for one in rows]
    assert 0 < len(keys) == len(set(keys)) < 500
    return set(keys)


def ranks_of(platform: Platform) -> dict[int, int]:
    """The cadence that holds for each card."""
    table = pq.read_table(platform.registry.export_profiles(platform.settings.folder / "profiles").profiles[0])
    return dict(zip(table["card_id"].to_pylist(), table["cadence"].to_pylist(), strict=True))


def cadences_of(keys: set[Key], ranks: dict[int, int]) -> set[Cadence]:
    """The cadences of known cards."""
    return {tuple(Cadence)[ranks[card]] for _, _, card, _ in keys if card}


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
    scanning._clock = FixedClock(NOON)
    assert sum(one.opened for one in scanning.follow()) > 0
    assert scanning.follow() == []
    seen, ranks = told(platform), ranks_of(platform)
    scanning.scan(PLAN.day)
    assert seen == {key for key in told(platform) if ranks.get(key[2]) == Cadence.LIVE.rank}
    assert scanning.scan(PLAN.day).absorbed.opened == 0


def test_live_periodic_and_daily_say_together_what_one_traversal_says_with_a_restart_in_the_middle(
    platform: Platform, tmp_path: Path
) -> None:
    demo, clock = Demo(platform, PLAN), FixedClock(NOON)
    source = demo.import_fleet(Quiet())
    ranks = ranks_of(platform)
    running = platform
    with ExitStack() as stack:
        for number, arrival in enumerate(arrivals(demo._fleet, PLAN.batches), 1):
            platform.records.take_bytes(source, arrival.name, arrival.data)
            if number == 2:  # the first one is gone with all that it kept in memory
                running = stack.enter_context(open_platform(read_settings(home=tmp_path / "home")))
            running.scanning._clock = clock
            running.scanning.follow()
        live = told(platform)
        running.scanning.scan_changes()
        periodic = told(platform)
        clock.set(clock.now() + timedelta(days=2))
        running.scanning.close_quiet_days()
        daily = told(platform)
    assert cadences_of(live, ranks) == {Cadence.LIVE}
    assert cadences_of(periodic - live, ranks) == {Cadence.PERIODIC}
    assert cadences_of(daily - periodic, ranks) == {Cadence.DAILY}
    scan = platform.scan_with(platform.rules.book())
    assert daily == {
        (str(one.rule), one.subject.number, one.card, one.day)
        for day in platform.records.days()
        for one in scan.run(day).findings
    }


def test_old_days_are_left_to_the_traversal(fleet: Demo, platform: Platform) -> None:
    platform.scanning._clock = FixedClock(datetime(2040, 1, 1, tzinfo=UTC))
    assert platform.scanning.follow() == []


@pytest.mark.slow
def test_kill_9_of_the_platform_loses_and_doubles_no_finding_of_any_cadence(tmp_path: Path) -> None:
    home, chance = tmp_path / "home", random.Random(3)
    with open_platform(read_settings(home=home), writing=True) as platform:
        Demo(platform, PLAN).import_fleet(Quiet())
        ranks = ranks_of(platform)
    for steps in (0, 1, 3, 6):
        running = crash_follower(home)
        assert running.stdout is not None
        for _ in range(steps):
            assert running.stdout.readline()
        time.sleep(chance.random() * 0.3)
        running.kill()
        running.communicate()
    running = crash_follower(home)
    said, _ = running.communicate()
    assert (running.returncode, said.split()[-1]) == (0, "scanned")
    with open_platform(read_settings(home=home), writing=True) as platform:
        before = told(platform)
        assert cadences_of(before, ranks) == {Cadence.LIVE, Cadence.PERIODIC}
        platform.scanning._clock = clock = FixedClock(NOON + timedelta(days=2))
        platform.scanning.scan_changes()
        clock.set(clock.now() + QUIET)
        platform.scanning.close_quiet_days()
        scan = platform.scan_with(platform.rules.book())
        found = [one for day in platform.records.days() for one in scan.run(day).findings]
        assert told(platform) == {(str(one.rule), one.subject.number, one.card, one.day) for one in found}
        assert before < told(platform)


def crash_follower(home: Path) -> subprocess.Popen[str]:
    """The program beside this test."""
    command = [sys.executable, "-m", "tests.wiring.crash_follower", str(home)]
    root = Path(__file__).parents[2]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
