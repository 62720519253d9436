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


def test_an_operator_with_a_platform_of_its_own_is_sent_the_proof(ledger: Ledger) -> None:
    proof = ledger.home / "proof"
    persons = str(ledger.home / "persons.csv")
    request = ledger.said("request", persons, "--as", "SHOP", "--out", str(proof))
    assert str(proof) in ledger.aside
    assert proof.stat().st_mode & 0o077 == 0
    assert b"Zhang" not in proof.read_bytes()
    assert not list((ledger.home / "custody").glob("vault.db"))
    assert "no_proof" in ledger.refused("approve", request, "--as", "OP")
    ledger.said("approve", request, "--as", "OP", "--proof", str(proof))
    assert "2 of 2" in ledger.aside
    ledger.said("activate", request, "--as", "OP")
    assert ledger.told("trace", NUMBERS[3])["steps"][-1]["state"] == "ACTIVE"  # type: ignore[index]


def test_a_refused_request_leaves_no_proof_and_none_is_written_over(ledger: Ledger) -> None:
    proof, persons = ledger.home / "proof", ledger.home / "persons.csv"
    proof.write_bytes(b"mine")
    words = ["request", str(persons), "--as", "SHOP", "--out", str(proof)]
    assert "ledger_exists" in ledger.refused(*words)
    assert proof.read_bytes() == b"mine"
    proof.unlink()
    persons.write_text(PERSONS.replace("L1:5", "L1:25"), encoding="utf-8")  # not the shop's
    assert "not_holder" in ledger.refused(*words)
    assert not proof.exists()


def test_a_proof_that_is_none_of_this_request(ledger: Ledger) -> None:
    persons, proof, other = ledger.home / "persons.csv", ledger.home / "proof", ledger.home / "other"
    request = ledger.said("request", str(persons), "--as", "SHOP", "--out", str(proof))
    persons.write_text(PERSONS.replace("L1:5", "L1:6").replace(NUMBERS[3], NUMBERS[4]), encoding="utf-8")
    ledger.said("request", str(persons), "--as", "SHOP", "--out", str(other))
    assert "material_other" in ledger.refused("approve", request, "--as", "OP", "--proof", str(other))
    for spoilt in (b"", b"nonsense", proof.read_bytes()[:-1], proof.read_bytes() + b"x"):
        other.write_bytes(spoilt)
        assert "envelope_malformed" in ledger.refused("approve", request, "--as", "OP", "--proof", str(other))


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
