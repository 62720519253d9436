"""No page breaks a WCAG 2 rule of level A or AA that axe-core can see, in both languages at both widths."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.pages import LANGUAGES, PAGES, WIDTHS, show, speak
from tests.journeys.running_demo import Demo

AXE = Path(__file__).resolve().parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("no ui/node_modules/axe-core: run `make test` once, or `npm ci` in ui/")
    return AXE.read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core holds against the page as it is: rule, element, why."""
    page.evaluate(axe)  # evaluated rather than added as a script: the console's content policy allows no inline script
    found: dict[str, Any] = page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)
    assert len(found["passes"]) > 5, "axe-core judged next to nothing"
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']} {node['html'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def test_a_fault_is_seen(browser: Browser, axe: str) -> None:
    page = browser.new_page()
    page.set_content(
        "<html lang=en><title>t</title><main><h1>Cards</h1><img src='data:,'><input>"
        "<p style='color:#ccc;background:#fff'>pale</p><button>Go</button><a href='#x'>on</a></main></html>"
    )
    seen = {one.split(":")[0] for one in violations(page, axe)}
    assert {"image-alt", "label", "color-contrast"} <= seen
    page.close()


def test_no_page_breaks_a_rule(browser: Browser, demo: Demo, axe: str) -> None:
    page = browser.new_page(locale="en-GB")
    page.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    broken: list[str] = []

    def judge(name: str, width: int, language: str) -> None:
        broken.extend(f"{name} at {width} in {language}: {one}" for one in violations(page, axe))

    page.goto(demo.address)
    for language in LANGUAGES:
        page.get_by_test_id(f"language-{language}").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            expect(page.get_by_test_id("signin-submit")).to_be_visible()
            judge("sign-in", width, language)
    demo.sign_in(page)
    for language in LANGUAGES:
        speak(page, demo, language)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for name in PAGES:
                show(page, demo, name)
                judge(name, width, language)
    page.close()
    assert not broken, "\n".join(broken)
