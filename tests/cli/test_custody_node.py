"""Organisations with nodes of their own, by the commands: founded, run, killed, caught up, let in."""

import os
import signal
from pathlib import Path

import pytest

from tallyward.cli.root import run
from tests.cli.own_nodes import GOVERNORS, HURRY, Consortium, consortium
from tests.custody.adapters.test_cometbft_node import gone
from tests.custody.network import until


def signed(found: dict[str, object]) -> set[str]:
    """Members whose validators signed the last block."""
    rows = found.get("validators")
    assert isinstance(rows, list)
    return {row["member"] for row in rows if row["signed"]}


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
