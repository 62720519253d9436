"""A node's processes: found in the right version, ended with each other and with who started them."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from tallyward.custody.adapters.cometbft_home import Seat, make_home
from tallyward.custody.adapters.cometbft_network import Network
from tallyward.custody.adapters.cometbft_node import Node, find_cometbft
from tallyward.kernel.errors import TallywardError
from tests.custody.network import cometbft_or_skip, until
from tests.custody.validators import VOTES, genesis


def fake(folder: Path, text: str) -> None:
    """A program called cometbft that says something."""
    (folder / "cometbft").write_text(f"#!/bin/sh\necho {text}\n")
    (folder / "cometbft").chmod(0o755)


def test_only_the_series_that_we_speak_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path / "none"))
    for text in ("1.0.1", "nonsense", "0.37.9"):
        fake(tmp_path, text)
        with pytest.raises(TallywardError, match="no_cometbft"):
            find_cometbft()
    fake(tmp_path, "0.38.25+abc")
    assert find_cometbft() == tmp_path / "cometbft"
    (tmp_path / "cometbft").chmod(0o644)
    with pytest.raises(TallywardError, match="no_cometbft"):
        find_cometbft()


def test_an_application_that_does_not_start(tmp_path: Path) -> None:
    seat = Seat("OP", tmp_path / "OP", "127.0.0.1:1", 2, SigningKey.generate(), VOTES["OP"])
    make_home(seat)
    node = Node(seat, Path("/bin/false"), (sys.executable, "-c", "raise SystemExit('no')"))
    with pytest.raises(TallywardError, match="node_not_started"):
        node.start()
    assert (seat.home / "app.log").read_text() == "no\n"
    assert not node.alive


def started(tmp_path: Path) -> Node:
    """A node that validates alone, or waits for others: it answers either way."""
    cometbft_or_skip()
    nodes = Network(tmp_path, genesis())
    nodes.add({"OP": VOTES["OP"]})
    nodes.start()
    return nodes.nodes["OP"]


def test_each_process_ends_with_the_other(tmp_path: Path) -> None:
    node = started(tmp_path)
    app, engine = node.app, node.engine
    assert app is not None
    assert engine is not None
    node.check()
    app.kill()
    assert engine.wait(60) is not None
    with pytest.raises(TallywardError, match="node_ended"):
        node.check()
    node.start()
    assert node.alive
    node.stop()
    assert not node.alive


STARTER = """
import sys
sys.path[:0] = sys.argv[2:]
from pathlib import Path
from tests.custody.adapters.test_cometbft_node import started
node = started(Path(sys.argv[1]))
print(node.app.pid, node.engine.pid, flush=True)
sys.stdin.read()
"""


def test_both_end_with_who_started_them(tmp_path: Path) -> None:
    cometbft_or_skip()
    root = Path(__file__).parents[3]
    words = [sys.executable, "-c", STARTER, str(tmp_path), str(root), str(root / "src")]
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    starter = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=root, start_new_session=True
    )
    assert starter.stdout is not None
    assert starter.stdin is not None
    pids = [int(one) for one in starter.stdout.readline().split()]
    assert len(pids) == 2
    starter.kill()
    starter.wait()
    starter.stdout.close()
    starter.stdin.close()
    until(gone(*pids))


def gone(*pids: int) -> Callable[[], bool]:
    """Whether none of these processes runs; one that nobody has waited for has ended too."""

    def check() -> bool:
        for pid in pids:
            try:
                state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if state != "Z":
                return False
        return True

    return check
