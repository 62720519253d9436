from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run

Answer = Callable[..., Any]
SHIPPED = Path(__file__).resolve().parents[2] / "src/tallyward/detect/cards/rules"


def rewritten(folder: Path, old: str, new: str) -> str:
    """R5 with one text replaced."""
    text = (SHIPPED / "R5.yaml").read_text(encoding="utf-8")
    assert old in text
    path = folder / "R5-new.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return str(path)


def test_a_loaded_rule_and_its_own_file_find_the_same(answer: Answer) -> None:
    (found,) = answer("rules", "diff", "R5", str(SHIPPED / "R5.yaml"))
    assert found["finds_the_same"]
    assert found["differences"] == []
    assert found["before_version"] == found["after_version"]


def test_another_limit_is_told_with_both_versions_and_an_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = rewritten(tmp_path, "span_limit_km: 50", "span_limit_km: 49")
    versions = []
    for name in ("R5", new):
        assert run(["rules", "diff", name, name]) == 0
        versions.append(capsys.readouterr().out.split("(")[1].split(")")[0])
    assert run(["rules", "diff", "R5", new]) == 1
    out = capsys.readouterr().out
    assert versions[0] != versions[1]
    assert f"R5 ({versions[0]}) and R5 ({versions[1]}) find different things" in out
    assert "  limits.span_limit_km\n    - 50\n    + 49\n" in out


def test_another_sentence_is_told_and_changes_nothing_of_what_is_found(
    tmp_path: Path, answer: Answer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new = rewritten(tmp_path, "zh-CN: 固定位置卡发生移动", "zh-CN: 固定卡移动")
    (found,) = answer("rules", "diff", "R5", new)
    assert found["finds_the_same"]
    told = {"place": "title.zh-CN", "before": "固定位置卡发生移动", "after": "固定卡移动", "finds": False}
    assert found["differences"] == [told]
    monkeypatch.setenv("TALLYWARD_LANG", "zh-CN")
    assert run(["rules", "diff", "R5", new]) == 0
    assert "title.zh-CN  (不影响所发现的内容)" in capsys.readouterr().out


def test_folders_are_compared_rule_by_rule(tmp_path: Path, answer: Answer) -> None:
    rewritten(tmp_path, "severity: medium", "severity: high")
    found = answer("rules", "diff", str(SHIPPED), str(tmp_path), exit_code=1)
    by_rule = {one["before"]: one for one in found}
    assert by_rule["R1"]["after"] is None
    assert [one["place"] for one in by_rule["R5"]["differences"]] == ["severity"]


def test_a_name_that_is_neither_rule_nor_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "diff", "R5", "R55"]) == 4
    err = capsys.readouterr().err
    assert "R55" in err
    assert "R1, R2" in err
