import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run

Answer = Callable[..., Any]


def test_a_scan_finds_what_was_planted_and_a_second_one_repeats_nothing(
    home: Path, handed_over: Path, answer: Answer
) -> None:
    truth = json.loads((handed_over / "truth.json").read_text())
    first = answer("scan", "--folder", str(home))
    found = Counter[str]()
    for day in first:
        found.update(day["found"])
    assert dict(found) == truth["planted"]
    assert sum(day["opened"] for day in first) == sum(found.values())
    second = answer("scan", "--folder", str(home))
    assert sum(day["opened"] + day["joined"] for day in second) == 0
    assert sum(day["unchanged"] for day in second) == sum(found.values())


def test_every_record_is_accounted_for(home: Path, answer: Answer) -> None:
    for day in answer("scan", "--folder", str(home)):
        assert day["records_in"] == day["records_used"] + day["records_refused"] > 0
        assert day["cards_read"] == day["cards_expected"] == 300


def test_for_people_it_says_what_it_read(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scan", "--folder", str(home), "--day", "2026-03-02"]) == 0
    out, err = capsys.readouterr()
    assert "R4" in out
    assert "Every record was used" in err


def test_without_records_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scan", "--folder", str(tmp_path / "new")]) == 4
    assert "tallyward import records" in capsys.readouterr().err


def test_a_rule_with_a_typo_is_refused_with_its_place(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "broken.yaml").write_text("id: X1\nseverity: hihg\n", encoding="utf-8")
    assert run(["scan", "--folder", str(home), "--rules", str(rules)]) == 2
    err = capsys.readouterr().err
    assert "broken.yaml" in err
    assert "Traceback" not in err


def test_a_lost_segment_is_told_before_the_scan(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    next((home / "records").glob("day=2026-03-02/b=00000/*.parquet")).unlink()
    capsys.readouterr()
    assert run(["scan", "--folder", str(home), "--day", "2026-03-02"]) == 7
    out, err = capsys.readouterr()
    assert err.index("records.segments_lost") < err.index("NOT every record") < err.index("detect.file_unreadable")
    assert "R0.card" in out or "R0" in out, "the bucket of unknown cards is judged all the same"
    assert "tallyward records verify --quick" in err


def test_a_damaged_day_does_not_keep_the_others_from_being_scanned(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = next((home / "records").glob("day=2026-03-02/b=00000/*.parquet"))
    damaged.write_bytes(damaged.read_bytes()[:-8])
    capsys.readouterr()
    assert run(["scan", "--folder", str(home), "--json", "-"]) == 7
    out, err = capsys.readouterr()
    days = {day["day"]: day for day in json.loads(out)}
    assert days["2026-03-02"]["records_used"] < days["2026-03-02"]["records_in"]
    assert [one["code"] for one in days["2026-03-02"]["unread"]] == ["detect.file_unreadable"]
    assert [day for day, told in days.items() if told["unread"]] == ["2026-03-02"]
    assert damaged.name in err


def test_on_spark_it_answers_as_on_duckdb(home: Path, tmp_path: Path, answer: Answer) -> None:
    pytest.importorskip("pyspark", reason="Apache Spark is not installed")
    if not shutil.which("java"):
        pytest.skip("no Java")
    other = Path(shutil.copytree(home, tmp_path / "other"))
    duckdb = answer("scan", "--folder", str(home), "--engine", "duckdb")
    spark = answer("scan", "--folder", str(other), "--engine", "spark", "--master", "local[2]")
    for day in (*duckdb, *spark):
        day.pop("seconds")
    assert spark == duckdb
    assert sum(day["opened"] for day in spark) > 0


def test_without_spark_it_says_what_to_install(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert run(["scan", "--folder", str(home), "--engine", "spark"]) == 6
    assert "pip install 'tallyward[spark]'" in capsys.readouterr().err
