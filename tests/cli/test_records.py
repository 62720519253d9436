from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run

Answer = Callable[..., Any]


def test_sources_tell_how_they_do(imported: Path, answer: Answer) -> None:
    (source,) = answer("records", "sources", "--folder", str(imported))
    assert source["name"] == "msc"
    assert source["records"] > 1000
    assert source["quarantined"] > 0


def test_the_quarantine_names_file_field_and_reason(imported: Path, answer: Answer) -> None:
    rows = answer("records", "quarantine", "--folder", str(imported))
    assert all(row["file"] and row["reason"] and row["next"] and row["code"] for row in rows)
    assert any(row["file"].endswith(".tap") for row in rows)
    assert any(row["record"] and row["field"] for row in rows)


def test_for_people_it_is_a_table(imported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["records", "quarantine", "--folder", str(imported), "--limit", "5"]) == 0
    out = capsys.readouterr().out
    assert ".tap" in out
    assert "records." in out
