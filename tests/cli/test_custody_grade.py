"""Grades reach the ledger by a command, and bound what a member is offered."""

from pathlib import Path

import pytest

from tallyward.custody.fields import Part
from tallyward.custody.reports import Incident
from tallyward.custody.signing import signed
from tallyward.wiring.custody.ledger import open_custody
from tallyward.wiring.settings import read_settings
from tests.cli.custody_chain import Ledger


@pytest.fixture
def ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ledger:
    found = Ledger(tmp_path, capsys)
    found.begin()
    found.members()
    found.said("member", "MON", "--kind", "monitor", "--name", "Monitor")
    found.lot()
    return found


def rows(ledger: Ledger, *arguments: str) -> dict[str, dict[str, object]]:
    found: list[dict[str, object]] = ledger.told("grade", *arguments)  # type: ignore[assignment]
    return {str(one["member"]): one for one in found}


def double_sale(ledger: Ledger) -> None:
    """The monitor says that the reseller sold cards twice."""
    with open_custody(read_settings(home=ledger.home)) as opened:
        (part,) = opened.service.cards(["L1:0-3"])
        said = Incident("MON", (Part(*part),), bytes(32), "double_sale@RES")
        opened.service.submit(signed(opened.service.machine.id, said, opened.keys.read("MON")))


def test_grades_are_shown_then_set_then_bound_what_is_offered(ledger: Ledger) -> None:
    ledger.sell("OP", "RES", "L1:0-9")
    before = rows(ledger)
    assert before["RES"]["grade_set"] is None
    assert all(one["differs"] for one in before.values())
    assert rows(ledger) == before, "showing sets nothing"
    assert rows(ledger, "--as", "MON")["RES"] == before["RES"]
    assert "4 grades" in ledger.aside
    assert {name for name, one in rows(ledger).items() if one["differs"]} == {"MON"}
    ledger.said("grade", "--as", "MON")
    assert "nothing" in ledger.aside.lower()
    ledger.said("withdraw", ledger.said("offer", "L1:10-12", "--as", "OP", "--to", "RES"), "--as", "OP")
    double_sale(ledger)
    found = rows(ledger)["RES"]
    assert (found["grade"], found["quota"], found["grade_set"]) == ("E", 0, before["RES"]["grade"])
    table = ledger.said("grade", "--as", "REG")
    assert "RES" in table
    assert rows(ledger)["RES"]["grade_set"] == "E"
    assert "grade_forbids" in ledger.refused("offer", "L1:10-12", "--as", "OP", "--to", "RES")


def test_who_neither_watches_nor_governs_sets_no_grade(ledger: Ledger) -> None:
    text = ledger.said("grade", "--as", "SHOP", exit_code=1)
    assert "OP" in text
    assert "custody." in ledger.aside
    assert all(one["grade_set"] is None for one in rows(ledger).values())
    assert "no_key" in ledger.refused("grade", "--as", "NOBODY")
