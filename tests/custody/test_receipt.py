"""A receipt is read as it was written, and holds for its entry only."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tallyward.custody import receipt
from tallyward.custody.adapters.sqlite_ledger import SqliteLedger
from tallyward.custody.codec import MalformedError


def test_a_receipt_holds_for_its_entry(open_ledger: Callable[[], SqliteLedger]) -> None:
    one = open_ledger().receipt(0)
    assert one.holds
    assert receipt.parse(one.text()) == one
    assert not replace(one, entry=one.entry + b"x").holds
    assert not replace(one, index=1).holds


@pytest.mark.parametrize("broken", ["", "c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v1\nextra !\nindex x\n\n"])
def test_what_is_no_receipt(broken: str) -> None:
    with pytest.raises(MalformedError):
        receipt.parse(broken)
