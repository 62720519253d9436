"""Each kind of transaction is read as it was written; anything else is refused."""

import pytest

from tallyward.custody.card_orders import Cancel, Find, Lose, Quarantine, Recycle, Resume, Suspend
from tallyward.custody.codec import MalformedError, decode, encode
from tallyward.custody.entry import body_of, entry_of, parse_entry
from tallyward.custody.fields import Part
from tallyward.custody.forms import FORMS
from tallyward.custody.reports import CreditSet, Incident, KeyDestroyed, OrderSuspend, StockReport
from tallyward.custody.transactions import (
    Accept,
    Activate,
    ActRequest,
    BindDevice,
    BlockEnd,
    Genesis,
    KeyAdd,
    KeyRevoke,
    Kind,
    MemberAdd,
    MemberRemove,
    Offer,
    RegisterLot,
    Reject,
    RnApprove,
    RnReject,
    RulesSet,
    Sale,
    Transaction,
    Withdraw,
)
from tests.custody.chain import KEYS, MEMBERS, NOW, RULES, public, signed

LEDGER = bytes(16)
HASH = bytes(32)
PARTS = (Part("LOT", 0, 5, 3), Part("LOT", 7, 9, 4))
EACH: list[Transaction] = [
    Genesis("ledger.example", MEMBERS, (RULES,), NOW),
    RegisterLot("OP", "LOT", 10, HASH, "NB-IoT", RULES.id),
    RegisterLot("OP", "LOT", 7, HASH, "NB-IoT", RULES.id, PARTS),
    BindDevice("OP", PARTS, HASH * 7),
    OrderSuspend("REG", PARTS, NOW, "reason"),
    StockReport("RES", NOW, (("LOT", 7), ("LOT2", 0))),
    Incident("WATCH", PARTS, HASH, "voice.calls"),
    KeyDestroyed("RES", HASH),
    CreditSet("WATCH", "RES", "B", 1000, 7),
    Offer("OP", "RES", PARTS, NOW, None),
    Offer("OP", "RES", PARTS, NOW, HASH),
    Withdraw("OP", HASH),
    Accept("RES", HASH),
    Reject("RES", HASH),
    Sale("OP", "RES", PARTS, None),
    Sale("OP", "RES", PARTS, HASH),
    ActRequest("SHOP", PARTS, HASH * 7),
    RnApprove("OP", HASH, b"\x7f", bytes(84)),
    RnReject("OP", HASH, "not readable"),
    Activate("OP", HASH),
    *(form("OP", PARTS, "reason") for form in (Suspend, Resume, Cancel, Quarantine, Recycle, Lose, Find)),
    MemberAdd(MEMBERS[2], 3),
    MemberRemove("RES", 3),
    KeyAdd("RES", HASH, 1, None, 3),
    KeyRevoke("RES", HASH, 3),
    RulesSet(RULES, 3),
    BlockEnd(1, NOW, HASH),
]


@pytest.mark.parametrize("one", EACH, ids=lambda one: type(one).__name__)
def test_it_reads_as_it_was_written(one: Transaction) -> None:
    entry = parse_entry(signed(LEDGER, one, "op", "op2"))
    assert entry.transaction == one
    assert entry.body == body_of(LEDGER, one)
    assert len(entry.signatures) == 2


def test_each_form_is_tried() -> None:
    assert {one.kind for one in EACH} == {Kind(number) for number in FORMS}


@pytest.mark.parametrize("one", EACH, ids=lambda one: type(one).__name__)
def test_a_field_more_less_or_of_another_kind_is_refused(one: Transaction) -> None:
    row = decode(body_of(LEDGER, one))
    assert isinstance(row, list)
    for changed in ([*row, 0], row[:-1], [99, *row[1:]], [row[0], b"short", *row[2:]]):
        with pytest.raises(MalformedError):
            parse_entry(entry_of(encode(changed), ()))
    for at in range(2, len(row)):
        with pytest.raises(MalformedError):
            parse_entry(entry_of(encode([*row[:at], [[]], *row[at + 1 :]]), ()))


def test_a_million_cards_take_at_most_350_bytes() -> None:
    one = Offer("OPERATOR-0000001", "RESELLER-0000001", (Part("LOT-2026-0000001", 0, 1_000_000, 2**40),), NOW, HASH)
    assert len(signed(LEDGER, one, "op")) <= 350


def test_no_key_is_written_by_a_test_twice() -> None:
    assert len({public(name) for name in KEYS}) == len(KEYS)
