"""An installation with a small simulated fleet, made once by the commands themselves."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run
from tallyward.registry.columns import IMPORT_ORDER
from tallyward.simulate.folder import simulate_fleet

DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALLYWARD_LANG", "en")
    for name in ("TALLYWARD_HOME", "TALLYWARD_RULES", "TALLYWARD_DATABASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def handed_over(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an operator hands over: registry/*.csv, records/*, truth.json."""
    folder = tmp_path_factory.mktemp("handed-over")
    simulate_fleet(folder, cards=300, terminals=200, seed=3, day=DAY, batches=4)
    return folder


@pytest.fixture(scope="session")
def imported(handed_over: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that has imported it; nobody writes to this one."""
    home = tmp_path_factory.mktemp("imported")
    for kind in IMPORT_ORDER:
        assert (
            run(["import", kind.value, str(handed_over / "registry" / f"{kind.value}.csv"), "--folder", str(home)]) == 0
        )
    records = sorted((handed_over / "records").iterdir())
    # Exit code 1: the hand-over holds bad rows and a broken file on purpose.
    assert run(["import", "records", *map(str, records), "--folder", str(home), "--source", "msc"]) == 1
    return home


@pytest.fixture
def home(imported: Path, tmp_path: Path) -> Path:
    """A copy to work on."""
    return Path(shutil.copytree(imported, tmp_path / "home"))


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Run a command with --json - and give what it answers, which is all of its standard output."""

    def ask(*arguments: str, exit_code: int = 0) -> Any:
        capsys.readouterr()
        assert run([*arguments, "--json", "-"]) == exit_code
        return json.loads(capsys.readouterr().out)

    return ask
