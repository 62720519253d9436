import copy
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import report
from report import OTHERS, document

SCAN: dict[str, Any] = {
    "cards": 100_000,
    "fault_share": 0.1,
    "cards_with_faults": 160,
    "records": 1_150_000,
    "others_cores": 0.05,
    "plans": {
        "floor": {"cpu_s": 2.0, "wall_s": 1.0, "peak_mb": 300, "exact": True, "runs": 3},
        "ours": {"cpu_s": 8.0, "wall_s": 5.0, "peak_mb": 1_234, "exact": True, "runs": 3},
        "duckdb_each": {"cpu_s": 40.0, "wall_s": 20.0, "peak_mb": 400, "exact": False, "runs": 1},
        "polars": {"left_out": "missing", "why": "polars is not installed"},
        "pandas": {"left_out": "memory", "peak_mb": 8_010},
        "chdb": {"left_out": "failed", "why": "Code: 43 | bad", "peak_mb": 90},
    },
    "limits": {"memory_mb": 8_000, "seconds": 600.0},
    "machine": {
        "cores": 2,
        "memory_gb": 24,
        "processor": "",
        "system": "Linux",
        "python": "3.11.7",
        "versions": {"duckdb": "2.0.0", "pyspark": "4.3.0"},
    },
}


def cells(text: str, title: str, at: int = 0) -> list[str]:
    rows = [line for line in text.splitlines() if line.startswith(f"| {title} |")]
    return [cell.strip() for cell in rows[at].strip("|").split("|")][1:]


def test_a_plan_is_told_beside_the_bare_scan_and_beside_ours() -> None:
    text = document([SCAN], {})
    assert cells(text, "**Tallyward**") == ["4.00", "1.00", "1,234", "yes", "3"]
    assert cells(text, "DuckDB SQL, rule by rule") == ["20.00", "4.00", "400", "**no**", "1"]
    assert cells(text, "bare scan") == ["1.00", "0.20", "300", "—", "3"]


def test_a_plan_without_figures_says_why() -> None:
    text = document([SCAN], {})
    assert cells(text, "Polars") == ["—", "—", "—", "not installed 未安装 (polars is not installed)", "—"]
    assert cells(text, "pandas") == ["—", "—", "8,010", "over the memory limit 超出内存上限", "—"]
    assert cells(text, "chdb")[3] == "failed 失败 (Code: 43 / bad)"


def test_the_largest_day_of_each_plan_and_where_it_stopped() -> None:
    larger = copy.deepcopy(SCAN) | {"cards": 1_000_000}
    larger["plans"]["duckdb_each"] = {"left_out": "time", "peak_mb": 5_000}
    text = document([larger, SCAN], {})
    assert cells(text, "**Tallyward**", 2) == ["1,000,000 cards", "—", "—"]
    assert cells(text, "DuckDB SQL, rule by rule", 2) == [
        "100,000 cards",
        "1,000,000 cards",
        "over the time limit 超出时间上限",
    ]
    assert cells(text, "pandas", 2) == ["—", "100,000 cards", "over the memory limit 超出内存上限"]


def test_sizes_come_in_order_of_faults_then_of_cards() -> None:
    many = copy.deepcopy(SCAN) | {"fault_share": 1.0, "cards_with_faults": 1_500}
    larger = copy.deepcopy(SCAN) | {"cards": 1_000_000, "cards_with_faults": 1_600}
    heads = [line for line in document([many, larger, SCAN], {}).splitlines() if "faults in" in line]
    assert [head.split(" cards")[0] for head in heads] == ["### 100,000", "### 1,000,000", "### 100,000"]
    assert heads[0].endswith("faults in 0.16 % of the cards")
    assert heads[2].endswith("faults in 1.5 % of the cards")


def test_a_disturbed_machine_is_told() -> None:
    assert "not quiet" not in document([SCAN], {})
    assert "**the machine was not quiet**" in document([SCAN, SCAN | {"others_cores": 0.7}], {})


def test_other_benchmarks_are_told_if_they_ran() -> None:
    text = document([], {"live": {"events_per_s": 345_678, "exact": True, "replay_same": False}})
    assert "| records a second, stored durably and judged | 345,678 |" in text
    assert "| the same after a restart | **no** |" in text
    assert OTHERS["live"][0] in text
    assert OTHERS["decode"][0] not in text


def test_the_command_reads_a_folder_of_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "card_scan-100000-0.1.json").write_text(json.dumps(SCAN), encoding="utf-8")
    (tmp_path / "intake.json").write_text(json.dumps({"csv_work_over_bare": 7.5}), encoding="utf-8")
    written = tmp_path / "benchmarks.md"
    monkeypatch.setattr(sys, "argv", ["report.py", "--folder", str(tmp_path), "--markdown", str(written)])
    report.main()
    text = written.read_text(encoding="utf-8")
    assert text == document([SCAN], {"intake": {"csv_work_over_bare": 7.5}})
    assert "7.5" in text


def test_a_folder_without_figures_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["report.py", "--folder", str(tmp_path), "--markdown", str(tmp_path / "none.md")])
    with pytest.raises(SystemExit, match="make bench"):
        report.main()
    assert not (tmp_path / "none.md").exists()
