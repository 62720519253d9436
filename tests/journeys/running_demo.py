"""`tallyward demo` in a process of its own, and the first steps on its page."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

PASSWORD = "correct horse battery staple"  # made up; the first sign-in has to change the one-time password
START_SECONDS = 120


@dataclass(frozen=True)
class Demo:
    """A running demo: where it listens, the one-time password, its folder, its process."""

    address: str
    password: str
    folder: Path
    process: subprocess.Popen[str]

    def sign_in(self, page: Page) -> None:
        """Sign in with the one-time password, choose one's own, arrive at the situation."""
        page.goto(self.address)
        page.get_by_test_id("signin-name").fill("admin")
        page.get_by_test_id("signin-password").fill(self.password)
        page.get_by_test_id("signin-submit").click()
        page.get_by_test_id("password-new").fill(PASSWORD)
        page.get_by_test_id("password-again").fill(PASSWORD)
        if page.get_by_test_id("password-old").is_visible():
            page.get_by_test_id("password-old").fill(self.password)
        page.get_by_test_id("password-submit").click()
        expect(page.get_by_test_id("figure-cards").first).to_be_visible()


def start_demo(folder: Path, *options: str) -> Demo:
    """Start it and read address and password from what it says."""
    command = [str(Path(sys.executable).with_name("tallyward")), "demo", "--folder", str(folder), "--no-browser"]
    folder.parent.mkdir(parents=True, exist_ok=True)
    told = folder.with_suffix(".log")
    with told.open("w") as log:
        process = subprocess.Popen(
            [*command, "--port", "0", *options],
            stderr=log,
            stdout=log,
            text=True,
            env={**os.environ, "TALLYWARD_LANG": "en", "COLUMNS": "200"},
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        said = told.read_text()
        if found := re.search(r"Open (http://\S+) and sign in as `admin` with the one-time password (\S+)", said):
            return Demo(found[1], found[2], folder, process)
        time.sleep(0.1)
    process.kill()
    process.wait()
    pytest.fail(f"the demo did not come up:\n{told.read_text()}")
