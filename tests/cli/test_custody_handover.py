"""A seller hands over the numbers of what it sells, its buyer checks them, and hands on a part."""

import csv
import io
from pathlib import Path

import pytest

from tallyward.cli.root import run
from tallyward.custody.signing import signed
from tallyward.custody.transactions import KeyAdd
from tallyward.wiring.custody.ledger import make_key, open_custody
from tallyward.wiring.settings import read_settings
from tests.cli.custody_chain import NUMBERS, Ledger

TERMS = 'price = 3.20\ncurrency = "CNY"\ncontract = "12 months, 30 MB a month"\n'


@pytest.fixture
def ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ledger:
    found = Ledger(tmp_path, capsys)
    found.begin()
    found.members()
    found.lot()
    return found


def terms(ledger: Ledger, text: str = TERMS) -> str:
    path = ledger.home / "terms.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def file(ledger: Ledger, name: str) -> str:
    return str(ledger.home / name)


def cards(text: str) -> list[str]:
    return [row["card"] for row in csv.DictReader(io.StringIO(text))]


def bought(ledger: Ledger) -> str:
    """Ten cards with terms, offered by the operator, handed over, opened and accepted; the file."""
    offer = ledger.said("offer", "L1:5-14", "--as", "OP", "--to", "RES", "--terms", terms(ledger))
    ledger.said("hand-over", offer[:10], "--out", file(ledger, "to-res"))
    ledger.said("open", file(ledger, "to-res"), "--as", "RES")
    ledger.said("accept", offer[:10], "--as", "RES")
    return file(ledger, "to-res")


def test_a_buyer_learns_numbers_and_terms_before_it_accepts(ledger: Ledger) -> None:
    offer = ledger.said("offer", "L1:5-14", "--as", "OP", "--to", "RES", "--terms", terms(ledger))
    ledger.said("hand-over", offer[:10], "--out", file(ledger, "sent"))
    for number in NUMBERS:
        assert number.encode() not in (ledger.home / "sent").read_bytes()
    found = ledger.told("open", file(ledger, "sent"), "--as", "RES")
    assert found["terms"] == {"price": "3.20", "currency": "CNY", "contract": "12 months, 30 MB a month"}
    assert found["sale"] == offer
    assert [one["number"] for one in found["cards"]] == NUMBERS[5:15]  # type: ignore[attr-defined]
    ledger.said("open", file(ledger, "sent"), "--as", "REG", "--out", file(ledger, "cards.csv"))
    assert (ledger.home / "cards.csv").stat().st_mode & 0o077 == 0
    assert (ledger.home / "cards.csv").read_text(encoding="utf-8").splitlines()[:2] == [
        "lot,slot,card,price,currency",
        f"L1,5,{NUMBERS[5]},3.20,CNY",
    ]
    assert "12 months" in ledger.aside
    assert "envelope_not_yours" in ledger.refused("open", file(ledger, "sent"), "--as", "SHOP")


def test_a_reseller_hands_on_a_part_of_what_it_received(ledger: Ledger) -> None:
    mine = bought(ledger)
    offer = ledger.said("offer", "L1:7-9", "--as", "RES", "--to", "SHOP")
    assert "not_disclosed" in ledger.refused("hand-over", offer, "--out", file(ledger, "sent"))
    ledger.said("hand-over", offer, "--from", mine, "--out", file(ledger, "sent"))
    assert cards(ledger.said("open", file(ledger, "sent"), "--as", "SHOP")) == NUMBERS[7:10]
    ledger.said("accept", offer, "--as", "SHOP")
    assert "envelope_not_yours" in ledger.refused("open", mine, "--as", "SHOP")
    ledger.sell("OP", "RES", "L1:20-24")
    more = ledger.said("offer", "L1:20-24", "--as", "RES", "--to", "SHOP")
    assert "not_disclosed" in ledger.refused("hand-over", more, "--from", mine, "--out", file(ledger, "sent"))


def test_a_sale_at_once_is_checked_before_it_is_signed(ledger: Ledger) -> None:
    mine, draft = bought(ledger), file(ledger, "draft")
    arguments = ("sell", "L1:7-9", "--as", "RES", "--to", "SHOP")
    ledger.said(*arguments, "--terms", terms(ledger), "--draft", draft)
    ledger.said("hand-over", draft, "--from", mine, "--out", file(ledger, "sent"))
    assert cards(ledger.said("open", file(ledger, "sent"), "--as", "SHOP")) == NUMBERS[7:10]
    assert "not on the ledger" in ledger.aside
    for name in ("RES", "SHOP"):
        key = ledger.home / "custody" / "keys" / f"{name}.key"
        assert run(["custody", "sign", draft, "--key", str(key)]) == 0
    sale = ledger.said("submit", draft)
    assert cards(ledger.said("open", file(ledger, "sent"), "--as", "OP")) == NUMBERS[7:10]
    assert "not on the ledger" not in ledger.aside
    ledger.said("hand-over", sale, "--from", mine, "--out", file(ledger, "again"))
    assert cards(ledger.said("open", file(ledger, "again"), "--as", "SHOP")) == NUMBERS[7:10]
    ledger.said("sell", "L1:10-10", "--as", "RES", "--to", "SHOP", "--terms", terms(ledger))


def test_a_reader_that_is_shut_out_stops_an_open_offer_only(ledger: Ledger) -> None:
    mine = bought(ledger)
    offer = ledger.said("offer", "L1:20", "--as", "OP", "--to", "RES")
    ledger.said("hand-over", offer, "--out", file(ledger, "sent"))
    with open_custody(read_settings(home=ledger.home)) as opened:
        public = bytes(make_key(ledger.home / "second.key").verify_key)
        add = KeyAdd("REG", public, 1, None, opened.service.state.turn)
        opened.service.submit(signed(opened.service.machine.id, add, *opened.governors()))
    assert "readers_differ" in ledger.refused("open", file(ledger, "sent"), "--as", "RES")
    assert cards(ledger.said("open", mine, "--as", "RES")) == NUMBERS[5:15]
    assert "Not everybody" in ledger.aside
    ledger.said("hand-over", offer, "--out", file(ledger, "sent"))
    assert cards(ledger.said("open", file(ledger, "sent"), "--as", "REG", "--key", file(ledger, "second.key")))


def test_terms_that_are_none_and_sales_that_are_refused_leave_nothing(ledger: Ledger) -> None:
    arguments = ("offer", "L1:5-14", "--as", "OP", "--to", "RES", "--terms")
    assert "terms_unreadable" in ledger.refused(*arguments, terms(ledger, "price = 3"))
    assert "transit_limit" in ledger.refused(*arguments, terms(ledger), "--days", "3650")
    assert list((ledger.home / "custody").glob("terms/*")) == []
    offer = ledger.said(*arguments, terms(ledger))
    (kept,) = (ledger.home / "custody").glob("terms/*")
    kept.unlink()
    assert "no_terms" in ledger.refused("hand-over", offer, "--out", file(ledger, "sent"))


def test_what_a_stranger_sends_is_refused(ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    offer = ledger.said("offer", "L1:5-14", "--as", "OP", "--to", "RES")
    ledger.said("hand-over", offer, "--out", file(ledger, "sent"))
    good = (ledger.home / "sent").read_bytes()
    (ledger.home / "sent").write_bytes(good[:400] + bytes([good[400] ^ 1]) + good[401:])
    assert "envelope_damaged" in ledger.refused("open", file(ledger, "sent"), "--as", "RES")
    (ledger.home / "sent").write_bytes(good[1:])
    assert "envelope_malformed" in ledger.refused("open", file(ledger, "sent"), "--as", "RES")
    (ledger.home / "sent").write_bytes(good)
    (tmp_path / "other").mkdir()
    other = Ledger(tmp_path / "other", capsys)
    other.begin()
    key = str(ledger.home / "custody" / "keys" / "RES.key")
    assert "wrong_ledger" in other.refused("open", file(ledger, "sent"), "--as", "RES", "--key", key)
    withdrawal = ledger.said("withdraw", offer, "--as", "OP")
    assert "hash_unclear" in ledger.refused("hand-over", withdrawal, "--out", file(ledger, "no"))
