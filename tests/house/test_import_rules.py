"""The import contracts bite: each is broken on purpose in a copy of the source, and must say so."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BREACHES = {
    "1 The house": ("kernel/clock.py", "import tallyward.registry.model\n"),
    "2 A room": ("records/ports.py", "import tallyward.records.service\n"),
    "3 Pure": ("detect/cards/finding.py", "import duckdb\n"),
    "4 Adapters": ("cli/__init__.py", "import tallyward.registry.adapters.database\n"),
    "5 The ground": ("kernel/paging.py", "import numpy\n"),
    "6 No circles": ("kernel/clock.py", "import tallyward.kernel.errors\nimport tallyward.kernel.paging\n"),
}


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_seen(contract: str, tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("static", "__pycache__", "*.egg-info")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    name, line = BREACHES[contract]
    module = tmp_path / "src" / "tallyward" / name
    module.write_text(module.read_text(encoding="utf-8") + line, encoding="utf-8")
    if contract.startswith("6"):
        errors = tmp_path / "src" / "tallyward" / "kernel" / "errors.py"
        errors.write_text(errors.read_text(encoding="utf-8") + "import tallyward.kernel.clock\n", encoding="utf-8")
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run(
        [lint, "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    broken = [row for row in result.stdout.splitlines() if " BROKEN" in row]
    assert result.returncode == 1, result.stdout + result.stderr
    assert any(row.startswith(contract) for row in broken), result.stdout
