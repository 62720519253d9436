from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run
from tallyward.detect.cards.baseline import NAMES

Answer = Callable[..., Any]
DAYS = ("--since", "2026-03-01", "--until", "2026-03-02")
RULE = """
id: P1
severity: low
title: {en: Many peers, zh-CN: 通信对象较多}
description: {en: More peers than usual., zh-CN: 通信对象多于同类。}
limits: {usual_peers: {baseline: peers_p50, times: 1, else: 1000000}}
any_of:
  - name: peers
    card: "count_distinct(peer) > usual_peers"
    observed: count_distinct(peer)
    limit: usual_peers
    why: {en: "{observed} peers, {limit} ({origin}).", zh-CN: "通信对象 {observed} 个，{limit}（{origin}）。"}
    normal: {en: "At most {limit}.", zh-CN: "不超过 {limit} 个。"}
  - name: large
    record: "up > 4000000000"
    observed: count()
    why: {en: "large", zh-CN: "大"}
    normal: {en: "small", zh-CN: "小"}
tests:
  - {name: large, records: [{up: 4000000001}], hit: true}
  - {name: peers within the rules own number, records: [{peer: 1}, {peer: 2}], hit: false}
"""


@pytest.fixture
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tallyward.wiring.detection.ENOUGH", 5)


def test_baselines_are_computed_kept_and_shown(home: Path, answer: Answer, few_are_enough: None) -> None:
    computed = answer("rules", "baselines", "compute", *DAYS, "--folder", str(home))
    assert answer("rules", "baselines", "show", "--folder", str(home)) == computed
    assert computed["days"] == ["2026-03-02"]
    assert computed["card_days"] == sum(one["card_days"] for one in computed["classes"]) > 200
    known = [one for one in computed["classes"] if one["known"]]
    assert known
    for one in known:
        assert tuple(one["values"]) == NAMES
        assert one["values"]["peers_p50"] <= one["values"]["peers_p95"] <= one["values"]["peers_p999"]
        assert sum(one["hours"]) == pytest.approx(1, abs=0.01)


def test_people_see_a_table_by_class_and_which_classes_have_too_few_days(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rules", "baselines", "compute", *DAYS, "--folder", str(home)]) == 0
    told = capsys.readouterr()
    assert "card-days of 1 days, 2026-03-02 to 2026-03-02 (UTC)" in told.out
    assert "99.9 %" in told.out
    assert "has no baseline" in told.err  # 300 cards have fewer than 1000 card-days in each class
    assert "Counting" in told.err


def test_nothing_computed_and_no_day_to_compute_say_what_to_do(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "baselines", "show", "--folder", str(home)]) == 4
    assert "cli.no_baselines" in capsys.readouterr().err
    assert run(["rules", "baselines", "compute", "--since", "2026-05-01", "--folder", str(home)]) == 4
    assert "detect.baselines_no_days" in capsys.readouterr().err


def test_a_damaged_file_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "baselines", "compute", *DAYS, "--folder", str(home)]) == 0
    (path,) = (home / "baselines").iterdir()
    path.write_bytes(path.read_bytes()[:-9])
    assert run(["rules", "baselines", "show", "--folder", str(home)]) == 7
    assert "detect.baselines_damaged" in capsys.readouterr().err


def test_the_example_of_the_document_is_well_formed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs/rules.md").read_text(encoding="utf-8")
    section = text.split("## Limits by what is usual of a class")[1].split("\n## ")[0]
    rule = tmp_path / "P2.yaml"
    rule.write_text(section.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert run(["rules", "--check", "--rules", str(rule)]) == 0, capsys.readouterr().err


def test_a_rule_is_tried_with_the_baselines_of_now(
    home: Path, tmp_path: Path, answer: Answer, few_are_enough: None
) -> None:
    rule = tmp_path / "P1.yaml"
    rule.write_text(RULE, encoding="utf-8")
    before = answer("rules", "test", str(rule), *DAYS, "--folder", str(home))
    assert before["rules"][0]["findings"] == 0
    answer("rules", "baselines", "compute", *DAYS, "--folder", str(home))
    after = answer("rules", "test", str(rule), *DAYS, "--folder", str(home))
    assert after["rules"][0]["findings"] > 0
    assert {one["measures"][0]["origin"] for one in after["samples"]} == {"baseline"}
    assert "(usual of its class)" in after["samples"][0]["why"]["en"]
    assert after["rules"][0]["version"] == before["rules"][0]["version"]
