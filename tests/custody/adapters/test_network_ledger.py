"""The platform's face of a network: the same port as the embedded ledger, the same answers."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from tallyward.custody import merkle
from tallyward.custody.adapters import network_ledger
from tallyward.custody.adapters.abci_server import LEDGER
from tallyward.custody.adapters.network_ledger import NetworkLedger
from tallyward.custody.entry import parse_entry
from tallyward.custody.fields import Part
from tallyward.custody.ports import Ledger
from tallyward.custody.transactions import Accept, Offer
from tallyward.kernel.errors import ConflictError, ForbiddenError, TallywardError
from tests.custody.chain import LATER
from tests.custody.network import network, until
from tests.custody.validators import lot, said


@pytest.mark.slow
def test_it_answers_as_the_embedded_ledger_does(tmp_path: Path) -> None:
    with network(tmp_path) as nodes:
        one, two, three, four = nodes.nodes.values()
        until((one.seat.home / LEDGER).exists)
        with closing(NetworkLedger(one.seat.home / LEDGER, one.seat.address, tmp_path / "cosigned", 60)) as ledger:
            port: Ledger = ledger
            answers = port.submit([lot("A"), b"nonsense", lot("A"), lot("B")])
            assert isinstance(answers[0], int)
            assert isinstance(answers[3], int)
            assert getattr(answers[1], "code", "") == "custody.malformed"
            assert answers[2] == answers[0]
            old = port.head().head
            offer = said(Offer("OP", "RES", (Part("A", 0, 5, answers[0]),), LATER * 2, None), "op")
            accept = said(Accept("RES", parse_entry(offer).hash), "reseller")
            again = said(Offer("OP", "SHOP", (Part("A", 0, 5, answers[0]),), LATER * 2, None), "op")
            sold = port.submit([offer, accept, again])
            assert isinstance(sold[0], int)
            assert isinstance(sold[1], int)
            assert isinstance(sold[2], TallywardError)
            assert port.receipt(sold[1]).entry == accept
            assert port.receipt(sold[1]).holds
            new = port.head().head
            proof = port.consistency(old.size, new.size)
            assert merkle.consistent(old.size, new.size, old.root, new.root, proof)
            assert "of lot A" in sold[2].sentence("en")
        three.kill()
        four.kill()
        with (
            closing(NetworkLedger(one.seat.home / LEDGER, one.seat.address, tmp_path / "cosigned", 3)) as ledger,
            pytest.raises(TallywardError, match="not_agreed"),
        ):
            ledger.submit([lot("C")])
        three.start()
        with closing(NetworkLedger(two.seat.home / LEDGER, two.seat.address, tmp_path / "cosigned", 60)) as ledger:
            until(lambda: ledger.submit([lot("D")])[0] is not None)
            assert any(data == lot("C") for _, data in ledger.entries())


def test_refusals_come_back_as_they_were() -> None:
    def told(*result: object) -> TallywardError | None:
        return network_ledger._refusal(json.dumps(result).encode())

    found = told(5, 0, json.dumps(["custody.lot_exists", {"lot": "A"}]))
    assert isinstance(found, ConflictError)
    assert found.sentence("en") == ConflictError("custody.lot_exists", lot="A").sentence("en")
    assert isinstance(told(3, 0, json.dumps(["custody.signature_invalid", {}])), ForbiddenError)
    assert told(0, 7, "") is None


@pytest.mark.parametrize(
    "result",
    [
        b"",
        b"{}",
        b"[1, 2]",
        b'[3, 0, ""]',
        b'[3, 0, "[1, 2]"]',
        b'[3, 0, "[\\"X\\", {}]"]',
        b'[3, 0, "[\\"a.b\\", [1]]"]',
    ],
)
def test_what_is_no_refusal_is_none(result: bytes) -> None:
    assert network_ledger._refusal(result) is None
