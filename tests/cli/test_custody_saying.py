from pathlib import Path

import pytest

from tests.cli.custody_chain import Ledger


def test_a_draft_is_signed_elsewhere_and_then_handed_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = Ledger(tmp_path, capsys)
    ledger.begin()
    draft = tmp_path / "member.draft"
    ledger.said("member", "RES", "--kind", "reseller", "--name", "R", "--public", "ab" * 32, "--draft", str(draft))
    assert len(ledger.told("show")["members"]) == 2  # type: ignore[arg-type]
    assert "signature_invalid" in ledger.refused("submit", str(draft))
    keys = tmp_path / "custody" / "keys"
    from tallyward.cli.root import run

    assert run(["custody", "sign", str(draft), "--key", str(keys / "OP.key")]) == 0
    assert "quorum_missing" in ledger.refused("submit", str(draft))
    for _ in range(2):  # the same hand twice counts once
        assert run(["custody", "sign", str(draft), "--key", str(keys / "REG.key")]) == 0
    ledger.said("submit", str(draft))
    assert len(ledger.told("show")["members"]) == 3  # type: ignore[arg-type]
