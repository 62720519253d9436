"""The console beside an organisation's own node: who validates, in a real browser, in both languages, on a phone too."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from nacl.signing import SigningKey
from playwright.sync_api import Browser, expect

from tallyward.custody.adapters.cometbft_network import free_ports
from tallyward.custody.adapters.cometbft_node import Node
from tallyward.custody.adapters.witness_http_server import WitnessServer
from tallyward.custody.adapters.witness_store import WitnessStore
from tallyward.custody.checkpoint import LOG, WITNESS
from tallyward.custody.circulation_rules import shipped
from tallyward.custody.entry import parse_entry
from tallyward.custody.note_keys import parse_key, secret_of
from tallyward.custody.signing import countersigned
from tallyward.kernel.clock import SystemClock
from tallyward.wiring.custody.node import OwnFounder, begin_node, draft_first, make_node, node_standing, running_node
from tests.custody.network import cometbft_or_skip, until
from tests.journeys.pages import LANGUAGES, WIDTHS, speak, still_page
from tests.journeys.running_demo import Demo
from tests.journeys.test_custody import _is_sound, served

__all__ = ["served"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What ends with the test."""
    with ExitStack() as last:
        yield last


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    """A node that runs, beside which the platform of this test starts."""
    cometbft_or_skip()
    home, key = tmp_path / "node", SigningKey.generate()
    p2p, rpc = free_ports(2)
    line = make_node(home, "OP", f"127.0.0.1:{p2p}", rpc)
    founder = OwnFounder("OP", "operator", "Example Mobile", bytes(key.verify_key))
    draft = draft_first("ledger.example/cards", [founder], [line], (shipped("cn-2022"),))
    begin_node(home, countersigned(parse_entry(draft).body, key))
    monkeypatch.setenv("TALLYWARD_CUSTODY_NODE", str(home))
    with running_node(home, []) as running:
        until(lambda: node_standing(home).seen.blocks > 0)
        yield running


def test_validators_and_witnesses_are_seen_and_so_is_a_node_that_stops(
    node: Node,
    tmp_path: Path,
    stack: ExitStack,
    monkeypatch: pytest.MonkeyPatch,
    browser: Browser,
    served: Callable[[], Demo],
) -> None:
    witness = secret_of("witness.example/w1", SigningKey.generate(), WITNESS)
    log = [parse_key(node_standing(node.seat.home).log_key, LOG)]
    server = stack.enter_context(WitnessServer(WitnessStore(tmp_path, witness, log, SystemClock())))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stack.callback(server.shutdown)
    monkeypatch.setenv("TALLYWARD_CUSTODY_WITNESSES", f"{witness.key.text()}={server.url}")
    demo = served()
    page = still_page(browser)
    demo.sign_in(page)
    until((demo.folder / "custody" / "cosigned.note").exists)
    told = (("in step", "signed the newest head"), ("同步", "已签最新账本头"))
    for language, (words, signed) in zip(LANGUAGES, told, strict=True):
        speak(page, demo, language)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(f"{demo.address}custody")
            expect(page.get_by_test_id("validator-row")).to_have_count(1)
            expect(page.get_by_test_id("validator-row")).to_contain_text("OP")
            expect(page.get_by_test_id("custody-validators")).to_contain_text(words)
            expect(page.get_by_test_id("witness-row")).to_contain_text(signed)
            expect(page.get_by_test_id("witness-row")).to_contain_text("witness.example/w1")
            _is_sound(page, f"validators-{width}-{language}")
    shown = page.get_by_test_id("custody-health").get_by_text(log[0].text())
    expect(shown).to_be_visible()
    node.stop()
    page.reload()
    expect(page.get_by_test_id("custody-validators")).to_contain_text("OP 的节点没有应答")
    expect(shown).to_be_visible()  # what the node has kept is read all the same
    page.close()
