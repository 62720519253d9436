import os
import signal
import socket
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest

from tallyward.kernel.errors import NotFoundError, UnavailableError
from tallyward.records.adapters.jetstream import BusAddress, JetStreamPublisher, JetStreamRecords
from tallyward.records.offering_ports import Message
from tallyward.wiring.nats_server import find_server, token_of
from tests.message_server import free_port, server_or_skip
from tests.records.making import usage_rows


def test_a_server_that_is_killed_starts_again_with_what_it_held(tmp_path: Path) -> None:
    server = server_or_skip(tmp_path / "nats", free_port())
    server.start()
    try:
        address = BusAddress(server.url, token_of(tmp_path / "nats"), 1 << 20)
        with closing(JetStreamPublisher(address)) as publisher:
            publisher.publish(usage_rows(10))
        before = server.pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        deadline = time.monotonic() + 60
        with closing(JetStreamRecords(address)) as stream:
            while not (found := fetched(stream)):
                assert time.monotonic() < deadline
        assert len(found) == 1
        assert server.pid != before
    finally:
        server.stop()
    with pytest.raises(OSError):  # noqa: PT011 - nobody listens
        socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=1)


def fetched(stream: JetStreamRecords) -> list[Message]:
    try:
        return stream.fetch(10, 1)
    except UnavailableError:
        return []


def test_one_that_outlived_its_platform_is_ended_first(tmp_path: Path) -> None:
    port = free_port()
    lost = server_or_skip(tmp_path / "nats", port)
    lost._write_settings()
    lost._launch()
    fresh = server_or_skip(tmp_path / "nats", port)
    fresh.start()
    assert fresh.pid != lost.pid
    assert lost._process is not None
    assert lost._process.wait(10) is not None
    fresh.stop()


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = server_or_skip(tmp_path, taken.getsockname()[1])
        with pytest.raises(UnavailableError, match=r"wiring\.nats_not_started"):
            server.start()


def test_the_token_is_for_the_owner_only_and_stays(tmp_path: Path) -> None:
    token = token_of(tmp_path / "nats")
    assert token == token_of(tmp_path / "nats")
    assert len(token) >= 32
    assert stat.S_IMODE((tmp_path / "nats" / "token").stat().st_mode) == 0o600


def test_too_old_a_server_or_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tallyward.wiring.nats_server.sysconfig.get_path", lambda _name: str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotFoundError, match=r"wiring\.no_nats_server"):
        find_server()
    program = tmp_path / "nats-server"
    for version, good in (("v2.9.25", False), ("v2.10.1", True), ("v3.0.0", True), ("nonsense", False)):
        program.write_text(f"#!/bin/sh\necho nats-server: {version}\n")
        program.chmod(0o755)
        if good:
            assert find_server() == program
        else:
            with pytest.raises(NotFoundError):
                find_server()
