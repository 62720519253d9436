from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli import rules as rules_module
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


@pytest.mark.parametrize("option", [["--check"], ["--json", "-"]])
def test_options_of_the_list_are_not_silently_dropped_before_a_command(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rules", *option, "diff", "R5", "R5"]) == 2
    assert "diff" in capsys.readouterr().err


def test_a_file_that_is_called_like_a_rule_is_named_by_its_path(
    tmp_path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (Path(rules_module.__file__).parents[1] / "detect/cards/rules/R7.yaml").read_text(encoding="utf-8")
    Path("R5").write_text(text, encoding="utf-8")
    assert answer("rules", "diff", "R5", "R5")[0]["after"] == "R5"
    assert answer("rules", "diff", "R5", "./R5", exit_code=1)[0]["after"] == "R7"
