"""A holder's own stock opens for the holder, and a card that was taken out of it is in it no more."""

from dataclasses import replace

import pytest

from tallyward.custody import disclosure, stock
from tallyward.custody.salt_tree import salts
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.secret import Secret
from tests.custody.chain import KEYS
from tests.custody.people import LOT_SECRET, NUMBERS, in_shop, random_of

MACHINE, _ = in_shop()
SHEET = disclosure.whole_lot("LOT", NUMBERS, LOT_SECRET).within(5, 15)
HERE = stock.context_of(MACHINE.id, bytes(32))
KEPT = stock.kept(MACHINE.state, "SHOP", HERE, SHEET, Secret(random_of("stock")))


def test_the_holder_and_nobody_else_opens_it() -> None:
    assert stock.sheet_of(MACHINE.id, KEPT, KEYS["shop"]).numbers.reveal() == NUMBERS[5:15]
    with pytest.raises(TallywardError, match="not_yours"):
        stock.sheet_of(MACHINE.id, KEPT, KEYS["op"])
    with pytest.raises(TallywardError, match="damaged"):
        stock.sheet_of(MACHINE.id, replace(KEPT, start=6), KEYS["shop"])
    with pytest.raises(TallywardError, match="damaged"):
        stock.sheet_of(bytes(16), KEPT, KEYS["shop"])


def test_an_erased_card_leaves_all_others_provable() -> None:
    keys = iter(random_of(str(one)) for one in range(9))
    left = stock.without(MACHINE.state, "SHOP", MACHINE.id, KEPT, KEYS["shop"], 9, lambda _: next(keys))
    sheets = [stock.sheet_of(MACHINE.id, one, KEYS["shop"]) for one in left]
    assert [(one.start, one.end) for one in sheets] == [(5, 9), (10, 15)]
    root = MACHINE.state.lots.rows[b"LOT"].root
    assert {one.run().root() for one in sheets} == {root}
    known = {slot for one in sheets for slot, _ in salts(one.seeds.reveal())}
    assert known == {*range(5, 15)} - {9}
    assert NUMBERS[9] not in {one for sheet in sheets for one in sheet.numbers.reveal()}
    assert len({one.envelope.id for one in [KEPT, *left]}) == 3
