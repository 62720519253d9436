"""A real console for journeys: `tallyward demo` in a process of its own, and Debian's Chromium."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 90


@dataclass(frozen=True)
class Demo:
    """A running demo: where it listens, the one-time password, its folder, its process."""

    address: str
    password: str
    folder: Path
    process: subprocess.Popen[str]


def start_demo(folder: Path, *options: str) -> Demo:
    """Start `tallyward demo` and read address and password from what it says."""
    command = [str(Path(sys.executable).with_name("tallyward")), "demo", "--folder", str(folder), "--no-browser"]
    process = subprocess.Popen(
        [*command, "--port", "0", *options],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "TALLYWARD_LANG": "en", "PYTHONUNBUFFERED": "1"},
    )
    said, deadline = "", time.monotonic() + START_SECONDS
    assert process.stderr is not None
    os.set_blocking(process.stderr.fileno(), False)
    while time.monotonic() < deadline and process.poll() is None:
        said += process.stderr.read() or ""
        if found := re.search(r"Open (http://\S+) and sign in as `admin` with the one-time password (\S+)", said):
            return Demo(found[1], found[2], folder, process)
        time.sleep(0.1)
    process.kill()
    pytest.fail(f"the demo did not come up:\n{said}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip that says how to get it."""
    if CHROMIUM is None:
        pytest.skip("no chromium on PATH: run `make setup-tests` (Debian package chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A demo whose day takes a few seconds to arrive."""
    running = start_demo(tmp_path / "demo", "--cards", "600", "--terminals", "300", "--seed", "7", "--seconds", "20")
    yield running
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=30) == 0
