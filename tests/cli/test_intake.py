"""`records watch` and `records intake` as a person types them, and a server that watches."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tallyward.cli.root import run
from tests.cli.test_serve import TALLYWARD, start
from tests.message_server import running

Answer = Callable[..., Any]


@pytest.fixture
def registered(handed_over: Path, tmp_path: Path) -> Path:
    """An installation that knows who exists, and has no records."""
    home = tmp_path / "home"
    for kind in ("enterprises", "classes", "areas"):
        assert run(["import", kind, str(handed_over / "registry" / f"{kind}.csv"), "--folder", str(home)]) == 0
    return home


def test_once_takes_what_is_whole_and_tells(
    registered: Path, handed_over: Path, tmp_path: Path, answer: Answer
) -> None:
    drop = Path(shutil.copytree(handed_over / "records", tmp_path / "drop"))
    files = len(list(drop.iterdir()))
    told = answer(
        "records", "watch", str(drop), "--folder", str(registered), "--once", "--settle", "0", "--source", "msc"
    )
    assert (told["taken"] + told["refused"], told["doing"], told["waiting"]) == (files, "off", 0)
    assert told["refused"] == len(list((drop / "refused").iterdir())) > 0
    (state,) = answer("records", "intake", "--folder", str(registered))
    assert (state["place"], state["source"], state["taken"]) == (str(drop), "msc", told["taken"])
    (source,) = answer("records", "sources", "--folder", str(registered))
    assert (source["name"], source["duplicates"]) == ("msc", 0)
    for path in [*drop.glob("done/*"), *drop.glob("refused/*")]:
        path.rename(drop / path.name)
    again = answer(
        "records", "watch", str(drop), "--folder", str(registered), "--once", "--settle", "0", "--source", "msc"
    )
    assert (again["taken"], again["repeated"]) == (0, files)


def test_it_watches_and_joins_segments_until_told_to_end(
    registered: Path, handed_over: Path, tmp_path: Path, answer: Answer
) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    process = subprocess.Popen(
        [TALLYWARD, "records", "watch", drop, "--folder", registered, "--settle", "0", "--json", "-"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TALLYWARD_UPKEEP_SECONDS": "0.3", "TALLYWARD_GRACE_SECONDS": "0"},
    )
    files = sorted(handed_over.glob("records/*.csv"))
    for path in files:
        shutil.copy(path, drop / path.name)
    deadline = time.monotonic() + 90
    while len(list(drop.glob("done/*"))) < len(files) or len(list((registered / "records").glob("day=*/b=*/*"))) > 3:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    told = json.loads(process.communicate(timeout=30)[0])
    assert (process.returncode, told["taken"], told["doing"]) == (0, len(files), "off")
    assert answer("records", "verify", "--folder", str(registered))["faults"] == []


def test_what_stops_it_is_said_and_the_exit_code_tells(
    registered: Path,
    handed_over: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drop = Path(shutil.copytree(handed_over / "records", tmp_path / "drop"))
    command = ["records", "watch", str(drop), "--folder", str(registered), "--once", "--settle", "0"]
    monkeypatch.setenv("TALLYWARD_DISK_FLOOR_MB", str(1 << 40))
    assert run(command) != 0
    err = capsys.readouterr().err
    assert "records.disk_low" in err
    assert "TALLYWARD_DISK_FLOOR_MB" in err
    assert run(["records", "intake", "--folder", str(registered)]) == 1
    assert "stopped" in capsys.readouterr().out
    monkeypatch.delenv("TALLYWARD_DISK_FLOOR_MB")
    assert run(command) == 0


def test_nobody_ever_watched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["records", "intake", "--folder", str(tmp_path)]) == 0
    assert "--drop" in capsys.readouterr().err


def test_a_server_watches_and_its_page_tells(registered: Path, handed_over: Path, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    process, said = start(registered, "--drop", str(drop))
    try:
        shutil.copy(min(handed_over.glob("records/*.csv")), drop / "a.csv.part")
        (drop / "a.csv.part").rename(drop / "a.csv")
        deadline = time.monotonic() + 60
        while not (drop / "done" / "a.csv").exists():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        address = said.split("Console: ")[1].split()[0]
        assert httpx.get(f"{address}api/v1/intakes").status_code == 401
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 0


def test_publish_says_what_is_missing_and_what_was_sent(
    registered: Path,
    handed_over: Path,
    tmp_path: Path,
    answer: Answer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = str(min(handed_over.glob("records/*.csv")))
    assert run(["records", "publish", path, "--folder", str(registered)]) == 2
    assert "wiring.no_bus" in capsys.readouterr().err
    with running(tmp_path / "nats") as bus:
        monkeypatch.setenv("TALLYWARD_NATS_TOKEN", str(bus.token))
        monkeypatch.setenv("TALLYWARD_STREAM_MB", "16")
        (sent,) = answer("records", "publish", path, "--folder", str(registered), "--nats", bus.url)
        assert (sent["file"], sent["messages"] > 0, sent["records"] > 100) == (Path(path).name, True, True)
    assert run(["records", "publish", path, "--folder", str(registered), "--nats", bus.url]) == 6
    err = capsys.readouterr().err
    assert "records.bus_unreachable" in err
    assert str(bus.token) not in err
