"""Organisations that run their own nodes by the commands: keys and lines made, a first entry signed, nodes started."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tallyward.cli.root import run
from tallyward.custody.adapters.cometbft_network import free_ports
from tests.custody.network import cometbft_or_skip, until

SOURCE = Path(__file__).parents[2] / "src"
GOVERNORS = {"OP": "operator", "OP2": "operator", "REG": "regulator", "REG2": "regulator"}
HURRY = 60.0
"""Seconds for a command to end, on a machine that is busy."""


class Consortium:
    """`folder`: holds OP.key, OP.node/, ..., lines.txt and first.draft."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        cometbft_or_skip()
        self.folder, self._capsys = folder, capsys
        self.processes: dict[str, subprocess.Popen[str]] = {}

    def said(self, *words: str, exit_code: int = 0) -> str:
        """What a command of custody answers; `aside`: what it says beside."""
        self._capsys.readouterr()
        found = run(["custody", *words])
        captured = self._capsys.readouterr()
        self.aside = captured.err
        assert found == exit_code, captured.err
        return captured.out.strip()

    def key(self, name: str) -> str:
        """A new key's public half."""
        return self.said("key", str(self.folder / f"{name}.key"))

    def node(self, name: str) -> Path:
        """Where an organisation's node lies."""
        return self.folder / f"{name}.node"

    def make(self, name: str) -> str:
        """A new node's line."""
        p2p, rpc = free_ports(2)
        words = ["--member", name, "--address", f"127.0.0.1:{p2p}", "--rpc", str(rpc)]
        return self.said("node", "make", str(self.node(name)), *words)

    def found(self) -> str:
        """Let four governors found a ledger; its id."""
        keys = {name: self.key(name) for name in GOVERNORS}
        lines = self.folder / "lines.txt"
        lines.write_text("".join(f"{self.make(name)}\n" for name in GOVERNORS))
        words = ["--origin", "ledger.example/cards", "--lines", str(lines)]
        for name, kind in GOVERNORS.items():
            words += [f"--{kind}", f"{name}=The {name}", "--public", f"{name}={keys[name]}"]
        draft = str(self.folder / "first.draft")
        self.said("node", "draft", draft, *words)
        for name in GOVERNORS:
            self.said("sign", draft, "--key", str(self.folder / f"{name}.key"))
        ledger = self.said("node", "read", draft)
        assert {self.said("node", "begin", str(self.node(name)), draft) for name in GOVERNORS} == {ledger}
        return ledger

    def start(self, *names: str) -> None:
        """Start nodes, and wait until they answer."""
        for name in names:
            words = ["custody", "node", "run", str(self.node(name)), "--peers", str(self.folder / "lines.txt")]
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-c", "from tallyward.cli import main; main()", *words],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, "TALLYWARD_LANG": "en", "PYTHONPATH": str(SOURCE)},
            )
        for name in names:
            said = self.processes[name].stderr
            assert said is not None
            assert "Starting" in said.readline()
            line = said.readline()
            assert f"The node of {name} runs" in line, line + said.read()

    def end(self, name: str, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """End a node by a signal: (exit code, what it said)."""
        process = self.processes.pop(name)
        process.send_signal(number)
        _, said = process.communicate(timeout=HURRY)
        return process.returncode, said

    def status(self, name: str) -> dict[str, object]:
        """What a node tells; nothing of one that does not answer yet."""
        self._capsys.readouterr()
        code = run(["custody", "node", "status", str(self.node(name)), "--json", "-"])
        out = self._capsys.readouterr().out
        found: dict[str, object] = json.loads(out) if code == 0 else {}
        return found

    def height(self, name: str) -> int:
        """The last block of a node that has caught up."""
        found = self.status(name)
        return int(str(found["height"])) if found.get("behind") is False else 0


@contextmanager
def consortium(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Consortium]:
    """A consortium whose nodes run; none is left behind."""
    made = Consortium(folder, capsys)
    made.found()
    try:
        made.start(*GOVERNORS)
        until(lambda: all(made.status(name).get("entries") for name in GOVERNORS))
        yield made
    finally:
        for process in made.processes.values():
            process.kill()
            process.communicate()
