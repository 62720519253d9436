from pathlib import Path

import pytest

from tallyward.cli.root import run
from tests.cli.custody_chain import Ledger


@pytest.fixture
def ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ledger:
    return Ledger(tmp_path, capsys)


def test_a_ledger_is_begun_takes_members_in_and_is_shown(ledger: Ledger) -> None:
    key = ledger.begin()
    assert key.startswith("ledger.example/t+")
    ledger.members()
    found = ledger.told("show")
    assert found["log_key"] == key
    assert [one["member"] for one in found["members"]] == ["OP", "REG", "RES", "SHOP"]  # type: ignore[attr-defined]
    ledger.lot()
    ledger.said("offer", "L1:0-9", "--as", "OP", "--to", "RES")
    shown = ledger.said("show")
    assert "L1:0-9" in shown
    assert "REGISTERED 30, OFFERED 10" in shown
    assert "ledger_exists" in ledger.refused("begin", "--origin", "x", "--operator", "OP")
    assert "member_exists" in ledger.refused("member", "RES", "--kind", "reseller", "--name", "R")


def test_a_member_with_a_key_of_its_own(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    ledger.begin()
    capsys.readouterr()
    assert run(["custody", "key", str(ledger.home / "own.key")]) == 0
    public = capsys.readouterr().out.strip()
    ledger.said("member", "OWN", "--kind", "reseller", "--name", "Own", "--public", public)
    ledger.lot()
    offer = ledger.said("offer", "L1", "--as", "OP", "--to", "OWN")
    assert "no_key" in ledger.refused("accept", offer, "--as", "OWN")
    ledger.said("accept", offer, "--as", "OWN", "--key", str(ledger.home / "own.key"))
    assert "hosted" not in str(ledger.told("trace", "L1:0")["steps"][-1]["signed_by"]).replace("'hosted': False", "")  # type: ignore[index]
    assert "public_key_form" in ledger.refused("member", "R", "--kind", "reseller", "--name", "R", "--public", "zz")


def test_rules_come_from_a_file_too(ledger: Ledger) -> None:
    file = ledger.home / "rules.toml"
    file.write_text("id = 3", encoding="utf-8")
    arguments = ("begin", "--origin", "x", "--operator", "OP", "--rules", str(file))
    assert "rules_unreadable" in ledger.refused(*arguments)


def test_where_no_ledger_was_begun(ledger: Ledger) -> None:
    assert "no_ledger" in ledger.refused("show")
