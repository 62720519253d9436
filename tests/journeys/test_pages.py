"""Each page at both widths in both languages: it shows, it does not overflow sideways, the browser has no complaint.

TALLYWARD_PICTURES=FOLDER keeps what was seen as PNG files, to look at.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.journeys.pages import LANGUAGES, PAGES, WIDTHS, show, speak
from tests.journeys.running_demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a picture where the person who runs this wants them; `whole`: also what one has to scroll to."""
    if folder := os.environ.get("TALLYWARD_PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)


def test_every_page_in_both_languages_at_both_widths(browser: Browser, demo: Demo) -> None:
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"{message.type}: {message.text}")

    page = browser.new_page(locale="en-GB")
    page.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    page.goto(demo.address)
    picture(page, "sign-in-1280-en")
    demo.sign_in(page)
    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
    for language in LANGUAGES:
        speak(page, demo, language)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for name in PAGES:
                show(page, demo, name)
                picture(page, f"{name}-{width}-{language}")
                overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                assert overflow <= 0, f"{name} at {width} in {language} is {overflow} pixels too wide"
                assert page.get_by_test_id("problem").count() == 0, f"{name} shows a problem"
    assert not complaints
