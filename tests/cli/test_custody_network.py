import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tallyward.cli.root import run
from tests.custody.network import cometbft_or_skip, until

SOURCE = Path(__file__).parents[2] / "src"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_command_starts_validators_and_ends_them(tmp_path: Path, number: signal.Signals) -> None:
    cometbft_or_skip()
    words = ["custody", "network", "--validators", "2", "--folder", str(tmp_path / "trial")]
    pids: dict[str, int] = {}
    roots: dict[str, str] = {}
    with subprocess.Popen(
        [sys.executable, "-c", "from tallyward.cli import main; main()", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TALLYWARD_LANG": "en", "PYTHONPATH": str(SOURCE)},
    ) as process:
        try:
            assert process.stdout is not None
            while len(roots) < 2:
                name, address, state, pid, _, entries, root = process.stdout.readline().rstrip("\n").split("\t")
                assert address.startswith("http://127.0.0.1:")
                if entries == "2" and state == "runs":
                    pids[name], roots[name] = int(pid), root
            assert set(roots) == {"ORG1", "ORG2"}
            assert len(set(roots.values())) == 1
            process.send_signal(number)
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "Stopping" in said

    def ended() -> bool:
        return not any(Path(f"/proc/{pid}").exists() for pid in pids.values())

    until(ended, 10)


def test_without_cometbft_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    assert run(["custody", "network", "--folder", str(tmp_path / "trial")]) == 4
    assert "make cometbft" in capsys.readouterr().err


def test_too_many_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["custody", "network", "--validators", "99", "--folder", str(tmp_path / "trial")]) == 2
    assert "custody.validators_number" in capsys.readouterr().err
