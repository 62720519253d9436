"""The guide's commands, typed as they stand there."""

import os
import re
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tallyward.cli.root import run
from tallyward.custody.adapters.cometbft_network import free_ports
from tests.cli.custody_chain import NUMBERS
from tests.custody.network import cometbft_or_skip

ROOT = Path(__file__).parents[2]
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "custody.md").read_text(encoding="utf-8"), re.DOTALL)


def test_every_command_of_the_guide_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("numbers.txt").write_text("\n".join(NUMBERS), encoding="ascii")
    Path("persons.csv").write_text(
        f"card,document,number,name\n{NUMBERS[0]},cn-id,11010519491231002X,Zhang San\n", encoding="utf-8"
    )
    block = BLOCKS[0]
    last = ""
    for line in block.splitlines():
        words = shlex.split(line, comments=True)
        words = [last if word in {"OFFER", "REQUEST"} and at > 2 else word for at, word in enumerate(words)]
        capsys.readouterr()
        assert run(words[1:]) == 0, line
        out = capsys.readouterr().out.strip()
        if words[2] in {"offer", "request"}:
            last = out
    assert "All is well" in out


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_organisations_run_their_nodes_as_the_guide_says(tmp_path: Path) -> None:
    program = cometbft_or_skip()
    (tmp_path / "numbers.txt").write_text("\n".join(NUMBERS), encoding="ascii")
    typed = tmp_path / "bin" / "tallyward"
    typed.parent.mkdir()
    typed.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from tallyward.cli import main; main()" "$@"\n')
    typed.chmod(0o755)
    _, made, used = BLOCKS
    for port, free in zip(re.findall(r"\b266[0-9]{2}\b", made), free_ports(4), strict=True):
        made = made.replace(port, str(free))
    wait = "for turn in $(seq 60); do tallyward custody node status op-node && break; sleep 1; done\n"
    script = f"set -e\ntrap 'kill $(jobs -p); wait' EXIT\n{made}{wait}{used}"
    paths = os.pathsep.join([str(typed.parent), str(program.parent), os.environ["PATH"]])
    typing = subprocess.Popen(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": paths, "PYTHONPATH": str(ROOT / "src"), "TALLYWARD_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        said, aside = typing.communicate(timeout=800)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(typing.pid, signal.SIGKILL)
    assert typing.returncode == 0, aside
    assert "All is well: " in said.splitlines()[-1]
    assert aside.count("Stopping ...") == 2
