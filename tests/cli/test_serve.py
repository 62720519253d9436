import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tallyward.cli.root import run

TALLYWARD = Path(sys.executable).with_name("tallyward")


def start(folder: Path, *options: str) -> tuple["subprocess.Popen[str]", str]:
    """A server and what it said until it listens."""
    process = subprocess.Popen(
        [TALLYWARD, "serve", "--folder", folder, "--port", "0", *options],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TALLYWARD_LANG": "en"},
    )
    assert process.stderr is not None
    said = ""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (line := process.stderr.readline()):
        said += line
        if "Console: " in line:
            return process, said
    process.kill()
    process.communicate()
    pytest.fail(said)


def test_the_first_start_prints_one_password_once_and_the_second_none(tmp_path: Path) -> None:
    for start_number in (1, 2):
        process, said = start(tmp_path / "home")
        address = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert address
        assert httpx.get(f"{address[0]}api/v1/health").json()["status"] == "ok"
        assert "<html" in httpx.get(address[0]).text
        assert (said.count("one-time password") == 1) == (start_number == 1)
        process.send_signal(signal.SIGTERM if start_number == 1 else signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 0


def test_two_servers_never_share_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    process, _ = start(tmp_path / "home")
    assert run(["serve", "--folder", str(tmp_path / "home"), "--port", "0"]) == 5
    err = capsys.readouterr().err
    assert "wiring.folder_in_use" in err
    assert str(process.pid) in err
    process.kill()
    process.communicate()


def test_a_port_in_use_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["serve", "--folder", str(tmp_path / "home"), "--port", str(port)]) == 6
    err = capsys.readouterr().err
    assert "wiring.port_in_use" in err
    assert "--port" in err


def test_a_folder_that_cannot_be_written_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run(["serve", "--folder", str(tmp_path / "file" / "home")]) == 6
    assert "wiring.folder_unusable" in capsys.readouterr().err


def test_a_lost_segment_is_told_at_the_start_and_the_console_serves_all_the_same(home: Path) -> None:
    next((home / "records").glob("day=*/b=00000/*.parquet")).unlink()
    process, said = start(home)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert said.index("records.segments_lost") < said.index("Console: ")
