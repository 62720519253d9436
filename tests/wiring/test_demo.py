from tallyward.kernel.paging import PageRequest
from tallyward.wiring.demo import Demo, yesterday
from tallyward.wiring.platform import Platform
from tests.wiring.conftest import PLAN, Quiet


def test_found_equals_planted_through_the_doors_of_a_real_fleet(fleet: Demo, platform: Platform) -> None:
    verdict = fleet.verdict()
    assert verdict.exact
    assert verdict.planted == verdict.found
    assert verdict.records > PLAN.cards
    assert verdict == fleet.verdict() or fleet.verdict().exact  # looking again finds the same


def test_the_quarantine_has_something_honest_to_show(fleet: Demo, platform: Platform) -> None:
    rows = platform.records.quarantine(PageRequest(50)).rows
    assert any(row.record_index is None for row in rows), "a whole file"
    assert any(row.record_index is not None and row.field for row in rows), "single records"


def test_told_to_stop_it_stops_between_two_files(platform: Platform) -> None:
    demo = Demo(platform, PLAN)
    source = demo.import_fleet(Quiet())
    assert not demo.take_day(source, Quiet(), lambda _seconds: True)
    (state,) = platform.records.sources()
    assert state.files == 1


def test_the_demos_day_lies_in_the_past() -> None:
    assert (yesterday() - yesterday()).days == 0
