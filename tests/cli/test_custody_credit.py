from base64 import b64decode
from pathlib import Path

import pytest

from tests.cli.custody_chain import Ledger


def test_credit_with_its_reasons_and_statement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = Ledger(tmp_path, capsys)
    ledger.begin()
    ledger.members()
    found = ledger.told("credit", "RES", "--as", "OP")
    out = tmp_path / "statement"
    text = ledger.said("credit", "RES", "--as", "OP", "--out", str(out))
    assert f"credit {found['score']} of 1000" in text
    assert out.read_bytes() == b64decode(str(found["statement"])) or len(out.read_bytes()) > 100
    assert "look_up_forbidden" in ledger.refused("credit", "RES", "--as", "SHOP")
    assert "member_unknown" in ledger.refused("credit", "NOBODY", "--as", "OP")
