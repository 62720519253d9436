import json
import sys
from pathlib import Path

import pytest

from tallyward.cli.speech import answer_json, answer_table, language, progress, refuse, working
from tallyward.kernel.errors import InvalidError


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("TALLYWARD_LANG", "zh-CN", "zh-CN"), ("LC_ALL", "zh_CN.UTF-8", "zh-CN"), ("LANG", "C.UTF-8", "en")],
)
def test_the_language_is_the_terminals(monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str) -> None:
    for other in ("TALLYWARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, value)
    assert language() == expected


def test_a_refusal_is_told_in_chinese_to_a_chinese_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TALLYWARD_LANG", "zh-CN")
    refuse(InvalidError("kernel.cursor"))
    assert "请从第一页重新开始。" in capsys.readouterr().err


def test_answers_go_to_standard_output_alone(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    answer_json({"名": 1}, "-")
    out, err = capsys.readouterr()
    assert (json.loads(out), err) == ({"名": 1}, "")
    answer_json({"a": 2}, str(tmp_path / "x.json"))
    assert json.loads((tmp_path / "x.json").read_text()) == {"a": 2}


def test_a_table_keeps_every_cell(capsys: pytest.CaptureFixture[str]) -> None:
    answer_table(["rule", "open"], [["R1", 3], [None, "x" * 50]])
    out = capsys.readouterr().out
    assert "R1" in out
    assert "x" * 50 in out


def test_progress_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("scan.progress") as advance:
        advance(1, 2)
        advance(2, 2)
    out, err = capsys.readouterr()
    assert not out
    assert "2/2" in err


def test_work_that_can_not_tell_how_far_it_is_shows_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with working():
        pass
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")  # a dumb one shows no bar
    with working():
        pass
    out, err = capsys.readouterr()
    assert not out
    assert "Working" in err
