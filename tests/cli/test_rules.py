from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run

Answer = Callable[..., Any]


def test_the_seven_rules_are_listed(answer: Answer) -> None:
    rules = answer("rules")
    assert [rule["rule"] for rule in rules] == ["R1", "R2", "R3", "R4", "R5", "R6", "R7"]
    assert all(rule["title"] and rule["version"] for rule in rules)


def test_titles_are_in_the_terminals_language(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    english = answer("rules")[0]["title"]
    monkeypatch.setenv("TALLYWARD_LANG", "zh-CN")
    assert answer("rules")[0]["title"] != english


def test_checking_counts_the_tests_that_ran(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--check"]) == 0
    assert "7 rules" in capsys.readouterr().out


def test_a_folder_without_rules_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--rules", str(tmp_path)]) == 2
    assert "detect.rule_none" in capsys.readouterr().err
