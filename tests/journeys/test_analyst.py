"""The analyst's way through the house: a real browser, a real server, records arriving meanwhile."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.pages import still_page
from tests.journeys.running_demo import Demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_from_sign_in_to_a_false_positive_and_the_cards_records(browser: Browser, demo: Demo) -> None:
    page = still_page(browser, wait_ms=30_000)

    # A wrong password is refused in words.
    page.goto(demo.address)
    page.get_by_test_id("signin-name").fill("admin")
    page.get_by_test_id("signin-password").fill("not the password at all")
    page.get_by_test_id("signin-submit").click()
    expect(page.get_by_test_id("problem")).to_contain_text("console.wrong_sign_in")
    demo.sign_in(page)

    # An incident arrives while the page is open, without a reload.
    page.goto(f"{demo.address}incidents")
    expect(page.get_by_test_id("incidents-new")).to_be_visible()
    page.get_by_test_id("incidents-new").click()
    arrived = page.locator('[data-testid="incident-row"][data-fresh="true"]').first
    arrived.get_by_test_id("incident-open").click()
    expect(page.get_by_test_id("panel-why")).to_contain_text(re.compile(r"\w{3,}"))

    # A card's incident, opened: why, observed against limit, evidence, what would make it normal.
    page.goto(f"{demo.address}incidents?rule=R4")
    page.get_by_test_id("incident-open").first.click()
    panel = page.get_by_test_id("incident-panel")
    expect(panel.get_by_test_id("panel-why")).to_contain_text(re.compile(r"\w{3,}"))
    expect(panel.get_by_test_id("panel-measures")).to_be_visible()
    expect(panel.get_by_test_id("panel-evidence")).to_be_visible()
    expect(panel.get_by_test_id("panel-normal")).to_contain_text(re.compile(r"\w{3,}"))

    # Marked as false positive with a reason, which its history keeps; also where the browser thinks that it is offline.
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    panel.get_by_test_id("event-mark_false_positive").click()
    page.get_by_test_id("false-positive-reason").fill("Terminal was swapped under warranty, ticket 4711")
    page.get_by_test_id("event-confirm").click()
    expect(panel.get_by_test_id("panel-history")).to_contain_text("ticket 4711")
    expect(panel.get_by_test_id("panel-state")).to_contain_text(re.compile("false positive", re.IGNORECASE))

    # The same panel in the other language, in place.
    page.get_by_test_id("language-zh-CN").click()
    expect(panel.get_by_test_id("panel-state")).to_contain_text("误报")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")

    # From there to the card and its records of that day.
    panel.get_by_test_id("panel-records-link").click()
    expect(page.get_by_test_id("card-records")).to_be_visible()
    expect(page.get_by_test_id("card-record").first).to_be_visible()
    identity = page.get_by_test_id("card-identity")
    expect(identity).to_contain_text("8986")

    # And the card again by its number, as one who holds it in her hand would.
    iccid = re.search(r"89[0-9]{2}[0-9A-Z]{15,16}", identity.inner_text().replace(" ", ""))
    assert iccid
    page.get_by_test_id("find-card").fill(iccid[0])
    page.get_by_test_id("find-card").press("Enter")
    page.get_by_test_id("card-link").first.click()
    found = page.get_by_test_id("card-identity")
    expect(found).to_contain_text("8986")
    assert iccid[0] in found.inner_text().replace(" ", "")
    expect(page.get_by_test_id("card-record").first).to_be_visible()
