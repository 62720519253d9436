import socket
import threading
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from structlog.testing import capture_logs

from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.errors import UnavailableError
from tallyward.wiring.demo import Demo
from tallyward.wiring.platform import Platform
from tallyward.wiring.server import _close_days, listen, serving
from tallyward.wiring.settings import read_settings
from tests.detect.rule_making import fault, rule_text
from tests.wiring.conftest import PLAN


def test_a_taken_port_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UnavailableError, match=r"wiring\.port_in_use"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(UnavailableError, match=r"wiring\.address_unusable"):
        listen("192.0.2.1", 0)


def test_it_serves_and_scans_what_comes_and_stops_with_a_listener_connected(platform: Platform, fleet: Demo) -> None:
    password = platform.accounts.ensure_first_admin()
    settings = read_settings(home=platform.settings.home, port=0, scan_seconds=0.1)
    with httpx.Client(timeout=30) as client, serving(platform, settings) as address:
        assert client.get(f"{address}api/v1/incidents").status_code == 401
        signed = client.post(f"{address}api/v1/session", json={"name": "admin", "password": password})
        assert signed.json()["must_change_password"]
        changed = client.post(
            f"{address}api/v1/session/password",
            json={"old": password, "new": "correct horse battery"},
            headers={"X-Tallyward": "1"},
        )
        assert changed.is_success, changed.text
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if client.get(f"{address}api/v1/situation").json()["incidents"]["total"]:
                break
            time.sleep(0.1)
        else:
            pytest.fail("nothing was scanned")
        stream = client.send(client.build_request("GET", f"{address}api/v1/events"), stream=True)
        assert stream.headers["content-type"].startswith("text/event-stream")
        began = time.monotonic()
    assert time.monotonic() - began < 10, "an open stream must not hold the end up"
    stream.close()
    assert not any(thread.name in {"console", "scans", "follows"} for thread in threading.enumerate())


def test_damaged_baselines_are_told_and_the_last_good_ones_stay_in_force(platform: Platform, fleet: Demo) -> None:
    """A rule takes its limit from them; the file is damaged while the server runs, and made anew after that."""
    peers = fault(card="count_distinct(peer) > far", observed="count_distinct(peer)", limit="far")
    limits = {"far": {"baseline": "peers_p999", "times": 2, "else": 1}}
    two = {"name": "two", "records": [{"peer": 1}, {"peer": 2}], "hit": True}
    tests = [two, {"name": "none", "records": [], "hit": False}]
    platform.rules.promote(PLATFORM, rule_text(peers, rule="P2", limits=limits, tests=tests).encode())
    version, _ = platform.baselines.compute(PLAN.day, PLAN.day)
    (path,) = (platform.settings.folder / "baselines").iterdir()
    good = path.read_bytes()
    settings = read_settings(home=platform.settings.home, port=0, scan_seconds=0.1)
    password = platform.accounts.ensure_first_admin()
    with (
        capture_logs() as heard,
        httpx.Client(timeout=60, headers={"X-Tallyward": "1"}) as client,
        serving(platform, settings) as address,
    ):
        client.post(f"{address}api/v1/session", json={"name": "admin", "password": password})
        change = {"old": password, "new": "correct horse battery"}
        assert client.post(f"{address}api/v1/session/password", json=change).is_success
        book = platform.scanning.scan(PLAN.day).report.rules_version
        assert client.get(f"{address}api/v1/health").json()["status"] == "ok"
        path.write_bytes(good[: len(good) // 2])
        assert platform.scanning.scan(PLAN.day).report.rules_version == book
        shown = client.get(f"{address}api/v1/rules/baselines").json()
        assert (shown["version"], path.name in shown["damaged"]["en"]) == (version, True)
        assert "tallyward_baselines_damaged 1.0" in client.get(f"{address}metrics").text
        assert client.get(f"{address}api/v1/health").json()["status"] == "impaired"
        platform.baselines.compute(PLAN.day, PLAN.day)
        assert client.get(f"{address}api/v1/health").json()["status"] == "ok"
    told = [one for one in heard if one["event"] == "baselines damaged"]
    assert [(one["log_level"], one["code"]) for one in told] == [("error", "detect.baselines_damaged")]
    assert path.name in told[0]["sentence"]


@pytest.mark.parametrize("switched_on", [True, False])
def test_baselines_are_computed_once_after_a_day_was_traversed(platform: Platform, *, switched_on: bool) -> None:
    done: list[str] = []

    class Scanning:
        def __init__(self) -> None:
            day = SimpleNamespace(report=SimpleNamespace(unread=()))
            self.closed: list[list[Any]] = [[], [day, day], []]

        def close_quiet_days(self) -> list[Any]:
            return self.closed.pop(0)

    class Baselines:
        def compute_daily(self) -> None:
            done.append("computed")

    scanning, baselines = cast("Any", Scanning()), cast("Any", Baselines())
    stood_in = replace(platform, scanning=scanning, baselines=baselines)
    settings = read_settings(home=platform.settings.home, baselines=switched_on)
    _close_days(stood_in, settings)
    assert done == []
    _close_days(stood_in, settings)
    _close_days(stood_in, settings)
    assert done == ["computed"] * switched_on
