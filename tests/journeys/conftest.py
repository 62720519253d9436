"""A real console for journeys, and Debian's Chromium to see it."""

import shutil
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.running_demo import Demo, start_demo

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip that says how to get it."""
    if CHROMIUM is None:
        pytest.skip("no chromium on PATH: run `make setup-tests` (Debian package chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo whose day takes a while to arrive; it must end cleanly when it is told to."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    running = start_demo(folder, "--cards", "600", "--terminals", "300", "--seed", "7", "--seconds", "40")
    yield running
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=60) == 0
