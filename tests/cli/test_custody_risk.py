import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallyward.cli.root import run
from tallyward.simulate.chain import plan_chain
from tallyward.simulate.fleet import build_fleet
from tallyward.wiring.demo_chain import write_ledger
from tallyward.wiring.settings import read_settings
from tests.cli.conftest import DAY


def test_it_tells_broken_chains_and_opens_incidents(
    home: Path, answer: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    chain = plan_chain(build_fleet(cards=300, terminals=200, seed=3, day=DAY))
    write_ledger(read_settings(home=home), chain, lambda _done, _total: None)
    told = answer("custody", "risk", "--folder", str(home))
    planted = {kind for kind, _ in chain.planted}
    assert planted <= {one["kind"] for one in told["counts"]}
    assert told["findings"] == told["incidents"] > 10
    assert len(told["reconciliations"]) == 1
    assert run(["custody", "risk", "--folder", str(home), "--show", "2"]) == 0
    said = capsys.readouterr()
    assert all(kind in said.out for kind in planted)
    assert said.out.count("Recommended:") == 2
    assert f"{told['findings']} broken chains" in said.err
    incidents = answer("incidents", "list", "--folder", str(home), "--rule", "C1.custody_break")
    assert len(incidents) == told["findings"]


def test_a_card_used_far_from_where_its_holder_is_at_home(
    home: Path, tmp_path: Path, answer: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    write_ledger(
        read_settings(home=home),
        plan_chain(build_fleet(cards=300, terminals=200, seed=3, day=DAY)),
        lambda _done, _total: None,
    )
    before = {one["kind"] for one in answer("custody", "risk", "--folder", str(home))["counts"]}
    assert "far_from_holder" not in before
    assert run(["export", "enterprises", str(tmp_path / "all.csv"), "--folder", str(home)]) == 0
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as file:
        rows = [{**row, "area": "CN-65"} for row in csv.DictReader(file)]
    with (tmp_path / "enterprises.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["code", "name", "kind", "area"])
        writer.writeheader()
        writer.writerows(rows)
    assert run(["import", "enterprises", str(tmp_path / "enterprises.csv"), "--folder", str(home)]) == 0
    told = answer("custody", "risk", "--folder", str(home))
    assert sum(one["cards"] for one in told["counts"] if one["kind"] == "far_from_holder") > 0
    far = [one for one in told["told"] if "far_from_holder" in one["breaks"]]
    assert far
    assert all(one["facts"]["km_from_holder"] > 500 for one in far)
    capsys.readouterr()


def test_without_a_ledger_it_says_so(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["custody", "risk", "--folder", str(home)]) == 4
    assert "custody.no_ledger" in capsys.readouterr().err
