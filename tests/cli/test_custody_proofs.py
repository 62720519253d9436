import subprocess
import sys
from pathlib import Path

import pytest

from tallyward.custody import verify_receipt
from tests.cli.custody_chain import NUMBERS, Ledger


@pytest.fixture
def ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ledger:
    found = Ledger(tmp_path, capsys)
    found.key = found.begin()  # type: ignore[attr-defined]
    found.members()
    found.lot()
    return found


def test_a_cards_way_in_both_forms(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.sell("OP", "RES", "L1")
    shown = ledger.said("trace", NUMBERS[7])
    assert [word in shown for word in ("OFFER", "ACCEPT", "RES (key kept by the platform)")] == [True] * 3
    found = ledger.told("trace", NUMBERS[7])
    assert (found["lot"], found["slot"], found["hops"]) == ("L1", 7, 1)
    monkeypatch.setenv("TALLYWARD_LANG", "zh-CN")
    assert "密钥由平台保管" in ledger.said("trace", NUMBERS[7])


def test_a_receipt_is_checked_by_the_program_that_stands_alone(ledger: Ledger) -> None:
    number = ledger.sell("OP", "RES", "L1")
    out = ledger.home / "receipt.txt"
    ledger.said("receipt", str(number), "--out", str(out))
    command = [sys.executable, str(verify_receipt.__file__), str(out), str(ledger.key)]  # type: ignore[attr-defined]
    assert "PROVEN" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert ledger.said("receipt", str(number)) == out.read_text(encoding="utf-8").strip()


def test_a_cartons_paper_is_one_picture(ledger: Ledger) -> None:
    number = ledger.sell("OP", "RES", "L1")
    for name, magic in (("c.png", b"\x89PNG"), ("c.svg", b"<?xml")):
        ledger.said("receipt", str(number), "--carton", "--qr", str(ledger.home / name))
        assert (ledger.home / name).read_bytes().startswith(magic)
    assert "picture_form" in ledger.refused("receipt", str(number), "--qr", str(ledger.home / "c.gif"))
    assert "entry_unknown" in ledger.refused("receipt", "9999")


def test_a_ledger_is_verified_and_each_fault_has_its_exit_code(ledger: Ledger) -> None:
    assert ledger.told("verify")["faults"] == []
    number = ledger.sell("OP", "RES", "L1")
    receipt = ledger.home / "receipt.txt"
    ledger.said("receipt", str(number), "--out", str(receipt))
    assert ledger.said("verify", "--quick", "--head", str(receipt)).startswith("All is well")
    import sqlite3

    with sqlite3.connect(ledger.home / "custody" / "ledger.db") as db:
        db.execute("DELETE FROM entry WHERE number = ?", (number,))
    db.close()
    found = ledger.told("verify", exit_code=20)
    assert found["faults"] == [{"fault": "entry_missing", "at": number, "why": ""}]
    receipt.write_text("nothing", encoding="utf-8")
    assert "no_head" in ledger.refused("verify", "--head", str(receipt))
