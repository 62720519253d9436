import csv
from pathlib import Path

import pytest

from tallyward.cli.root import run


def exported(kind: str, home: Path) -> list[dict[str, str]]:
    file = home / f"{kind}.csv"
    assert run(["export", kind, str(file), "--folder", str(home)]) == 0
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def test_cards_and_terminals_are_set_by_their_numbers(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, *_ = exported("cards", home)
    terminal = exported("terminals", home)[0]
    numbers = ["--card", first["iccid"], "--card", second["imsi"], "--terminal", terminal["serial"]]
    assert run(["cadence", "daily", *numbers, "--folder", str(home)]) == 0
    assert "2 cards and 1 terminals are now: daily" in capsys.readouterr().err
    assert [card["cadence"] for card in exported("cards", home)[:2]] == ["daily", "daily"]
    assert exported("terminals", home)[0]["cadence"] == "daily"


@pytest.mark.parametrize(("option", "code"), [("--card", "cli.no_card"), ("--terminal", "cli.no_terminal")])
def test_one_unknown_number_changes_nothing(
    home: Path, capsys: pytest.CaptureFixture[str], option: str, code: str
) -> None:
    before = exported("cards", home)
    known = ["--card", before[0]["iccid"]]
    assert run(["cadence", "daily", *known, option, "NOBODY", "--folder", str(home)]) == 4
    assert code in capsys.readouterr().err
    assert exported("cards", home) == before


def test_another_word_is_refused_by_the_command(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cadence", "hourly", "--folder", str(home)]) == 2
    assert "'live', 'periodic', 'daily'" in capsys.readouterr().err
