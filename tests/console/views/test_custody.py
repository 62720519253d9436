import pytest
from pydantic import ValidationError

from tallyward.console.views.custody import CardChain, NoteSigner
from tests.console.fakes import NOON


def test_a_card_in_no_lot_is_told_from_no_ledger() -> None:
    assert CardChain(begun=True, chain=None).model_dump() == {"begun": True, "chain": None}
    with pytest.raises(ValidationError):
        CardChain(chain=None)  # type: ignore[call-arg]


def test_a_cosignature_has_its_time_in_utc() -> None:
    signer = NoteSigner(name="w.example", key="00", log=False, at=NOON)
    assert signer.model_dump(mode="json")["at"] == "2026-03-02T12:00:00Z"
