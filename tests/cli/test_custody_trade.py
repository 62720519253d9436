from pathlib import Path

import pytest

from tallyward.cli.root import run
from tallyward.wiring.custody.ledger import make_key
from tests.cli.custody_chain import NUMBERS, Ledger


@pytest.fixture
def ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ledger:
    found = Ledger(tmp_path, capsys)
    found.begin()
    found.members()
    found.lot()
    return found


def test_cards_change_hands_by_offer_and_acceptance(ledger: Ledger) -> None:
    ledger.sell("OP", "RES", "L1:0-19", NUMBERS[30])
    members = {one["member"]: one["stock"] for one in ledger.told("show")["members"]}  # type: ignore[attr-defined]
    assert (members["OP"], members["RES"]) == (19, 21)
    assert "not_holder" in ledger.refused("offer", "L1:0-2", "--as", "OP", "--to", "SHOP")


def test_cards_are_sold_at_once_by_two_keys(ledger: Ledger) -> None:
    ledger.said("sell", "L1:0-9", "--as", "OP", "--to", "RES")
    assert ledger.told("show")["offers"] == []
    assert "not_holder" in ledger.refused("sell", "L1:0-9", "--as", "OP", "--to", "SHOP")
    draft, key = (str(ledger.home / name) for name in ("sale", "own.key"))
    public = bytes(make_key(ledger.home / "own.key").verify_key).hex()
    ledger.said("member", "OWN", "--kind", "retail", "--name", "With a key of its own", "--public", public)
    assert "no_key" in ledger.refused("sell", "L1:0-4", "--as", "RES", "--to", "OWN")
    ledger.said("sell", "L1:0-4", "--as", "RES", "--to", "OWN", "--draft", draft)
    assert run(["custody", "sign", draft, "--key", key]) == 0
    assert "signature_invalid" in ledger.refused("submit", draft)
    assert run(["custody", "sign", draft, "--key", str(ledger.home / "custody" / "keys" / "RES.key")]) == 0
    ledger.said("submit", draft)
    members = {one["member"]: one["stock"] for one in ledger.told("show")["members"]}  # type: ignore[attr-defined]
    assert (members["RES"], members["OWN"]) == (5, 5)


def test_an_offer_is_rejected_or_taken_back(ledger: Ledger) -> None:
    offer = ledger.said("offer", "L1:0-9", "--as", "OP", "--to", "RES")
    assert "not_buyer" in ledger.refused("accept", offer, "--as", "SHOP")
    ledger.said("reject", offer, "--as", "RES")
    assert "hash_unclear" in ledger.refused("accept", offer, "--as", "RES")
    offer = ledger.said("offer", "L1:0-9", "--as", "OP", "--to", "RES")
    ledger.said("withdraw", offer, "--as", "OP")
    assert ledger.told("show")["offers"] == []


@pytest.mark.parametrize("text", ["", "\n\n", "8986 1\n", "é\n", "9" * 33 + "\n"])
def test_a_file_of_numbers_names_its_bad_line(ledger: Ledger, text: str) -> None:
    (ledger.home / "bad.txt").write_text("8986\n" + text if text.strip() else text, encoding="utf-8")
    told = ledger.refused("register", "L2", str(ledger.home / "bad.txt"), "--as", "OP")
    assert "number_form" in told
    assert ("Line 2" if text.strip() else "Line 1") in told


def test_a_lot_that_was_refused_leaves_no_book(ledger: Ledger) -> None:
    (ledger.home / "more.txt").write_text("1\n2\n", encoding="utf-8")
    assert "rules_unknown" in ledger.refused(
        "register", "L2", str(ledger.home / "more.txt"), "--as", "OP", "--rules", "none"
    )
    assert "number_unknown" in ledger.refused("trace", "1")
    assert "lot_exists" in ledger.refused("register", "L1", str(ledger.home / "more.txt"), "--as", "OP")
    ledger.told("trace", NUMBERS[0])
