import json
import subprocess
import sys
from pathlib import Path

import pytest

from tallyward.cli.root import run

TALLYWARD = Path(sys.executable).with_name("tallyward")


@pytest.mark.parametrize("seed", [1, 2])
def test_once_finds_exactly_what_was_planted(seed: int, tmp_path: Path) -> None:
    command = ["demo", "--once", "--cards", "2000", "--terminals", "800", "--seed", str(seed), "--json", "-"]
    done = subprocess.run([TALLYWARD, *command], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["planted"] == told["found"]
    assert {"R0.unknown_card", "R0.unknown_cell", "R1", "R2", "R3", "R4", "R5", "R6", "R7"} == set(told["planted"])
    assert (told["missed"], told["false"]) == (0, 0)
    assert told["records"] > 10_000
    assert told["seconds"] > 0
    for name in ("breaks", "refusals"):
        found = told["custody"][name]
        assert (found["missed"], found["invented"]) == ([], [])
        assert all(one["planted"] == one["found"] > 0 for one in found["kinds"].values())
    assert {"stock_in_use", "not_in_lot", "transit_overdue", "stock_difference"} < set(
        told["custody"]["breaks"]["kinds"]
    )
    assert not list(tmp_path.iterdir())


def test_a_fleet_too_small_for_its_faults_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--once", "--cards", "99", "--folder", str(tmp_path / "x")]) == 2
    assert "--cards" in capsys.readouterr().err


def test_a_folder_in_use_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    holder = (
        "import sys,time; from pathlib import Path; from tallyward.wiring.folder import holding\n"
        "with holding(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", holder, tmp_path], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert run(["demo", "--once", "--cards", "500", "--terminals", "300", "--folder", str(tmp_path)]) == 5
        assert "wiring.folder_in_use" in capsys.readouterr().err
        other.kill()
