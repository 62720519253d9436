"""The stand-alone verifier: one file that knows nothing of the ledger, and believes nothing that is changed."""

import ast
import shutil
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tallyward.custody import checkpoint, verify_receipt
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.carton import Carton, to_qr
from tallyward.custody.checkpoint import WITNESS, NoteKey
from tallyward.custody.entry import body_of
from tallyward.custody.fields import Part
from tallyward.custody.machine import read
from tallyward.custody.receipt import Receipt
from tallyward.custody.transactions import Accept, Offer, RegisterLot, Sale
from tallyward.custody.witness import Equivocation
from tests.custody.chain import KEYS, LATER, NOW, ORIGIN, public, signed
from tests.custody.test_witness import forged

LOG = NoteKey(ORIGIN, public("log")).text()
WATCHER = NoteKey("witness.example", public("stranger"), WITNESS).text()


@pytest.fixture
def receipt(open_ledger: Callable[[], SqliteLedger]) -> Receipt:
    """Of a lot's registration, cosigned by a witness."""
    ledger = open_ledger()
    lots = [RegisterLot("OP", f"LOT{one}", 10, bytes(32), "NB-IoT", "cn-2019-chain") for one in range(40)]
    numbers = ledger.submit([signed(ledger.machine.id, one, "op") for one in lots])
    assert isinstance(numbers[7], int)
    found = ledger.receipt(numbers[7])
    cosigned = checkpoint.cosign(found.head.head, "witness.example", KEYS["stranger"], NOW)
    return Receipt(found.entry, found.index, found.path, found.head.with_signature(cosigned))


def test_it_needs_pynacl_and_nothing_else() -> None:
    tree = ast.parse(Path(verify_receipt.__file__).read_text(encoding="utf-8"))
    named = {
        (one.module if isinstance(one, ast.ImportFrom) else one.names[0].name) or ""
        for one in ast.walk(tree)
        if isinstance(one, ast.Import | ast.ImportFrom)
    }
    assert {name.split(".")[0] for name in named} - set(sys.stdlib_module_names) == {"nacl"}


def test_what_it_proves(receipt: Receipt) -> None:
    found = verify_receipt.verify(receipt.text(), LOG, [WATCHER])
    assert (found["entry"], found["index"], found["origin"]) == (receipt.entry, receipt.index, ORIGIN)
    assert found["witnesses"] == ["witness.example"]


def test_any_character_changed_proves_nothing(receipt: Receipt) -> None:
    text = receipt.text()
    for at in range(len(text)):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        try:
            verify_receipt.verify(changed, LOG, [WATCHER])
        except verify_receipt.Refused:
            continue
        pytest.fail(f"believed with another character {at}: {changed[at - 20 : at + 20]!r}")


@pytest.mark.parametrize(
    ("log", "witnesses", "why"),
    [
        (NoteKey(ORIGIN, public("op")).text(), [], "did not sign"),
        (NoteKey("other.example", public("log")).text(), [], "did not sign"),
        (LOG, [NoteKey("witness.example", public("op"), WITNESS).text()], "not all witnesses"),
        (LOG, [LOG], "another kind"),
        ("nonsense", [], "did not sign"),
        (ORIGIN, [], "base64"),
    ],
)
def test_other_keys_prove_nothing(receipt: Receipt, log: str, witnesses: list[str], why: str) -> None:
    with pytest.raises(verify_receipt.Refused, match=why):
        verify_receipt.verify(receipt.text(), log, witnesses)


def test_it_runs_alone(receipt: Receipt, tmp_path: Path) -> None:
    alone = shutil.copy(verify_receipt.__file__, tmp_path / "verify_receipt.py")
    file = tmp_path / "carton.receipt"
    file.write_text(receipt.text(), encoding="utf-8")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(alone), *words], capture_output=True, text=True, check=False, cwd=tmp_path
        )

    good = run(str(file), LOG, WATCHER)
    assert good.returncode == 0, good.stderr
    assert "PROVEN: entry" in good.stdout
    file.write_text(receipt.text().replace("index ", "index 1"), encoding="utf-8")
    bad = run(str(file), LOG)
    assert (bad.returncode, bad.stdout.split(":")[0]) == (1, "REFUSED")
    assert run().returncode == 2
    assert run(str(tmp_path / "none"), LOG).returncode == 1


def test_two_views_are_proven_offline_and_nothing_else_is(receipt: Receipt, tmp_path: Path) -> None:
    seen = replace(receipt.head, signatures=receipt.head.signatures[:1])
    size = seen.head.size
    text = Equivocation(seen, forged(size)).text()
    found = verify_receipt.verify_equivocation(text, LOG)
    assert (found["origin"], found["size"]) == (ORIGIN, size)
    for bad, key, why in (
        (text, NoteKey(ORIGIN, public("op")).text(), "did not sign both"),
        (text, NoteKey("other.example", public("log")).text(), "did not sign both"),
        (Equivocation(seen, forged(size, key="op")).text(), LOG, "did not sign both"),
        (Equivocation(seen, seen).text(), LOG, "do not contradict"),
        (Equivocation(seen, forged(size + 1)).text(), LOG, "do not contradict"),
        (receipt.text(), LOG, "no proof of two views"),
        (text.replace(f"\n{size}\n", f"\n0{size}\n"), LOG, "damaged"),
        ("", LOG, "no proof"),
    ):
        with pytest.raises(verify_receipt.Refused, match=why):
            verify_receipt.verify_equivocation(bad, key)
    file = tmp_path / "two.equivocation"
    file.write_text(text, encoding="utf-8")
    assert verify_receipt.main(["--equivocation", str(file), LOG]) == 0
    assert verify_receipt.main([str(file), LOG]) == 1
    assert verify_receipt.main(["--equivocation", str(file)]) == 2
    assert verify_receipt.main(["--equivocation", str(file), LOG, WATCHER]) == 2
    for at in range(0, len(text), 3):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises(verify_receipt.Refused):
            verify_receipt.verify_equivocation(changed, LOG)


@pytest.fixture
def paper(open_ledger: Callable[[], SqliteLedger]) -> str:
    """A carton of five cards that went from an operator to a reseller."""
    ledger = open_ledger()
    ledger.submit([signed(ledger.machine.id, RegisterLot("OP", "LOT", 10, bytes(32), "NB", "cn-2019-chain"), "op")])
    offer = signed(ledger.machine.id, Offer("OP", "RES", (Part("LOT", 2, 7, 2),), LATER, None), "op")
    ledger.submit([offer])
    (number,) = ledger.submit([signed(ledger.machine.id, Accept("RES", read(offer).hash), "reseller")])
    return Carton(read(offer).body, ledger.receipt(int(str(number)))).text()


def test_a_carton_tells_which_cards_went_to_whom(
    paper: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("paper", paper), ("code", to_qr(paper)), ("scanned", to_qr(paper) + "\r\n")):
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        assert verify_receipt.main([str(tmp_path / name), LOG]) == 0
        assert "OP handed LOT:2-6 to RES" in capsys.readouterr().out


def test_a_sale_at_once_is_a_carton_without_an_offer(open_ledger: Callable[[], SqliteLedger], paper: str) -> None:
    ledger = open_ledger()
    sale = signed(ledger.machine.id, Sale("OP", "RES", (Part("LOT", 8, 9, 2),), None), "op", "reseller")
    (number,) = ledger.submit([sale])
    receipt = ledger.receipt(int(str(number)))
    found = verify_receipt.verify_carton(Carton(b"", receipt).text(), LOG, [])
    assert (found["seller"], found["buyer"], found["cards"]) == ("OP", "RES", [("LOT", 8, 8)])
    lines = paper.split("\n")
    for other in (read(sale).body, b"", body_of(bytes(16), Sale("OP", "RES", (Part("LOT", 0, 9, 2),), None))):
        changed = "\n".join([lines[0], b64encode(other).decode(), *lines[2:]])
        with pytest.raises(verify_receipt.Refused):
            verify_receipt.verify_carton(changed, LOG, [])
        if other:
            with pytest.raises(verify_receipt.Refused):
                verify_receipt.verify_carton(Carton(other, receipt).text(), LOG, [])


def test_any_character_of_a_carton_changed_proves_nothing(paper: str) -> None:
    for at in range(0, len(paper), 3):
        changed = paper[:at] + ("A" if paper[at] != "A" else "B") + paper[at + 1 :]
        with pytest.raises(verify_receipt.Refused):
            verify_receipt.verify_carton(changed, LOG, [])
    code = to_qr(paper)
    for at in range(4, len(code), 7):
        changed = code[:at] + ("A" if code[at] != "A" else "B") + code[at + 1 :]
        with pytest.raises(verify_receipt.Refused):
            verify_receipt.verify_carton(verify_receipt.unpacked(changed), LOG, [])


def test_a_carton_of_another_offer_proves_nothing(paper: str) -> None:
    lines = paper.split("\n")
    other = body_of(bytes(16), Offer("OP", "RES", (Part("LOT", 0, 9, 2),), LATER, None))
    lines[1] = b64encode(other).decode()
    with pytest.raises(verify_receipt.Refused, match="not of the acceptance"):
        verify_receipt.verify_carton("\n".join(lines), LOG, [])
