"""The signed-in pages of the console and the two widths they are looked at."""

import logging
from collections.abc import Callable

from playwright.sync_api import Browser, Page, Request, expect

from tests.journeys.running_demo import Demo

PAGES = {
    "situation": "",
    "cards": "cards",
    "card": "cards/1",
    "incidents": "incidents",
    "panel": "incidents?rule=R4",
    "sources": "sources",
    "terminals": "terminals",
    "terminal": "terminals/1",
    "inspections": "inspections",
    "custody": "custody",
    "credit": "credit",
    "rules": "rules",
    "rule": "rules/one/R5",
    "draft": "rules/draft?rule=R5",
    "whitelist": "rules/whitelist",
    "users": "admin/users",
    "tokens": "admin/tokens",
    "audit": "admin/audit",
}
WAIT_MS = 60_000
WIDTHS = {1440: 900, 390: 844}
LANGUAGES = ("en", "zh-CN")


def still_page(browser: Browser, wait_ms: int = WAIT_MS) -> Page:
    """A wide English page for people who want no motion: what is clicked stays where it is, however busy the machine.

    What it asks of the server is logged, for whoever reads a failure.
    """
    diary = logging.getLogger("page")
    page = browser.new_page(viewport={"width": 1440, "height": WIDTHS[1440]}, locale="en-GB", reduced_motion="reduce")
    page.set_default_timeout(wait_ms)
    expect.set_options(timeout=wait_ms)

    def noted(what: str) -> Callable[[Request], None]:
        return lambda one: diary.warning("%s %s %s", what, one.method, one.url) if "/api/" in one.url else None

    page.on("request", noted("asks"))
    page.on("requestfinished", noted("has"))
    page.on("requestfailed", noted("lost"))
    return page


def speak(page: Page, demo: Demo, language: str) -> None:
    """Switch the language where the switch is in sight."""
    page.set_viewport_size({"width": 1440, "height": WIDTHS[1440]})
    page.goto(demo.address)
    page.get_by_test_id(f"language-{language}").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def show(page: Page, demo: Demo, name: str) -> None:
    """One page, with what it is about on it."""
    page.goto(demo.address + PAGES[name])
    if name == "panel":
        page.get_by_test_id("incident-open").first.click()
        expect(page.get_by_test_id("panel-why")).to_be_visible()
    else:
        expect(page.locator("h1, h2").first).to_be_visible()
    page.wait_for_timeout(400)  # charts draw after their data came
