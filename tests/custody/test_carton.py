"""A carton's paper: holds only as it was made, goes through a QR code and back."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody import carton
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.carton import Carton, from_qr, to_qr
from tallyward.custody.codec import MalformedError
from tallyward.custody.entry import body_of
from tallyward.custody.fields import Part
from tallyward.custody.machine import read
from tallyward.custody.signing import signed
from tallyward.custody.transactions import Accept, Offer, RegisterLot, Sale
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import KEYS, LATER, RULES


@pytest.fixture
def paper(open_ledger: Callable[[], SqliteLedger]) -> Carton:
    ledger = open_ledger()
    ledger.submit([signed(ledger.machine.id, RegisterLot("OP", "LOT", 10, bytes(32), "NB", RULES.id), KEYS["op"])])
    offer = Offer("OP", "RES", (Part("LOT", 0, 5, 2),), LATER, None)
    entry = signed(ledger.machine.id, offer, KEYS["op"])
    ledger.submit([entry])
    (number,) = ledger.submit([signed(ledger.machine.id, Accept("RES", read(entry).hash), KEYS["reseller"])])
    return Carton(body_of(ledger.machine.id, offer), ledger.receipt(int(str(number))))


def test_it_holds_and_reads_back(paper: Carton) -> None:
    assert paper.holds
    assert carton.parse(paper.text()) == paper
    content = to_qr(paper.text())
    assert from_qr(content) == paper.text()
    assert len(content) < carton.MOST_CHARACTERS / 2


def test_a_sale_at_once_needs_no_offer(open_ledger: Callable[[], SqliteLedger]) -> None:
    ledger = open_ledger()
    ledger.submit([signed(ledger.machine.id, RegisterLot("OP", "LOT", 10, bytes(32), "NB", RULES.id), KEYS["op"])])
    sale = Sale("OP", "RES", (Part("LOT", 0, 5, 2),), None)
    (number,) = ledger.submit([signed(ledger.machine.id, sale, KEYS["op"], KEYS["reseller"])])
    paper = Carton(b"", ledger.receipt(int(str(number))))
    assert paper.holds
    assert carton.parse(from_qr(to_qr(paper.text()))) == paper
    assert not Carton(body_of(ledger.machine.id, sale), paper.receipt).holds


def test_another_offer_does_not_fit(paper: Carton) -> None:
    assert not Carton(paper.offer[:-1] + b"\0", paper.receipt).holds


@pytest.mark.parametrize("text", ["", "x", "tallyward-carton v1\n!\n", "tallyward-carton v1\nAA==\nnothing"])
def test_what_is_no_paper(text: str) -> None:
    with pytest.raises(MalformedError):
        carton.parse(text)


@given(st.text(max_size=300))
def test_any_text_goes_through_a_code(text: str) -> None:
    assert from_qr(to_qr(text)) == text


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:é", max_size=60))
def test_any_content_is_read_or_refused(content: str) -> None:
    for given_ in (content, carton.QR + content):
        try:
            from_qr(given_)
        except MalformedError:
            continue


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(TallywardError, match="qr_too_large"):
        to_qr("".join(chr(0x4E00 + (at * 7919) % 20_000) for at in range(3_000)))
    bomb = to_qr("0" * 1_000_000)
    with pytest.raises(MalformedError):
        from_qr(bomb)
