"""Several witnesses: their signatures are on one head, and one that fails keeps none of the others from signing."""

from collections.abc import Callable
from pathlib import Path

from tallyward.custody import verify_receipt
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.adapters.witness_file import WitnessFile
from tallyward.custody.adapters.witness_http import WitnessHttp
from tallyward.custody.adapters.witnesses import Witnesses
from tallyward.custody.checkpoint import WITNESS, NoteKey
from tallyward.custody.receipt import Receipt
from tallyward.custody.witness import Witness
from tallyward.kernel.clock import FixedClock
from tests.custody.adapters.witnessing import LOG, WITNESS_KEY, serving
from tests.custody.chain import KEYS, START, public
from tests.custody.test_witness import grow


def test_files_and_addresses_sign_one_head(open_ledger: Callable[[], SqliteLedger], tmp_path: Path) -> None:
    ledger = open_ledger()
    file = WitnessFile(tmp_path / "w2.heads", Witness("witness.example/w2", KEYS["new"], LOG), FixedClock(START))
    gone = NoteKey("witness.example/gone", public("op"), WITNESS)
    with serving(tmp_path) as server:
        all_of_them = Witnesses([WitnessHttp(server.url, WITNESS_KEY), file, WitnessHttp("http://127.0.0.1:1", gone)])
        for turn in range(3):
            head = grow(ledger, f"L{turn}")
            found = all_of_them.cosigned(ledger)
            assert found.head.head == head.head
            assert found.head.signed_by([LOG, WITNESS_KEY, file.key]) == [LOG, WITNESS_KEY, file.key]
            assert {name: one.code for name, one in found.refused.items()} == {gone.name: "custody.witness_unreachable"}
    plain = ledger.receipt(0)
    carried = Receipt(plain.entry, plain.index, plain.path, found.head)
    keys = [WITNESS_KEY.text(), file.key.text()]
    assert verify_receipt.verify(carried.text(), LOG.text(), keys)["witnesses"] == [WITNESS_KEY.name, file.key.name]
    assert Witnesses([]).cosigned(ledger) == (ledger.head(), {})
