"""The watched folder and upkeep beside a running platform."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tallyward.kernel.errors import InvalidError, NotFoundError
from tallyward.records.intake_state import Doing, IntakeKind
from tallyward.records.service import RecordsService
from tallyward.wiring.demo import Demo
from tallyward.wiring.intake import guarded, keep_up, source_of, taking_in
from tallyward.wiring.platform import Platform, open_platform
from tallyward.wiring.publishing import publish_file, publishing
from tallyward.wiring.settings import read_settings
from tests.message_server import free_port, server_or_skip
from tests.records.making import csv_of, line
from tests.wiring.conftest import PLAN


def until(what: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_files_put_into_the_folder_are_in_and_segments_are_joined(
    platform: Platform, fleet: Demo, tmp_path: Path
) -> None:
    del fleet
    drop = tmp_path / "drop"
    drop.mkdir()
    settings = read_settings(
        home=platform.settings.home, drop=drop, settle_seconds=0, poll_seconds=0.05, upkeep_seconds=0.2, grace_seconds=0
    )
    day = platform.records.days()[0]
    rows, segments = platform.records.snapshot(day).rows, len(platform.records.snapshot(day).segments)
    header = "imsi,msisdn,iccid,service,start_time,duration,imei,peer,bytes_up,bytes_down,cell,plmn,rat"
    with taking_in(platform, settings):
        for number in range(3):
            text = f"{header}\n46000123456789{number},,,data,{day}T08:00:00Z,{number},,,1,1,,,\n"
            (drop / f"{number}.csv").write_text(text)
        until(lambda: len(list(drop.glob("done/*"))) == 3)
        until(lambda: len(platform.records.snapshot(day).segments) < segments)
        assert platform.intakes.states()[0].doing in {Doing.WATCHING, Doing.TAKING}
        until(lambda: not platform.records._manifest.retired())
    assert platform.records.snapshot(day).rows == rows + 3
    assert platform.intakes.states()[0].doing is Doing.OFF
    assert not platform.records.upkeep.verify().faults


def test_records_that_are_published_are_in(platform: Platform, fleet: Demo, tmp_path: Path) -> None:
    del fleet
    server_or_skip(tmp_path / "probe", 1)
    settings = read_settings(home=platform.settings.home, nats="own", nats_port=free_port(), nats_source="bus")
    day = platform.records.days()[0]
    rows = platform.records.snapshot(day).rows
    (tmp_path / "a.csv").write_bytes(csv_of([line(start_time=f"{day}T08:00:{second:02d}Z") for second in range(50)]))
    with taking_in(platform, settings), publishing(settings) as publisher:
        assert publish_file(publisher, tmp_path / "a.csv", lambda _done, _total: None) == (50, 1, 0)
        until(lambda: platform.records.snapshot(day).rows == rows + 50)
        (state,) = platform.intakes.states()
        assert (state.kind, state.source, state.place.startswith("nats://127.0.0.1")) == (
            IntakeKind.STREAM,
            "bus",
            True,
        )
        until(lambda: platform.intakes.states()[0].behind.waiting == 0)
    assert platform.intakes.states()[0].doing is Doing.OFF


def test_a_server_that_takes_nothing_in_keeps_order_when_nobody_writes(
    platform: Platform, fleet: Demo, tmp_path: Path
) -> None:
    del fleet
    home, day = platform.settings.home, platform.records.days()[0]
    segments = len(platform.records.snapshot(day).segments)
    settings = read_settings(home=home, upkeep_seconds=0.1)
    with open_platform(settings) as reader, taking_in(reader, settings):
        time.sleep(0.5)  # another process writes: nothing may be touched
        assert len(reader.records.snapshot(day).segments) == segments
        platform.records.close()
        until(lambda: len(reader.records.snapshot(day).segments) < segments)
    with open_platform(settings, writing=True, wait_seconds=5) as writer:
        assert not writer.records.upkeep.verify().faults
        found = len(writer.records.snapshot(day).segments)
        assert found < segments
    assert PLAN.batches > 1
    assert tmp_path


def test_findings_are_the_same_before_and_after_compaction(platform: Platform, fleet: Demo) -> None:
    verdict = fleet.verdict()
    day = platform.records.days()[0]
    before = platform.scanning.scan(day).report
    keep_up(platform.records, read_settings(home=platform.settings.home, keep_days=36_500), lambda: False)
    joined = platform.records.snapshot(day)
    after = platform.scanning.scan(day)
    assert verdict.exact
    assert fleet.verdict().exact
    assert max(sum(one.bucket == bucket for one in joined.segments) for bucket in joined.buckets()) == 1
    assert len(before.findings) == len(after.report.findings) > 10
    shown = [
        sorted((one.rule, str(one.subject), one.records, one.first_ts, one.last_ts, str(one.measures)) for one in found)
        for found in (before.findings, after.report.findings)
    ]
    assert shown[0] == shown[1]
    assert (after.absorbed.opened, after.absorbed.joined) == (0, 0)


def test_whose_records_they_are_must_be_clear(platform: Platform) -> None:
    with pytest.raises(InvalidError, match=r"wiring\.operator_unclear"):
        source_of(platform, "drop", None)
    with pytest.raises(NotFoundError, match=r"wiring\.no_enterprise"):
        source_of(platform, "drop", "nobody")


def test_a_failing_round_is_logged_and_not_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> int:
        raise InvalidError("records.source_name")

    def fail() -> int:
        raise ZeroDivisionError

    assert [
        guarded(refuse, "intake"),
        guarded(fail, "intake"),
        guarded(lambda: None, "x"),
        guarded(lambda: 3, "x"),
    ] == [
        0,
        0,
        0,
        3,
    ]
    told = "".join(capsys.readouterr())
    assert "records.source_name" in told
    assert "ZeroDivisionError" in told
    assert RecordsService.__doc__
