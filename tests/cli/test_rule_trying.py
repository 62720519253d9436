import json
import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run

Answer = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
DAYS = ("--since", "2026-03-01", "--until", "2026-03-02")


def planted(handed_over: Path, rule: str) -> int:
    return int(json.loads((handed_over / "truth.json").read_text())["planted"][rule])


def test_a_loaded_rule_finds_what_was_planted_and_opens_no_incident(
    home: Path, handed_over: Path, answer: Answer
) -> None:
    tried = answer("rules", "test", "R6", *DAYS, "--folder", str(home))
    (rule,) = tried["rules"]
    assert rule["findings"] == planted(handed_over, "R6") > 0
    assert rule["version"] == rule["loaded_version"]
    assert rule["differs"] is None
    assert tried["cost_loaded"] is None
    assert sum(day["found"].get("R6", 0) for day in tried["days"]) == rule["findings"]
    assert sum(one["cards"] for one in tried["enterprises"]) == tried["cards"] == rule["cards"] > 0
    assert tried["cost"]["records"] == sum(day["records"] for day in tried["days"]) > 0
    assert tried["cost"]["seconds"] > 0
    assert answer("incidents", "list", "--folder", str(home)) == []
    assert not (home / "last-scan.json").exists()


def test_each_sample_tells_card_observed_limit_and_evidence(home: Path, answer: Answer) -> None:
    tried = answer("rules", "test", "R6", *DAYS, "--show", "2", "--folder", str(home))
    assert len(tried["samples"]) == 2 < tried["cards"]
    for one in tried["samples"]:
        assert re.fullmatch(r"89[0-9A-Z]{17,18}", one["iccid"])
        assert one["measures"][0]["observed"] != one["measures"][0]["limit"]
        assert set(one["why"]) == {"en", "zh-CN"}
        assert one["evidence"][0]["at"].startswith(one["day"])


def test_places_are_told_where_the_place_is_what_is_wrong(
    home: Path, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    roamed, moved = (
        answer("rules", "test", rule, *DAYS, "--show", "1", "--folder", str(home))["samples"][0]
        for rule in ("R3", "R5")
    )
    assert roamed["evidence"][0]["area"] == roamed["measures"][0]["observed"]
    cells = {record["cell"] for record in moved["evidence"]}
    assert len(cells) > 1
    assert all(re.fullmatch(r"\d+-\d+-\d+-\d+", cell) for cell in cells)
    assert run(["rules", "test", "R5", *DAYS, "--show", "1", "--folder", str(home)]) == 0
    out = capsys.readouterr().out
    assert all(cell in out for cell in cells)
    assert "the rule's limit" in out


def test_many_enterprises_are_cut_for_people_and_said_so(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tallyward.cli.rule_trying._MOST_ENTERPRISES", 1)
    assert run(["rules", "test", "R4", *DAYS, "--show", "0", "--folder", str(home)]) == 0
    assert "more enterprises" in capsys.readouterr().err


def stricter(folder: Path, most: int) -> Path:
    """R6 with another number of peers for cards and classes that set none, and only that way."""
    peers = "card: count_distinct(peer) > most_peers, observed: count_distinct(peer), limit: most_peers"
    texts = "{en: a, zh-CN: 甲}"
    path = folder / "own.yaml"
    path.write_text(
        f"{{id: R6, severity: low, title: {texts}, description: {texts}, limits: {{most_peers: {most}}},"
        f" any_of: [{{name: peers, {peers}, why: {texts}, normal: {texts}}}],"
        " tests: [{name: none, records: [], hit: false},"
        f" {{name: many, records: [{', '.join(f'{{peer: {peer + 1}}}' for peer in range(most + 1))}], hit: true}}]}}",
        encoding="utf-8",
    )
    return path


def test_against_the_loaded_text_the_cards_that_only_one_finds_are_told(
    home: Path, tmp_path: Path, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    own = str(stricter(tmp_path, 2))
    tried = answer("rules", "test", own, *DAYS, "--folder", str(home), "--show", "10000")
    loaded = answer("rules", "test", "R6", *DAYS, "--folder", str(home), "--show", "10000")
    new, old = ({one["iccid"] for one in told["samples"]} for told in (tried, loaded))
    differs = tried["rules"][0]["differs"]
    assert new - old
    assert old - new
    assert set(differs["only_new_first"]) == new - old
    assert set(differs["only_loaded_first"]) == old - new
    assert (differs["both"], differs["only_new"]) == (len(new & old), len(new - old))
    assert tried["cost_loaded"]["records"] == tried["cost"]["records"]

    assert run(["rules", "test", own, *DAYS, "--folder", str(home)]) == 0
    out = capsys.readouterr().out
    assert f"{len(new - old)} only by the new one" in out
    assert "No incident was opened" in out


def test_a_folder_of_rules_is_tried_as_a_whole_and_people_read_it_in_chinese(
    home: Path, handed_over: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALLYWARD_LANG", "zh-CN")
    shipped = ROOT / "src/tallyward/detect/cards/rules"
    assert run(["rules", "test", str(shipped), *DAYS, "--folder", str(home), "--show", "1"]) == 0
    out, err = capsys.readouterr()
    for rule in ("R1", "R2", "R3", "R4", "R5", "R6", "R7"):
        assert f"{rule}:已加载的规则发现的内容相同" in out
        assert f"{rule} {planted(handed_over, rule)}" in out
    assert "未产生任何事件" in out
    assert "试运行 2026-03-02" in err


def test_rules_given_before_the_command_are_the_loaded_ones(home: Path, tmp_path: Path, answer: Answer) -> None:
    own = str(stricter(tmp_path, 2))
    tried = answer("rules", "--rules", own, "test", "R6", *DAYS, "--folder", str(home))
    assert tried["rules"][0]["version"] == answer("rules", "--rules", own)[0]["version"]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "told"),
    [
        (["R99", *DAYS], 4, "cli.no_rule"),
        (["R6", "--since", "2027-01-01"], 4, "2026-03-02"),
        (["R6", "--since", "2026-03-02", "--until", "2026-03-01"], 4, "detect.no_days"),
        (["R6", "--since", "yesterday"], 2, "2026-03-01"),
        (["R6"], 2, "--since"),
    ],
)
def test_what_can_not_be_tried_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], exit_code: int, told: str
) -> None:
    assert run(["rules", "test", *arguments, "--folder", str(home)]) == exit_code
    assert told in capsys.readouterr().err


def test_a_rule_that_fails_its_own_test_is_refused_before_any_record_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = stricter(tmp_path, 2)
    own.write_text(own.read_text(encoding="utf-8").replace("hit: false", "hit: true"), encoding="utf-8")
    assert run(["rules", "test", str(own), *DAYS, "--folder", str(tmp_path / "new")]) == 2
    assert "detect.rule_" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_without_records_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "test", "R6", *DAYS, "--folder", str(tmp_path / "new")]) == 4
    assert "cli.no_records" in capsys.readouterr().err


def test_the_example_of_the_document_does_what_it_says(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    section = text.split("## Trying a rule")[1].split("\n## ")[0]
    (rule,) = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    (commands,) = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(os.environ, "TALLYWARD_HOME", str(home))
    (name,) = set(re.findall(r"\S+\.yaml", commands))
    Path(name).write_text(rule, encoding="utf-8")
    codes = [run(shlex.split(line.split("#")[0])[1:]) for line in commands.splitlines()]
    out, err = capsys.readouterr()
    assert codes == [0, 0, 1], err
    assert "1 rules are well-formed" in out
    assert re.search(r"[1-9]\d* cards of [1-9]\d* enterprises found", out)
