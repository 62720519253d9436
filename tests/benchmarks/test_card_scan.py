"""The benchmark of the traversal, run as a person would on a fleet that takes seconds."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from card_scan import of_plan, told_together
from peers import PLANS

ROOT = Path(__file__).resolve().parents[2]
PEERS = [name for name in PLANS if name != "floor"]

pytestmark = pytest.mark.xdist_group("card_scan")


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("bench")
    command = [sys.executable, str(ROOT / "benchmarks" / "card_scan.py"), "--cards", "2000", "--fault-share", "1"]
    command += ["--repeats", "1", "--folder", str(folder), "--json", str(folder / "told.json")]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    told: dict[str, Any] = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    return told


@pytest.mark.slow
@pytest.mark.parametrize("name", PEERS)
def test_each_plan_finds_exactly_what_was_planted(name: str, figures: dict[str, Any]) -> None:
    of = figures["plans"][name]
    if of.get("left_out") == "missing":
        pytest.skip(f"{of['why']}; the packages of the extra `bench` bring it")
    assert of["exact"], of
    assert of["cpu_s"] > 0
    assert of["peak_mb"] > 50


def test_a_plan_that_is_not_exact_in_one_of_its_runs_is_not_exact() -> None:
    good = {"cpu": 1.0, "wall": 1.0, "peak_mb": 10, "missed": 0, "false": 0}
    assert of_plan([good, good])["exact"]
    assert not of_plan([good, good | {"missed": 1}])["exact"]
    assert not of_plan([good | {"false": 1}, good])["exact"]


def test_figures_are_medians_and_the_highest_memory() -> None:
    runs = [{"cpu": cpu, "wall": 2 * cpu, "peak_mb": 9 * cpu, "missed": 0, "false": 0} for cpu in (3.0, 1.0, 8.0)]
    assert of_plan(runs) == {"cpu_s": 3.0, "wall_s": 6.0, "peak_mb": 72, "exact": True, "runs": 3}


def test_one_stopped_run_leaves_the_plan_out() -> None:
    good = {"cpu": 1.0, "wall": 1.0, "peak_mb": 10, "missed": 0, "false": 0}
    assert of_plan([good, {"left_out": "time", "peak_mb": 70}])["left_out"] == "time"


def test_plain_sql_is_the_faster_of_its_two_ways_and_may_be_missing(tmp_path: Path) -> None:
    def run(cpu: float) -> list[dict[str, Any]]:
        return [{"cpu": cpu, "wall": cpu, "peak_mb": 1, "missed": 0, "false": 0, "others_cores": 0.1}]

    class Day:
        cards, records = 10, 100

        def truth(self) -> set[tuple[int, str]]:
            return {(1, "R1"), (1, "R2")}

    runs = {"floor": run(2.0), "ours": run(6.0), "duckdb_each": run(30.0), "duckdb_one": run(12.0)}
    told = told_together(runs, Day(), 0.1)  # type: ignore[arg-type]
    assert (told["cpu_over_floor"], told["speedup_over_plain_sql"]) == (3.0, 2.0)
    assert (told["cards_with_faults"], told["exact"], told["others_cores"]) == (1, True, 0.1)
    runs |= {name: [{"left_out": "memory", "peak_mb": 8_001}] for name in ("duckdb_each", "duckdb_one")}
    assert told_together(runs, Day(), 0.1)["speedup_over_plain_sql"] is None  # type: ignore[arg-type]
