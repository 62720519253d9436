"""The analyst's way with a rule: a draft checked, tried, put in use, gone back from, and an exception made."""

import random
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import tallyward.detect.cards
from tallyward.detect.adapters.baseline_files import BaselineFiles
from tallyward.detect.usual import Counts
from tests.detect.test_usual import counts, of
from tests.journeys.pages import LANGUAGES, WIDTHS, still_page
from tests.journeys.running_demo import Demo, start_demo
from tests.journeys.test_pages import picture

R5 = (Path(tallyward.detect.cards.__file__).parent / "rules" / "R5.yaml").read_text(encoding="utf-8")
# A second cell is enough: whatever has arrived of the day, some fixed card was seen in two.
TIGHTER = re.sub(r"(name: (?!a mobile card).*hit: )false", r"\1true", R5.replace("max_cells: 4", "max_cells: 1"))
# A limit that no simulated card reaches: the demo's truth knows nothing of this rule.
BY_BASELINE = f"""
id: P2
severity: low
title: {{en: More peers than its class, zh-CN: 通信对象多于同类}}
description: {{en: Far more peers than cards of its class., zh-CN: 通信对象远多于同类卡。}}
limits:
  usual_peers: {{baseline: peers_p999, times: 2, at_least: 100, else: 100}}
any_of:
  - name: peers
    card: "count_distinct(peer) > usual_peers"
    observed: count_distinct(peer)
    limit: usual_peers
    why: {{en: "{{observed}} peers.", zh-CN: "{{observed}} 个。"}}
    normal: {{en: "At most {{limit}}.", zh-CN: "不超过 {{limit}} 个。"}}
tests:
  - {{name: many, records: [{", ".join(f"{{peer: {number}}}" for number in range(1, 102))}], hit: true}}
  - {{name: few, records: [{{peer: 1}}], hit: false}}
""".lstrip()

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo whose rules are changed while its day arrives: once that is over, found and planted may well differ."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    running = start_demo(folder, "--cards", "600", "--terminals", "300", "--seed", "7", "--seconds", "40")
    yield running
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=60) in {0, 1}
    assert "Traceback" not in folder.with_suffix(".log").read_text()


def look(page: Page, name: str) -> None:
    """Picture the page at both widths in both languages; nothing may be too wide. Leaves it wide and English."""
    for language in reversed(LANGUAGES):
        page.get_by_test_id(f"language-{language}").click()
        look_as_it_is(page, f"{name}-{language}")


def look_as_it_is(page: Page, name: str) -> None:
    """Picture the page at both widths; a dialog keeps one from changing the language. Leaves it wide."""
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)
        picture(page, f"{name}-{width}", whole=True)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, f"{name} at {width} is {overflow} pixels too wide"
    page.set_viewport_size({"width": 1440, "height": WIDTHS[1440]})


def test_from_a_draft_to_a_version_and_back(browser: Browser, demo: Demo) -> None:
    page = begun(browser, demo)
    look_at_faults_of_a_draft(page)
    try_a_good_draft(page)
    promote_and_go_back(page)
    make_an_exception(page, demo)
    look_at_what_is_usual(page, demo)
    page.close()


def begun(browser: Browser, demo: Demo) -> Page:
    """A page, signed in, on the list of rules."""
    page = still_page(browser)
    page.goto(demo.address)
    demo.sign_in(page)

    page.goto(f"{demo.address}rules")
    return page


def look_at_faults_of_a_draft(page: Page) -> None:
    """The list, one rule, and a draft of it that is none."""
    expect(page.get_by_test_id("rule-row").filter(has_text="R5")).to_contain_text("Rule files")
    expect(page.get_by_test_id("baselines")).to_contain_text("tallyward rules baselines compute")
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


def try_a_good_draft(page: Page) -> None:
    """A draft that is a rule is checked, kept when the page is left, and tried on the stored day."""
    # Checked with what it changes; kept when the page is left.
    text = page.get_by_test_id("draft-text")
    text.fill(TIGHTER)
    text.press("Control+Enter")
    expect(page.get_by_test_id("draft-good")).to_contain_text("R5")
    expect(page.get_by_test_id("difference-row").first).to_contain_text("max_cells")
    page.reload()
    expect(text).to_have_value(re.compile("max_cells: 1"))

    # Tried on the stored day: cards, days, evidence, against the one in use.
    page.get_by_test_id("dry-start").click()
    expect(page.locator('[data-testid="dry-run-shown"][data-progress="done"]')).to_be_visible()
    expect(page.get_by_test_id("dry-day-row")).to_have_count(1)
    expect(page.get_by_test_id("dry-run-against")).to_be_visible()
    expect(page.get_by_test_id("dry-run-samples").get_by_test_id("tried-why").first).to_contain_text(
        re.compile(r"\w{3,}")
    )
    page.get_by_test_id("draft-check").click()
    expect(page.get_by_test_id("draft-good")).to_be_visible()
    look(page, "rules-dry-run")


def promote_and_go_back(page: Page) -> None:
    """The draft becomes a version, then the rule files hold again."""
    # Put in use, after it was said what that does.
    page.get_by_test_id("draft-promote").click()
    expect(page.get_by_test_id("act-meaning")).to_contain_text("R5")
    look_as_it_is(page, "rules-promote")
    page.get_by_test_id("act-note").fill("fewer cells, ticket 4712")
    page.get_by_test_id("act-confirm").click()
    version = page.get_by_test_id("version-row")
    expect(version).to_have_count(1)
    expect(version.first).to_contain_text("ticket 4712")
    expect(version.first).to_contain_text("admin")
    expect(page.get_by_test_id("rule-compare")).to_contain_text("max_cells")

    # And back to the rule files, which is a version itself.
    page.get_by_test_id("back-to-files").click()
    page.get_by_test_id("act-confirm").click()
    expect(version).to_have_count(2)
    expect(page.get_by_test_id("back-to-1")).to_be_visible()
    look(page, "rules-one")


def make_an_exception(page: Page, demo: Demo) -> None:
    """A card comes on the whitelist and off again."""
    # A card that the rule holds nothing against any more, until a day; then removed.
    page.goto(f"{demo.address}cards/1")
    iccid = re.search(r"89[0-9A-Z]{17,18}", page.get_by_test_id("card-identity").inner_text().replace(" ", ""))
    assert iccid
    page.goto(f"{demo.address}rules/whitelist")
    expect(page.get_by_test_id("nothing")).to_be_visible()
    page.get_by_test_id("whitelist-add").click()
    page.get_by_test_id("whitelist-target").fill(iccid[0])
    page.get_by_test_id("whitelist-confirm").click()
    expect(page.locator(".ant-form-item-explain-error")).to_be_visible()
    page.get_by_test_id("whitelist-reason").fill("test drive until the end of the month")
    look_as_it_is(page, "rules-whitelist-add")
    page.get_by_test_id("whitelist-confirm").click()
    entry = page.get_by_test_id("whitelist-row")
    expect(entry).to_contain_text(iccid[0])
    expect(entry).to_contain_text("Valid")
    page.get_by_test_id("whitelist-remove").click()
    page.get_by_test_id("whitelist-remove-confirm").click()
    expect(entry).to_contain_text("Removed")
    look(page, "rules-whitelist")


def look_at_what_is_usual(page: Page, demo: Demo) -> None:
    """Baselines were computed meanwhile, and a rule of the documents takes a limit from them."""
    page.goto(f"{demo.address}rules/draft")
    page.get_by_test_id("draft-text").fill(BY_BASELINE)
    page.get_by_test_id("draft-check").click()
    expect(page.get_by_test_id("draft-good")).to_contain_text("P2")
    page.get_by_test_id("draft-promote").click()
    page.get_by_test_id("act-confirm").click()
    expect(page.get_by_test_id("version-row")).to_have_count(1)
    classes = page.request.get(f"{demo.address}api/v1/card-classes").json()["rows"]
    counted = {one["id"]: many_card_days(one["id"]) for one in classes[:-1]} | {classes[-1]["id"]: few_card_days()}
    BaselineFiles(demo.folder / "baselines").keep(of(counted))

    page.goto(f"{demo.address}rules")
    expect(page.get_by_test_id("baselines-of")).to_contain_text("Complete days counted: 1")
    rows = page.get_by_test_id("baseline-row")
    expect(rows).to_have_count(len(classes))
    expect(rows.filter(has_text="Too few card-days")).to_have_count(1)
    page.get_by_test_id("baselines-measure").get_by_text("Peers").click()
    expect(rows.first.get_by_role("img").first).to_have_attribute("aria-label", re.compile(r"From p50 \d"))
    use = page.get_by_test_id("baseline-use")
    expect(use).to_contain_text("2 × peers_p999, at least 100, else 100")
    expect(use.get_by_text("Usual of its class")).to_have_count(len(classes) - 1)
    look(page, "rules-baselines")


def many_card_days(number: int) -> Counts:
    """Enough of them, of a class that differs from the others."""
    dice = random.Random(number)
    return counts([int(dice.lognormvariate(2 + number % 3, 0.8)) for _ in range(2_000)], hour=number % 24)


def few_card_days() -> Counts:
    """Too few for one in a thousand."""
    return counts([1, 2, 3])
