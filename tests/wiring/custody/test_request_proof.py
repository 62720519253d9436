from contextlib import nullcontext
from pathlib import Path
from typing import Any, cast

import pytest

from tallyward.custody.adapters.vault_file import VaultFile
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tallyward.wiring.custody.ledger import Custody
from tallyward.wiring.custody.request_proof import proof_kept, read_proof
from tests.custody.chain import START
from tests.custody.people import asked, in_shop

REQUEST, KEPT = asked(*in_shop())


def opened(vault: VaultFile | None = None) -> Custody:
    """An installation of which only the vault is used; none is used where a file is told."""

    class Opened:
        def vault(self) -> Any:
            assert vault is not None
            return nullcontext(vault)

    return cast("Custody", Opened())


def test_it_is_in_the_vault_while_the_request_is_handed_in_and_can_be_taken_back(tmp_path: Path) -> None:
    vault = VaultFile(tmp_path / "vault.db", FixedClock(START))
    with proof_kept(opened(vault), REQUEST, KEPT, None) as take_back:
        assert vault.of_request(REQUEST.hash) == KEPT
        take_back()
        assert vault.of_request(REQUEST.hash) == []
    vault.close()


def test_it_is_in_the_file_alone_and_can_be_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "proof"
    with proof_kept(opened(), REQUEST, KEPT, path) as take_back:
        assert read_proof(path, REQUEST) == KEPT
        take_back()
        assert not path.exists()


def test_no_file_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "proof"
    path.write_bytes(b"mine")
    with (
        pytest.raises(TallywardError, match="ledger_exists"),
        proof_kept(opened(), REQUEST, KEPT, path),
    ):
        pytest.fail("it was not refused")
    assert path.read_bytes() == b"mine"
