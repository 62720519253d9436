"""From the registration of a lot to an active card: said with commands, then traced in a real browser."""

import csv
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tallyward.cli.root import run
from tallyward.registry.columns import IMPORT_ORDER
from tallyward.simulate.folder import simulate_fleet
from tests.journeys.pages import LANGUAGES, WAIT_MS, WIDTHS, speak, still_page
from tests.journeys.running_demo import START_SECONDS, Demo
from tests.journeys.test_accessibility import AXE, violations
from tests.journeys.test_pages import picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOP, RESELLER = "shop-1", "reseller-1"
Say = Callable[..., str]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Say:
    """A command on this installation; what it answers."""
    monkeypatch.setenv("TALLYWARD_LANG", "en")

    def command(*arguments: str) -> str:
        capsys.readouterr()
        assert run([*arguments, "--folder", str(tmp_path / "home")]) == 0, capsys.readouterr().err
        return capsys.readouterr().out.strip()

    return command


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[[], Demo]]:
    """Starts `tallyward serve` on this installation; it must end cleanly when it is told to."""
    running: list[subprocess.Popen[str]] = []

    def start() -> Demo:
        told = tmp_path / "serve.log"
        command = [str(Path(sys.executable).with_name("tallyward")), "serve", "--folder", str(tmp_path / "home")]
        with told.open("w") as log:
            process = subprocess.Popen(
                [*command, "--port", "0"],
                stderr=log,
                stdout=log,
                text=True,
                env={**os.environ, "TALLYWARD_LANG": "en", "COLUMNS": "200"},
            )
        running.append(process)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            address = re.search(r"Console: (http://\S+)", told.read_text())
            password = re.search(r"one-time password, shown only now: (\S+)", told.read_text())
            if address and password:
                return Demo(address[1], password[1], tmp_path / "home", process)
            time.sleep(0.1)
        pytest.fail(f"the console did not come up:\n{told.read_text()}")

    yield start
    for process in running:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0


def test_from_register_to_activate_to_trace(
    browser: Browser, say: Say, served: Callable[[], Demo], tmp_path: Path
) -> None:
    operator, cards = _fleet(say, tmp_path)
    _ledger(say, operator, cards, tmp_path)
    demo = served()
    page = still_page(browser)
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    demo.sign_in(page)
    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    # The card page: every hand and state, each signed, each with its receipt.
    page.goto(f"{demo.address}cards?q={cards[0]}")
    page.get_by_test_id("card-link").first.click()
    expect(page.get_by_test_id("card-identity")).to_be_visible()
    card = page.url
    chain = page.get_by_test_id("card-chain")
    expect(chain.get_by_test_id("chain-step")).to_have_count(6)
    expect(chain.get_by_test_id("chain-step").last).to_contain_text("active")
    expect(chain.get_by_test_id("chain-step").last).to_contain_text(f"{operator}hosted key")
    with page.expect_download() as kept:
        chain.get_by_test_id("receipt").last.click()
    _is_verified(say, Path(kept.value.path()), tmp_path)

    # Meanwhile a command adds a card's way to the ledger; the running console takes it up.
    say("custody", "offer", "LOT-1:2-3", "--as", operator, "--to", RESELLER)
    page.goto(f"{demo.address}custody")
    expect(page.get_by_test_id("custody-lots")).to_have_text("1")
    expect(page.get_by_test_id("custody-offers")).to_have_text("2")
    expect(page.get_by_test_id("offer-row")).to_have_count(2)
    expect(page.get_by_test_id("custody-breaks")).to_contain_text("No chain is broken", timeout=WAIT_MS)
    expect(page.get_by_test_id("custody-health")).to_contain_text("by the log alone")
    expect(page.get_by_test_id("custody-validators")).to_contain_text("This ledger is an embedded one")
    expect(page.get_by_test_id("custody-dwell").get_by_role("row")).to_have_count(3)  # heading, operator, shop
    page.get_by_test_id("lot-row").get_by_role("link").click()
    expect(page.get_by_test_id("custody-holdings")).to_contain_text(SHOP)

    # Credit: asked for in the operator's name, explained, noted.
    page.goto(f"{demo.address}credit")
    page.get_by_test_id("credit-link").filter(has_text="Corner shop").click()
    expect(page.get_by_test_id("credit-score")).to_have_text(re.compile(r"^[0-9,]+$"))
    expect(page.get_by_test_id("credit-reasons")).to_contain_text(
        re.compile("new or has handled few cards.*nothing held against it", re.DOTALL)
    )
    expect(page.get_by_test_id("credit-found")).to_contain_text("Look-ups until now: 1")

    _in_both_languages_at_both_widths(page, demo, card)
    page.close()
    assert not complaints


def _in_both_languages_at_both_widths(page: Page, demo: Demo, card: str) -> None:
    for language, words in zip(LANGUAGES, ("Chain of custody", "流转链"), strict=True):
        speak(page, demo, language)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for name, address in (
                ("custody", f"{demo.address}custody?open=LOT-1"),
                ("chain", card),
                ("credit", f"{demo.address}credit?open={SHOP}"),
            ):
                page.goto(address)
                if name == "chain":
                    expect(page.get_by_test_id("card-chain").get_by_role("heading")).to_have_text(words)
                    expect(page.get_by_test_id("chain-step")).to_have_count(6)
                elif name == "credit":
                    expect(page.get_by_test_id("credit-score")).to_be_visible()
                else:
                    expect(page.get_by_test_id("custody-holdings")).to_contain_text(SHOP)
                _is_sound(page, f"{name}-{width}-{language}")


def _fleet(say: Say, tmp_path: Path) -> tuple[str, list[str]]:
    """A small fleet in the registry; one operator's code and the numbers of four cards of it."""
    simulate_fleet(tmp_path / "fleet", cards=300, terminals=200, seed=3, day=date(2026, 3, 2), batches=1)
    for kind in IMPORT_ORDER:
        say("import", kind.value, str(tmp_path / "fleet" / "registry" / f"{kind.value}.csv"))
    with (tmp_path / "fleet" / "registry" / "cards.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows[0]["operator"], [row["iccid"] for row in rows if row["operator"] == rows[0]["operator"]][:4]


def _ledger(say: Say, operator: str, cards: list[str], tmp_path: Path) -> None:
    """One card goes all the way to active, one waits in the shop, one is offered."""
    say("custody", "begin", "--origin", "ledger.test/cards", "--operator", f"{operator}=Operator")
    for code, kind, name in ((RESELLER, "reseller", "Reseller"), (SHOP, "retail", "Corner shop")):
        say("custody", "member", code, "--kind", kind, "--name", name)
    numbers = tmp_path / "numbers.txt"
    numbers.write_text("\n".join(cards))
    say("custody", "register", "LOT-1", str(numbers), "--as", operator, "--product", "NB-IoT")
    offer = say("custody", "offer", "LOT-1:0-1", "--as", operator, "--to", SHOP)
    say("custody", "accept", offer[:12], "--as", SHOP)
    say("custody", "offer", cards[1], "--as", SHOP, "--to", RESELLER)
    persons = tmp_path / "persons.csv"
    persons.write_text(f"card,document,number,name\n{cards[0]},passport-DEU,C01X00T47,Erika Mustermann\n")
    request = say("custody", "request", str(persons), "--as", SHOP)
    say("custody", "approve", request[:12], "--as", operator)
    say("custody", "activate", request[:12], "--as", operator)


def _is_verified(say: Say, receipt: Path, tmp_path: Path) -> None:
    """The receipt's head is one that the whole ledger keeps to."""
    kept = tmp_path / "kept.tlog-proof"
    kept.write_bytes(receipt.read_bytes())
    assert kept.read_text(encoding="utf-8").startswith("c2sp.org/tlog-proof@v1\n")
    say("custody", "verify", "--head", str(kept))


def _is_sound(page: Page, name: str) -> None:
    page.wait_for_timeout(300)
    picture(page, f"custody-{name}", whole=True)
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, f"{name} is {overflow} pixels too wide"
    assert page.get_by_test_id("problem").count() == 0
    if AXE.is_file():
        assert violations(page, AXE.read_text(encoding="utf-8")) == []
