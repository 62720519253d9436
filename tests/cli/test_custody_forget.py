"""A person is forgotten by a command, and the ledger knows."""

import sqlite3
from pathlib import Path

import pytest

from tallyward.cli.root import run
from tallyward.custody.card_orders import Cancel
from tallyward.custody.signing import signed
from tallyward.wiring.custody.ledger import open_custody
from tallyward.wiring.settings import read_settings
from tests.custody.chain import ORIGIN

PERSON = "cn-id,11010519491231002X,张三丰"
OTHER = "passport-USA,E12345678,Jane Q. Doe"


class Office:
    """Runs commands on one ledger."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def __call__(self, *words: str, code: int = 0) -> str:
        self.capsys.readouterr()
        found = run(["custody", *words, "--folder", str(self.folder / "home")])
        self.said = self.capsys.readouterr()
        assert found == code, self.said.err
        return self.said.out.strip()

    def file(self, name: str, *lines: str) -> str:
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return str(path)

    def bytes(self) -> bytes:
        return b"".join(one.read_bytes() for one in (self.folder / "home").rglob("*") if one.is_file())


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """An operator that sold three cards to a shop, which asked for their activation."""
    one = Office(tmp_path, capsys)
    one("begin", "--origin", ORIGIN, "--operator", "OP=Operator", "--regulator", "REG=Regulator")
    one("member", "SHOP", "--kind", "retail", "--name", "Shop")
    numbers = one.file("numbers.txt", *(f"8986040000000000000{at}" for at in range(5)))
    one("register", "LOT", numbers, "--as", "OP", "--product", "NB-IoT", "--rules", "cn-2019-chain")
    offer = one("offer", "LOT:0-2", "--as", "OP", "--to", "SHOP")
    one("accept", offer, "--as", "SHOP")
    persons = one.file(
        "persons.csv", "card,document,number,name", f"LOT:0,{PERSON}", f"LOT:1,{OTHER}", f"LOT:2,{PERSON}"
    )
    request = one("request", persons, "--as", "SHOP")
    one("approve", request[:12], "--as", "OP")
    one("activate", request[:12], "--as", "OP")
    return one


def kept(office: Office) -> list[int]:
    with sqlite3.connect(office.folder / "home" / "custody" / "vault.db") as db:
        found = [row[0] for row in db.execute("SELECT start FROM kept ORDER BY start")]
    db.close()
    return found


def test_a_person_is_forgotten_with_all_its_cards(office: Office) -> None:
    assert kept(office) == [0, 1, 2]
    receipt = office("receipt", "3")
    office("forget", "--as", "OP", "--person", office.file("who.csv", "document,number,name", PERSON))
    assert "2 data keys" in office.said.err
    assert kept(office) == [1]
    assert office("receipt", "3").splitlines()[1] == receipt.splitlines()[1]
    office("verify")
    for word in ("11010519491231002X", "张三丰", "E12345678"):
        assert word.encode() not in office.bytes()
    office("forget", "--as", "OP", "--person", office.file("who.csv", "document,number,name", PERSON))
    assert "0 data keys" in office.said.err


def test_a_card_is_forgotten_and_what_makes_no_sense_is_told(office: Office) -> None:
    office("forget", "LOT:1", "--as", "OP")
    assert kept(office) == [0, 2]
    office("forget", "--as", "OP", code=2)
    office("forget", "--as", "OP", "--person", office.file("who.csv", "a,b"), code=2)
    assert "cli.persons_form" in office.said.err
    office("forget", "--as", "OP", "--person", office.file("who.csv", "document,number,name", "cn-id,123,x"), code=2)
    assert "identity_invalid" in office.said.err
    office("forget", "LOT:0", "--as", "SHOP")
    assert kept(office) == [2]


def test_a_request_that_is_refused_leaves_no_material(office: Office) -> None:
    persons = office.file("again.csv", "card,document,number,name", f"LOT:0,{PERSON}")
    assert office("request", persons, "--as", "SHOP", code=5) == ""
    assert kept(office) == [0, 1, 2]


def test_the_number_of_a_card_that_is_over_leaves_the_books(office: Office) -> None:
    number = b"89860400000000000001"
    office("forget", "LOT:1", "--numbers", "--as", "OP", code=5)
    assert "card_lives" in office.said.err
    assert kept(office) == [0, 1, 2]
    with open_custody(read_settings(home=office.folder / "home")) as opened:
        parts = opened.service.cards(["LOT:1"])
        opened.service.submit(signed(opened.service.machine.id, Cancel("OP", parts, "over"), opened.keys.read("OP")))
    assert number in office.bytes()
    office("forget", "LOT:1", "--numbers", "--as", "OP")
    assert "2 data keys" in office.said.err
    books = b"".join(one.read_bytes() for one in (office.folder / "home" / "custody").glob("books.db*"))
    assert number not in books
    office("verify")
    office("risk")
    assert "0 broken chains" in office.said.err
    office("trace", "LOT:1")
    office("trace", number.decode(), code=4)
