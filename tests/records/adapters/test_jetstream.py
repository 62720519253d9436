"""A real message server: back-pressure, redelivery, kills between the steps. Skipped where no server can be had."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tallyward.kernel.errors import UnavailableError
from tallyward.kernel.ids import SourceId
from tallyward.records.adapters.jetstream import BusAddress, JetStreamPublisher, JetStreamRecords
from tallyward.records.service import RecordsService
from tests.message_server import free_port, running
from tests.records.adapters import crash_listener, crash_watcher, crash_writer
from tests.records.adapters.test_folder import STEPS, environment
from tests.records.making import usage_rows


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[BusAddress]:
    with running(tmp_path / "nats", most_bytes=2 << 20, ack_seconds=crash_listener.ACK_SECONDS) as address:
        yield address


def test_messages_stay_until_they_are_acknowledged(bus: BusAddress) -> None:
    with closing(JetStreamPublisher(bus)) as publisher, closing(JetStreamRecords(bus)) as stream:
        assert stream.fetch(10, 0.2) == []
        assert publisher.publish(usage_rows(100)) == 1
        assert publisher.publish(usage_rows(100, seed=2)) == 1
        first = stream.fetch(10, 1)
        assert [one.sequence for one in first] == [1, 2]
        assert (stream.behind().waiting, stream.behind().bytes > 1000) == (2, True)
        stream.give_back(first)
        again = stream.fetch(10, 1)
        assert sorted(one.sequence for one in again) == [1, 2]
        stream.done(again)
        deadline = time.monotonic() + 10
        while stream.behind().waiting:  # the server forgets them a moment after it has heard
            assert time.monotonic() < deadline
        assert stream.fetch(10, 1) == []
        assert stream.identity().startswith("TALLYWARD_RECORDS@20")


def test_a_block_sent_again_at_once_is_one_message(bus: BusAddress) -> None:
    with closing(JetStreamPublisher(bus)) as publisher, closing(JetStreamRecords(bus)) as stream:
        publisher.publish(usage_rows(100))
        publisher.publish(usage_rows(100))
        assert len(stream.fetch(10, 1)) == 1


def refused_as_full(publisher: JetStreamPublisher, number: int) -> bool:
    try:
        publisher.publish(usage_rows(20_000, seed=number))
    except UnavailableError as refused:
        assert refused.code == "records.stream_full"
        return True
    return number > 1_000


def test_a_full_stream_makes_the_publisher_wait_and_loses_nothing(
    bus: BusAddress, records: RecordsService, source: SourceId
) -> None:
    del source
    with closing(JetStreamPublisher(bus, patience=0.5)) as publisher, closing(JetStreamRecords(bus)) as stream:
        sent = 0
        while not refused_as_full(publisher, sent):
            sent += 1
        assert 2 <= sent < 100
        work = crash_listener.listener(records, stream, crash_watcher.Shown())
        while work.round():
            pass
        publisher.publish(usage_rows(20_000, seed=sent))
        while work.round():
            pass
        assert crash_writer.rows_of_batches(records) == dict.fromkeys(range(sent + 1), 20_000)


def test_no_server_and_a_wrong_token_are_told(bus: BusAddress) -> None:
    nobody = BusAddress(f"nats://127.0.0.1:{free_port()}")
    for address, reason in ((nobody, "Connect"), (BusAddress(bus.url, "wrong"), "uthorization")):
        with closing(JetStreamRecords(address)) as stream, pytest.raises(UnavailableError) as refused:
            stream.fetch(1, 0.2)
        assert refused.value.code == "records.bus_unreachable"
        assert "wrong" not in refused.value.sentence("en")
        assert reason in refused.value.sentence("en")


@pytest.mark.slow
def test_kill_9_before_and_after_the_acknowledgement_counts_each_message_once(tmp_path: Path, bus: BusAddress) -> None:
    folder = tmp_path / "records"
    chance = random.Random(9)
    plan = [(step, "1") for step in [*STEPS, "committed", "taken", "acknowledged", "taken"]] + [("", "")] * 10
    sent = 0
    with closing(JetStreamPublisher(bus)) as publisher:
        for step, nth in plan:
            for _ in range(4):
                publisher.publish(usage_rows(200, seed=sent))
                sent += 1
            command = [sys.executable, crash_listener.__file__, str(folder), bus.url, str(bus.token)]
            command += [step, nth] if step else []
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(tmp_path)) as child:
                assert child.stdout is not None
                if not step:
                    child.stdout.readline()
                    publisher.publish(usage_rows(200, seed=sent))
                    sent += 1
                    time.sleep(chance.uniform(0, 0.05))
                    child.kill()
                assert child.wait(60) == -signal.SIGKILL, f"not killed at {step}"
    assert len(plan) >= 20
    records = crash_writer.open_it(folder)
    with closing(JetStreamRecords(bus)) as stream:
        work = crash_listener.listener(records, stream, crash_watcher.Shown())
        until = time.monotonic() + 60
        while stream.behind().waiting:
            work.round()
            assert time.monotonic() < until
    assert crash_writer.rows_of_batches(records) == dict.fromkeys(range(sent), 200)
    assert records.upkeep.verify().faults == ()
    assert records.sources()[0].duplicates == 0, "known by their sequences, not by their records"
    records.close()
