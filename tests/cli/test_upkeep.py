import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run

Answer = Callable[..., Any]


def test_verify_says_that_all_agrees_or_exactly_what_does_not(
    home: Path, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["records", "verify", "--folder", str(home)]) == 0
    assert "every SHA-256 reckoned" in capsys.readouterr().out
    victim = min((home / "records").glob("day=*/b=*/*.parquet"))
    data = bytearray(victim.read_bytes())
    data[-100] ^= 255
    victim.write_bytes(data)
    found = answer("records", "verify", "--folder", str(home), exit_code=7)
    assert {fault["fault"] for fault in found["faults"]} >= {"digest"}
    assert {fault["file"] for fault in found["faults"]} == {str(victim.relative_to(home / "records"))}
    assert run(["records", "verify", "--folder", str(home)]) == 7
    captured = capsys.readouterr()
    assert "SHA-256" in captured.out
    assert "backup" in captured.err
    victim.unlink()
    found = answer("records", "verify", "--quick", "--folder", str(home), exit_code=7)
    assert [fault["fault"] for fault in found["faults"]] == ["missing"]


def test_compact_joins_and_verify_agrees(home: Path, answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    done = answer("records", "compact", "--folder", str(home))
    assert done["before"] > done["after"] > 0
    assert done["files_removed"] == 0
    assert run(["records", "verify", "--folder", str(home)]) == 0
    capsys.readouterr()
    assert run(["records", "compact", "--folder", str(home)]) == 0
    assert "0 segments became 0" in capsys.readouterr().out


def test_expire_takes_old_days_and_their_files(home: Path, answer: Answer) -> None:
    (before,) = answer("records", "sources", "--folder", str(home))
    done = answer("records", "expire", "--keep-days", "1", "--folder", str(home))
    assert done["records"] == 0, "what came today stays"
    with closing(sqlite3.connect(home / "records" / "manifest.sqlite", isolation_level=None)) as db:
        db.execute("UPDATE intake SET at = '2026-03-03T00:00:00+00:00'")
    done = answer("records", "expire", "--keep-days", "1", "--now", "--folder", str(home))
    assert done["records"] == before["records"]
    assert done["files_removed"] == done["segments"] > 0
    assert not list((home / "records").glob("day=*/b=*/*.parquet"))
    assert run(["records", "verify", "--folder", str(home)]) == 0
