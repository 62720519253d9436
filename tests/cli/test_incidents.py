from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run

Answer = Callable[..., Any]


@pytest.fixture
def scanned(home: Path) -> str:
    assert run(["scan", "--folder", str(home)]) == 0
    return str(home)


def test_an_incident_tells_why_and_what_would_be_normal(scanned: str, answer: Answer) -> None:
    listed = answer("incidents", "list", "--folder", scanned, "--rule", "R4")
    one = answer("incidents", "show", str(listed[0]["id"]), "--folder", scanned)
    assert one["rule"] == "R4"
    assert one["measures"][0]["limit"]
    for language in ("en", "zh-CN"):
        assert one["explanation"][language]["why"]
        assert one["explanation"][language]["normal"]


def test_for_people_it_is_told_in_words(scanned: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["incidents", "show", "1", "--folder", scanned]) == 0
    assert "Why:" in capsys.readouterr().out


def test_a_false_positive_needs_a_reason(scanned: str, answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["incidents", "act", "1", "mark_false_positive", "--folder", scanned]) == 2
    assert "incidents.reason_required" in capsys.readouterr().err
    told = ["incidents", "act", "1", "mark_false_positive", "--reason", "swapped", "--folder", scanned]
    assert run(told) == 0
    assert run(told) == 5
    assert [row["id"] for row in answer("incidents", "list", "--folder", scanned, "--state", "false_positive")] == [1]


def test_an_incident_that_does_not_exist(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["incidents", "show", "999999", "--folder", str(home)]) == 4
    assert "incidents.unknown" in capsys.readouterr().err
