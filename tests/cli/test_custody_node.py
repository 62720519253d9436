"""Organisations with nodes of their own, by the commands: founded, run, killed, caught up, let in."""

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from tallyward.cli.root import run
from tallyward.custody import credit_statement
from tallyward.custody.adapters.witness_http_server import WitnessServer
from tallyward.custody.adapters.witness_store import WitnessStore
from tallyward.custody.checkpoint import LOG, WITNESS
from tallyward.custody.note_keys import parse_key, secret_of
from tallyward.custody.verify_receipt import verify
from tallyward.kernel.clock import SystemClock
from tests.cli.custody_chain import NUMBERS
from tests.cli.own_nodes import GOVERNORS, HURRY, Consortium, consortium
from tests.custody.adapters.test_cometbft_node import gone
from tests.custody.network import until


def signed(found: dict[str, object]) -> set[str]:
    """Members whose validators signed the last block."""
    return {str(row["member"]) for row in validators(found) if row["signed"]}


@pytest.mark.slow
def test_nodes_of_four_organisations_form_a_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with consortium(tmp_path, capsys) as them:
        until(lambda: signed(them.status("OP")) == {*GOVERNORS})
        found = {name: them.status(name) for name in GOVERNORS}
        assert {(one["entries"], one["root"], one["peers"]) for one in found.values()} == {(2, found["OP"]["root"], 3)}
        assert len({one["log_key"] for one in found.values()}) == 4
        assert str(found["OP"]["line"]) in (tmp_path / "lines.txt").read_text()
        assert "signed" in them.said("node", "status", str(them.node("OP")))
        children = children_of(them.processes["REG"].pid)
        assert len(children) == 2
        them.end("REG", signal.SIGKILL)
        until(lambda: "REG" not in signed(them.status("OP")))
        before = them.height("OP")
        until(gone(*children))
        them.start("REG")
        until(lambda: them.height("REG") > before)
        until(lambda: signed(them.status("OP")) == {*GOVERNORS})
        assert run(["custody", "node", "run", str(them.node("OP2")), "--peer", "nonsense"]) == 2
        engine = next(pid for pid in children_of(them.processes["OP2"].pid) if "cometbft" in command(pid))
        os.kill(engine, signal.SIGKILL)
        process = them.processes.pop("OP2")
        _, said = process.communicate(timeout=HURRY)
        assert process.returncode == 6
        assert "custody.node_ended" in said
        assert "cometbft.log" in said
        children = children_of(them.processes["REG2"].pid)
        code, said = them.end("REG2")
        assert (code, "Stopping" in said) == (0, True)
        assert gone(*children)()


class Office:
    """A platform beside an organisation's node: what it says, with the organisation's own key."""

    def __init__(self, them: Consortium, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.them, self.name = them, name
        self.home = them.folder / f"{name}.home"
        monkeypatch.setenv("TALLYWARD_CUSTODY_NODE", str(them.node(name)))

    def said(self, *words: str, exit_code: int = 0) -> str:
        """What a command answers."""
        return self.them.said(*words, "--folder", str(self.home), exit_code=exit_code)

    def says(self, who: str, *words: str, exit_code: int = 0) -> str:
        """The same, signed with a key of `who`."""
        return self.said(*words, "--key", str(self.them.folder / f"{who}.key"), exit_code=exit_code)

    def way(self, card: str) -> list[str]:
        """The entries of a card's way."""
        return [one["hash"] for one in json.loads(self.said("trace", card, "--json", "-"))["steps"]]

    def decided(self, *words: str) -> None:
        """Something that three of four governors sign."""
        draft = str(self.them.folder / "decision")
        self.said(*words, "--draft", draft)
        for name in ("OP", "OP2", "REG"):
            self.them.said("sign", draft, "--key", str(self.them.folder / f"{name}.key"))
        self.said("submit", draft)


@pytest.mark.slow
def test_the_platform_beside_a_node_does_all_that_it_does_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with consortium(tmp_path, capsys) as them:
        office = Office(them, "OP", monkeypatch)
        for code, kind in (("RES", "reseller"), ("SHOP", "retail")):
            office.decided("member", code, "--kind", kind, "--name", f"The {code}", "--public", them.key(code))
        numbers = tmp_path / "numbers.txt"
        numbers.write_text("\n".join(NUMBERS))
        office.says("OP", "register", "lot-1", str(numbers), "--as", "OP")
        office.says("OP", "register", "lot-1", str(numbers), "--as", "OP", exit_code=5)
        offer = office.says("OP", "offer", "lot-1", "--as", "OP", "--to", "RES")
        office.says("SHOP", "accept", offer, "--as", "SHOP", exit_code=3)
        assert "custody.not_buyer" in them.aside
        office.says("RES", "accept", offer, "--as", "RES")
        offer = office.says("RES", "offer", "lot-1:0-9", "--as", "RES", "--to", "SHOP")
        office.says("SHOP", "accept", offer, "--as", "SHOP")
        persons = tmp_path / "persons.csv"
        persons.write_text(f"card,document,number,name\n{NUMBERS[0]},cn-id,11010519491231002X,Zhang San\n")
        request = office.said("request", str(persons), "--as", "SHOP", "--key", str(tmp_path / "SHOP.key"))
        office.says("OP", "approve", request, "--as", "OP")
        office.says("OP", "activate", request, "--as", "OP")
        traced = json.loads(office.said("trace", NUMBERS[0], "--json", "-"))
        assert [one["state"] for one in traced["steps"]][-1] == "ACTIVE"
        assert {signer["hosted"] for step in traced["steps"] for signer in step["signed_by"]} == {False}
        assert "All is well" in office.said("verify")
        shown = json.loads(office.said("show", "--json", "-"))
        assert shown["log_key"] == them.status("OP")["log_key"]
        text = office.said("receipt", str(traced["steps"][-1]["entry"])) + "\n"
        assert verify(text, shown["log_key"], [])["size"] == shown["entries"]
        assert office.said("credit", "RES", "--as", "OP", "--out", str(tmp_path / "statement"))
        keys = [parse_key(shown["log_key"], LOG).public]
        now = int(time.time())
        assert credit_statement.verify((tmp_path / "statement").read_bytes(), keys, now).organisation == "RES"
        witnessed(office, shown["log_key"])
        until(lambda: them.status("OP2").get("entries") == shown["entries"])
        other = Office(them, "OP2", monkeypatch)
        assert other.way("lot-1:0") == [one["hash"] for one in traced["steps"]]
        assert json.loads(other.said("show", "--json", "-"))["log_key"] == them.status("OP2")["log_key"]
        line = them.make("RES")
        other.decided("node", "admit", line)
        until(lambda: len(validators(them.status("OP2"))) == 5)
        them.said("node", "begin", str(them.node("RES")), str(tmp_path / "first.draft"))
        assert "follows" in them.aside
        them.start("RES")
        until(lambda: "RES" in signed(them.status("OP2")))
        them.end("OP2")
        other.says("OP2", "offer", "lot-1:20", "--as", "RES", "--to", "SHOP", exit_code=6)
        assert "custody.node_unreachable" in them.aside
        assert other.way("lot-1:0") == [one["hash"] for one in traced["steps"]]


def witnessed(office: Office, log_key: str) -> None:
    """A witness signs the head of the node's copy; receipts carry it, in whatever process."""
    witness = secret_of("witness.example/w", SigningKey.generate(), WITNESS)
    store = WitnessStore(office.them.folder, witness, [parse_key(log_key, LOG)], SystemClock())
    server = WitnessServer(store)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        note = office.said("cosign", "--witness", server.url, witness.key.text())
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert "witness.example/w" in note
    assert "witness.example/w" in office.said("receipt", "2")


def validators(found: dict[str, object]) -> list[dict[str, object]]:
    """All of them."""
    rows = found.get("validators")
    assert isinstance(rows, list)
    return rows


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(one) for task in tasks for one in (task / "children").read_text().split()]


def command(pid: int) -> str:
    """A process's words."""
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[0]


def test_a_first_entry_wants_all_governors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = Consortium(tmp_path, capsys)
    line, public = one.make("OP"), one.key("OP")
    (tmp_path / "lines.txt").write_text(f"{line}\n")
    draft = str(tmp_path / "first.draft")
    words = ["--origin", "a.example/l", "--operator", "OP=Op", "--lines", str(tmp_path / "lines.txt")]
    one.said("node", "draft", draft, *words, exit_code=2)
    one.said("node", "draft", draft, *words, "--public", f"OP={public}", "--regulator", "REG=Reg", exit_code=2)
    assert "cli.founder_key" in one.aside
    ledger = one.said("node", "draft", draft, *words, "--public", f"OP={public}", "--real-name", f"OP={one.key('RN')}")
    assert ledger == ""
    assert "Not signed yet by: OP" in one.aside
    one.said("node", "begin", str(one.node("OP")), draft, exit_code=2)
    one.said("node", "run", str(one.node("OP")), exit_code=4)
    assert "custody.node_not_begun" in one.aside
    one.said("sign", draft, "--key", str(tmp_path / "RN.key"))
    one.said("node", "read", draft)
    assert "Not signed yet by: OP" in one.aside
    one.said("sign", draft, "--key", str(tmp_path / "OP.key"))
    assert len(one.said("node", "read", draft)) == 32
    assert "Not signed" not in one.aside


def test_a_node_is_made_once_and_of_what_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = Consortium(tmp_path, capsys)
    line = one.make("OP")
    assert line.startswith("OP ")
    one.said("node", "make", str(one.node("OP")), "--member", "OP", exit_code=5)
    one.said("node", "make", str(tmp_path / "x"), "--member", "OP", "--address", "nowhere", exit_code=2)
    assert not (tmp_path / "x").exists()
    one.said("node", "status", str(one.node("OP")), exit_code=6)
    one.said("node", "status", str(tmp_path), exit_code=4)
    (tmp_path / "lines.txt").write_text(line.replace("OP ", "RES ", 1))
    words = ["--origin", "a", "--operator", "OP=Op", "--public", f"OP={one.key('OP')}"]
    one.said("node", "draft", str(tmp_path / "d"), *words, "--lines", str(tmp_path / "lines.txt"), exit_code=2)
    assert "custody.validator_no_founder" in one.aside
    one.said("node", "draft", str(tmp_path / "d"), *words, "--lines", str(tmp_path / "none"), exit_code=2)
    assert "cli.no_input" in one.aside
