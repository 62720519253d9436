from pathlib import Path

import pytest

from tests.cli.custody_chain import NUMBERS, Ledger

PERSONS = f"card,document,number,name\n{NUMBERS[3]},cn-id,11010519491231002X,Zhang San\nL1:5,passport-FRA,X12345,Jean\n"


@pytest.fixture
def ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ledger:
    found = Ledger(tmp_path, capsys)
    found.begin()
    found.members()
    found.lot()
    found.sell("OP", "SHOP", "L1:0-9")
    (tmp_path / "persons.csv").write_text(PERSONS, encoding="utf-8")
    return found


def test_a_card_becomes_active_when_its_operator_has_seen_the_person(ledger: Ledger) -> None:
    request = ledger.said("request", str(ledger.home / "persons.csv"), "--as", "SHOP")
    assert "approval_missing" in ledger.refused("activate", request, "--as", "OP")
    ledger.said("approve", request[:12], "--as", "OP")
    assert "2 of 2" in ledger.aside
    ledger.said("activate", request[:12], "--as", "OP")
    steps = ledger.told("trace", NUMBERS[3])["steps"]
    assert [one["state"] for one in steps][-3:] == ["ACT_REQUESTED", "RN_APPROVED", "ACTIVE"]  # type: ignore[attr-defined]
    assert ledger.said("verify").startswith("All is well")
    for path in (ledger.home / "custody").rglob("*"):
        if path.is_file():
            assert b"11010519491231002X" not in path.read_bytes(), path.name
            assert b"Zhang" not in path.read_bytes(), path.name


def test_a_request_is_rejected(ledger: Ledger) -> None:
    request = ledger.said("request", str(ledger.home / "persons.csv"), "--as", "SHOP")
    ledger.said("approve", request, "--as", "OP", "--reject", "picture unreadable")
    assert ledger.told("show")["requests"] == []
    assert ledger.told("trace", "L1:5")["steps"][-1]["state"] == "RETAIL"  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("card,document\n1,2\n", "persons_form"),
        ("card,document,number,name\n", "persons_form"),
        (PERSONS + PERSONS.splitlines()[1] + "\n", "person_twice"),
        (PERSONS.replace("002X", "0021"), "identity_invalid"),
        (PERSONS.replace("L1:5", "L1:5-6"), "person_twice"),
    ],
)
def test_persons_that_can_not_be_read(ledger: Ledger, text: str, code: str) -> None:
    (ledger.home / "persons.csv").write_text(text, encoding="utf-8")
    told = ledger.refused("request", str(ledger.home / "persons.csv"), "--as", "SHOP")
    assert code in told
    assert "1949" not in told
