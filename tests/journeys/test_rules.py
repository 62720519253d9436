"""The analyst's way with a rule: a draft checked, then tried on a stored day against the text in use."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import tallyward.detect.cards
from tests.journeys.pages import LANGUAGES, WIDTHS
from tests.journeys.running_demo import Demo
from tests.journeys.test_pages import picture

WAIT_MS = 60_000
R5 = (Path(tallyward.detect.cards.__file__).parent / "rules" / "R5.yaml").read_text(encoding="utf-8")
TIGHTER = re.sub(r"(name: four cells.*hit: )false", r"\1true", R5.replace("max_cells: 4", "max_cells: 3"))

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def look(page: Page, name: str) -> None:
    """Picture the page at both widths in both languages; nothing may be too wide. Leaves it wide and English."""
    for language in reversed(LANGUAGES):
        page.set_viewport_size({"width": 1440, "height": WIDTHS[1440]})
        page.get_by_test_id(f"language-{language}").click()
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(200)
            picture(page, f"{name}-{width}-{language}", whole=True)
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{name} at {width} in {language} is {overflow} pixels too wide"
    page.set_viewport_size({"width": 1440, "height": WIDTHS[1440]})


def test_from_a_rule_to_a_draft_that_was_checked_and_tried(browser: Browser, demo: Demo) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    page.goto(demo.address)
    demo.sign_in(page)

    # The list: what is in use and where it comes from; one rule opened.
    page.goto(f"{demo.address}rules")
    expect(page.get_by_test_id("rule-row").filter(has_text="R5")).to_contain_text("Rule files")
    look(page, "rules-list")
    page.get_by_test_id("rule-R5").click()
    expect(page.get_by_test_id("rule-text")).to_contain_text("max_cells")

    # A draft that is no rule: the line is named, and a click goes there.
    page.get_by_test_id("rule-draft").click()
    text = page.get_by_test_id("draft-text")
    expect(text).to_have_value(re.compile("id: R5"))
    text.fill(R5.replace("severity: ", "severity: dreadful #", 1))
    page.get_by_test_id("draft-check").click()
    expect(page.get_by_test_id("draft-problem")).to_contain_text("Line 2")
    expect(page.get_by_test_id("draft-promote")).to_be_disabled()
    look(page, "rules-fault")
    page.get_by_test_id("draft-problem").get_by_role("button").click()
    assert text.evaluate("field => field.value.slice(0, field.selectionStart).split('\\n').length") == 2

    # One that is: checked with what it changes; kept when the page is left.
    text.fill(TIGHTER)
    text.press("Control+Enter")
    expect(page.get_by_test_id("draft-good")).to_contain_text("R5")
    expect(page.get_by_test_id("difference-row").first).to_contain_text("max_cells")
    page.reload()
    expect(text).to_have_value(re.compile("max_cells: 3"))

    # Tried on the stored day: days, and against the one in use.
    page.get_by_test_id("dry-start").click()
    expect(page.locator('[data-testid="dry-run-shown"][data-progress="done"]')).to_be_visible()
    expect(page.get_by_test_id("dry-day-row")).to_have_count(1)
    expect(page.get_by_test_id("dry-run-against")).to_be_visible()
    page.close()
