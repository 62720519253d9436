"""The benchmark of broken chains and credit, run as a person would on what takes seconds."""

import json
import subprocess
import sys
from pathlib import Path

from report import OTHERS

ROOT = Path(__file__).resolve().parents[2]


def test_each_figure_is_measured_and_what_is_found_is_exact(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "custody_risk.py"), "--lots", "2", "--spans", "50"]
    command += ["--numbers", "5000", "--entries", "1500", "--json", str(tmp_path / "told.json")]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert set(told) == set(OTHERS["custody_risk"][2])
    assert told["breaks_exact"]
    assert told["reconciliation_exact"]
    assert told["scores_same_again"]
    assert (told["spans"], told["organisations"]) == (100, 1000)
