import time
from pathlib import Path

import pytest

from tallyward.incidents.model import IncidentFilter
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import RuleId
from tallyward.kernel.paging import PageRequest
from tallyward.simulate.fleet import build_fleet
from tallyward.wiring.demo import SOURCE, Demo, batches_of, terminals_of, yesterday
from tallyward.wiring.intake import taking_in
from tallyward.wiring.platform import Platform
from tallyward.wiring.publishing import stream_delivery
from tallyward.wiring.settings import read_settings
from tests.message_server import free_port, server_or_skip
from tests.wiring.conftest import PLAN, Quiet, Sold


def test_found_equals_planted_through_the_doors_of_a_real_fleet(fleet: Demo, platform: Platform) -> None:
    verdict = fleet.verdict()
    assert verdict.exact
    assert verdict.planted == verdict.found
    assert verdict.records > PLAN.cards
    assert verdict == fleet.verdict() or fleet.verdict().exact  # looking again finds the same


def test_broken_chains_and_refusals_are_found_as_planted_beside_the_card_rules(sold: Sold) -> None:
    verdict, custody = sold.demo.verdict(), sold.demo.custody_verdict()
    assert verdict.exact
    assert custody
    assert custody.exact, (custody.breaks.missed, custody.breaks.invented, custody.refusals)
    assert custody.breaks.planted > 20
    assert custody.refusals.planted == len(sold.written.attempts) > 10
    again = sold.demo.verdict()
    assert (again.exact, again.planted) == (True, verdict.planted), "incidents of the ledger are not of this verdict"
    custody_incidents = sold.platform.incidents.page(
        PLATFORM, IncidentFilter(rule=RuleId("C1.custody_break")), PageRequest(100)
    ).rows
    assert len(custody_incidents) >= custody.breaks.planted - 5  # offers of several cards are one incident
    assert {one.severity for one in custody_incidents} == {"low", "medium", "high"}


def test_a_fleet_that_is_too_large_comes_without_ledger(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tallyward.wiring.demo.MOST_CARDS", PLAN.cards - 1)
    demo = Demo(platform, PLAN)
    assert not demo.write_ledger(Quiet())
    assert demo.custody_verdict() is None


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


def test_found_equals_planted_where_the_day_arrives_by_a_stream(platform: Platform, tmp_path: Path) -> None:
    server_or_skip(tmp_path / "probe", 1)
    settings = read_settings(home=platform.settings.home, nats="own", nats_port=free_port()).for_source(SOURCE)
    with taking_in(platform, settings), stream_delivery(settings) as delivery:
        demo = Demo(platform, PLAN, delivery)
        assert demo.take_day(demo.import_fleet(Quiet()), Quiet(), lambda _seconds: False)
        assert delivery.wait(sleep)
    assert demo.verdict().exact
    (state,) = platform.records.sources()
    assert (state.name, state.duplicates) == (SOURCE, 0)
    assert state.refused > 0


def sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def test_the_demos_day_lies_in_the_past() -> None:
    assert (yesterday() - yesterday()).days == 0


def test_with_the_fleet_a_days_files_become_more_and_not_bigger() -> None:
    assert batches_of(100) == batches_of(1_000_000) == 60
    assert batches_of(10_000_000) == 200


@pytest.mark.parametrize(("cards", "terminals"), [(20_000, 5_000), (2_000_000, 5_000), (10_000_000, 25_000)])
def test_a_fleet_of_any_size_gets_terminals_enough_for_its_faults(cards: int, terminals: int) -> None:
    assert terminals_of(cards) == terminals
    assert build_fleet(cards=cards, terminals=terminals, seed=1, day=yesterday()).cellular >= terminals * 0.6
