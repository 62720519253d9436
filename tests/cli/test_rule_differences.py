from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run
from tests.detect.keeping import peers

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


@pytest.fixture
def kept(tmp_path: Path) -> tuple[str, str]:
    """An installation with two promoted texts of P1 and one of R6, as `--folder` and the folder."""
    home, file = ("--folder", str(tmp_path / "home")), tmp_path / "own.yaml"
    for text in (peers(5), peers(6), peers(7, "R6")):
        file.write_bytes(text)
        assert run(["rules", "promote", str(file), *home]) == 0
    return home


def limits(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    (one,) = found
    return [(each["before"], each["after"]) for each in one["differences"] if each["place"] == "limits.most_peers"]


def test_two_kept_versions_are_compared_by_number_and_by_name(kept: tuple[str, str], answer: Answer) -> None:
    found = answer("rules", "diff", "P1@1", "P1@2", *kept, exit_code=1)
    assert limits(found) == [("5", "6")]
    assert found == answer(
        "rules", "diff", f"P1@{found[0]['before_version']}", f"P1@{found[0]['after_version']}", *kept, exit_code=1
    )
    versions = {one["number"]: one["version"] for one in answer("rules", "versions", "P1", *kept)}
    assert (found[0]["before_version"], found[0]["after_version"]) == (versions[1], versions[2])


def test_without_a_second_one_a_version_is_compared_with_what_is_in_use(
    kept: tuple[str, str], tmp_path: Path, answer: Answer
) -> None:
    assert limits(answer("rules", "diff", "P1@1", *kept, exit_code=1)) == [("5", "6")]
    assert answer("rules", "diff", "P1@2", *kept)[0]["differences"] == []
    (files,) = answer("rules", "diff", "R6@0", *kept, exit_code=1)
    assert "limits.most_peers" in [one["place"] for one in files["differences"]]
    file = tmp_path / "four.yaml"
    file.write_bytes(peers(4))
    assert limits(answer("rules", "diff", str(file), *kept, exit_code=1)) == [("4", "6")]


def test_a_retired_rule_is_not_there(kept: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "retire", "P1", *kept]) == 0
    assert run(["rules", "diff", "P1@2", *kept]) == 1
    assert "not there (not there)" in capsys.readouterr().out


def test_a_kept_version_is_compared_with_a_file(kept: tuple[str, str], tmp_path: Path, answer: Answer) -> None:
    file = tmp_path / "P1@2"
    file.write_bytes(peers(9))
    assert limits(answer("rules", "diff", "P1@1", str(file), *kept, exit_code=1)) == [("5", "9")]


@pytest.mark.parametrize(("name", "code"), [("P1@9", "detect.no_version"), ("X1@1", "detect.no_rule")])
def test_a_version_that_is_none_is_refused(
    kept: tuple[str, str], capsys: pytest.CaptureFixture[str], name: str, code: str
) -> None:
    assert run(["rules", "diff", name, *kept]) == 4
    assert code in capsys.readouterr().err


def test_without_an_installation_the_files_are_version_0_and_none_is_made(tmp_path: Path, answer: Answer) -> None:
    home = tmp_path / "nowhere"
    assert answer("rules", "diff", "R5@0", "--folder", str(home))[0]["finds_the_same"]
    assert not home.exists()
