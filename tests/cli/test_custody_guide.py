"""The guide's commands, typed as they stand there."""

import re
import shlex
from pathlib import Path

import pytest

from tallyward.cli.root import run
from tests.cli.custody_chain import NUMBERS

GUIDE = Path(__file__).parents[2] / "docs" / "custody.md"


def test_every_command_of_the_guide_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("numbers.txt").write_text("\n".join(NUMBERS), encoding="ascii")
    Path("persons.csv").write_text(
        f"card,document,number,name\n{NUMBERS[0]},cn-id,11010519491231002X,Zhang San\n", encoding="utf-8"
    )
    (block,) = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
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
