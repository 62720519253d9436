import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run
from tallyward.registry.columns import IMPORT_ORDER, Kind

Answer = Callable[..., Any]
TODAY = datetime.now(UTC).date().isoformat()


def test_cards_that_joined_by_import_are_inspected(home: Path, answer: Answer, tmp_path: Path) -> None:
    assert run(["scan", "--folder", str(home)]) == 0
    html, table = tmp_path / "notice.html", tmp_path / "notice.csv"
    period = ("--since", "2026-01-01", "--until", TODAY)
    rows = answer("inspect", "real-name", "--folder", str(home), *period, "--html", str(html), "--csv", str(table))
    assert rows
    assert sum(row["joined"] for row in rows) > 0
    for row in rows:
        assert row["joined"] == row["registered"] + row["unregistered"]
        assert (row["verdict"] == "below") == (row["unregistered"] > 0)
    lines = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == [row["enterprise"] for row in rows]
    assert html.read_text(encoding="utf-8").count("<h2>") == sum(bool(row["cards"]) for row in rows)
    worst = rows[0]["enterprise"]
    one = answer("inspect", "real-name", "--folder", str(home), *period, "--enterprise", worst)
    assert one == rows[:1]


def test_for_people_it_is_a_table(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["inspect", "real-name", "--folder", str(home), "--since", TODAY, "--until", TODAY]) == 0
    assert "not registered" in capsys.readouterr().out


def test_what_is_no_period_and_who_is_nobody(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["inspect", "real-name", "--folder", str(home), "--since", "2026-03-02", "--until"]
    assert run([*command, "2026-03-01"]) == 2
    assert "registry.period" in capsys.readouterr().err
    assert run([*command, "2026-03-03", "--enterprise", "nobody"]) == 4
    assert "wiring.no_enterprise" in capsys.readouterr().err
    assert run([*command, "2026-03-03", "--html", str(home / "no" / "folder.html")]) != 0
    assert "Traceback" not in capsys.readouterr().err


def test_cards_that_were_only_imported_are_counted_apart_and_judged_when_asked(
    handed_over: Path, tmp_path: Path, answer: Answer
) -> None:
    """The hand-over without its column of dates: an old fleet, imported for the first time today."""
    folder = ("--folder", str(tmp_path / "home"))
    for kind in IMPORT_ORDER:
        file = handed_over / "registry" / f"{kind.value}.csv"
        if kind is Kind.CARDS:
            rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
            file = tmp_path / "cards.csv"
            with file.open("w", newline="", encoding="utf-8") as out:
                writer = csv.DictWriter(out, [name for name in rows[0] if name != "joined"], extrasaction="ignore")
                writer.writeheader()
                writer.writerows(rows)
        assert run(["import", kind.value, str(file), *folder]) == 0
    period = ("--since", TODAY, "--until", datetime.now(UTC).date().isoformat())
    quiet = answer("inspect", "real-name", *folder, *period)
    assert sum(row["joined"] for row in quiet) == 0
    assert {row["verdict"] for row in quiet} == {"nothing"}
    asked = answer("inspect", "real-name", *folder, *period, "--assumed")
    assert sum(row["joined"] for row in asked) == sum(row["assumed"] for row in quiet) > 100
    assert "below" in {row["verdict"] for row in asked}
