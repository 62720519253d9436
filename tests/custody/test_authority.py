"""Who may sign what is said in one place, and holds for every kind of transaction and every key there is."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

import pytest

from tallyward.custody.authority import BY_GOVERNORS, KINDS_OF_SPEAKER, MEMBER_KINDS, PURPOSE_OF, Purpose, enough
from tallyward.custody.card_orders import Cancel, Find, Lose, Quarantine, Recycle, Resume, Suspend
from tallyward.custody.fields import Member, Part
from tallyward.custody.forms import SPEAKER
from tallyward.custody.machine import Machine, read
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
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import (
    KEYS,
    LATER,
    MEMBERS,
    NOW,
    ORIGIN,
    OWN,
    RULES,
    activated,
    hash_of,
    lot,
    new_machine,
    public,
    say,
    sell,
    signed,
)

HASH = b"h" * 32


class Ready(NamedTuple):
    """A ledger on which something can be said next, and by which keys."""

    machine: Machine
    one: Transaction
    keys: set[str]


def plain(one: Transaction, *keys: str) -> Ready:
    machine = new_machine()
    lot(machine)
    return Ready(machine, one, set(keys))


def offered(form: Callable[[str, bytes], Transaction], speaker: str) -> Ready:
    machine = new_machine()
    offer = Offer("OP", "RES", (Part("LOT", 0, 5, lot(machine)),), LATER, None)
    say(machine, offer)
    return Ready(machine, form(speaker, hash_of(machine, offer)), {OWN[speaker]})


def asked(then: Callable[[bytes], Transaction], *, approved: bool = False) -> Ready:
    machine = new_machine()
    held = sell(machine, "OP", "SHOP", Part("LOT", 0, 2, lot(machine)))
    request = ActRequest("SHOP", (Part("LOT", 0, 2, held),), bytes(64))
    say(machine, request)
    named = hash_of(machine, request)
    if approved:
        say(machine, RnApprove("OP", named, b"\3", b"person-ann.." * 2), "op-names")
    return Ready(machine, then(named), {"op-names"})


def at_the_shop() -> Ready:
    machine = new_machine()
    held = sell(machine, "OP", "SHOP", Part("LOT", 0, 2, lot(machine)))
    return Ready(machine, ActRequest("SHOP", (Part("LOT", 0, 2, held),), bytes(64)), {"shop"})


def active(form: Callable[..., Transaction], *before: type[Any]) -> Ready:
    machine = new_machine()
    event = activated(machine, 2)
    for each in before:
        event = say(machine, each("OP", (Part("LOT", 0, 2, event),), "x"))
    return Ready(machine, form("OP", (Part("LOT", 0, 2, event),), "x"), {"op"})


def at_the_reseller(form: Callable[..., Transaction], *before: type[Any]) -> Ready:
    machine = new_machine()
    event = sell(machine, "OP", "RES", Part("LOT", 0, 2, lot(machine)))
    for each in before:
        event = say(machine, each("RES", (Part("LOT", 0, 2, event),), "x"))
    return Ready(machine, form("RES", (Part("LOT", 0, 2, event),), "x"), {"reseller"})


def ordered() -> Ready:
    machine = new_machine()
    return Ready(machine, OrderSuspend("REG", (Part("LOT", 0, 2, activated(machine, 2)),), LATER, "x"), {"regulator"})


READY: dict[Kind, Callable[[], Ready]] = {
    Kind.GENESIS: lambda: plain(Genesis(ORIGIN, MEMBERS, (RULES,), NOW)),
    Kind.REGISTER_LOT: lambda: plain(RegisterLot("OP", "L2", 5, HASH, "NB-IoT", RULES.id), "op"),
    Kind.OFFER: lambda: plain(Offer("OP", "RES", (Part("LOT", 0, 5, 1),), LATER, None), "op"),
    Kind.WITHDRAW: lambda: offered(Withdraw, "OP"),
    Kind.ACCEPT: lambda: offered(Accept, "RES"),
    Kind.REJECT: lambda: offered(Reject, "RES"),
    Kind.SALE: lambda: plain(Sale("OP", "RES", (Part("LOT", 0, 5, 1),), None)),
    Kind.ACT_REQUEST: at_the_shop,
    Kind.RN_APPROVE: lambda: asked(lambda named: RnApprove("OP", named, b"\1", b"person-ann..")),
    Kind.RN_REJECT: lambda: asked(lambda named: RnReject("OP", named, "x")),
    Kind.ACTIVATE: lambda: asked(lambda named: Activate("OP", named), approved=True),
    Kind.BIND_DEVICE: lambda: plain(BindDevice("OP", (Part("LOT", 0, 1, 1),), HASH), "op"),
    Kind.SUSPEND: lambda: active(Suspend),
    Kind.RESUME: lambda: active(Resume, Suspend),
    Kind.CANCEL: lambda: active(Cancel),
    Kind.QUARANTINE: lambda: active(Quarantine, Cancel),
    Kind.RECYCLE: lambda: active(Recycle, Cancel, Quarantine),
    Kind.LOSE: lambda: at_the_reseller(Lose),
    Kind.FIND: lambda: at_the_reseller(Find, Lose),
    Kind.ORDER_SUSPEND: ordered,
    Kind.STOCK_REPORT: lambda: plain(StockReport("RES", NOW, ()), "reseller"),
    Kind.INCIDENT: lambda: plain(Incident("WATCH", (Part("LOT", 0, 1, 1),), HASH, "x"), "watch"),
    Kind.MEMBER_ADD: lambda: plain(MemberAdd(Member("NEW", "unit", "New", ((public("new"), 1),)), 0)),
    Kind.MEMBER_REMOVE: lambda: plain(MemberRemove("RES", 0)),
    Kind.KEY_ADD: lambda: plain(KeyAdd("RES", public("new"), 1, None, 0)),
    Kind.KEY_REVOKE: lambda: plain(KeyRevoke("RES", public("reseller"), 0)),
    Kind.RULES_SET: lambda: plain(RulesSet(RULES, 0)),
    Kind.KEY_DESTROYED: lambda: plain(KeyDestroyed("OP", HASH), "op", "op-names"),
    Kind.BLOCK_END: lambda: plain(BlockEnd(1, NOW, HASH)),
    Kind.CREDIT_SET: lambda: plain(CreditSet("WATCH", "RES", "A", 1, 0), "watch"),
}


def may(machine: Machine, one: Transaction, *keys: str) -> bool:
    """Whether it would be taken with these signatures."""
    try:
        machine.judge(read(signed(machine.id, one, *keys)), NOW)
    except TallywardError:
        return False
    return True


def test_each_kind_is_tried() -> None:
    assert set(READY) == set(Kind)


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_these_keys_may_sign_and_no_others(kind: Kind) -> None:
    machine, one, keys = READY[kind]()
    assert one.kind is kind
    assert {key for key in KEYS if may(machine, one, key)} == keys
    assert not may(machine, one)
    assert may(machine, one, "op", "op2", "regulator") == (kind in BY_GOVERNORS)
    for key in keys:
        assert not any(may(machine, one, key, other) for other in KEYS if other != key)


def test_a_sale_is_signed_by_seller_and_buyer_and_nobody_else() -> None:
    machine, one, _ = READY[Kind.SALE]()
    pairs = {frozenset(pair) for pair in product(KEYS, KEYS) if may(machine, one, *pair)}
    assert pairs == {frozenset({"op", "reseller"})}
    assert not any(may(machine, one, "op", "reseller", other) for other in KEYS)


@pytest.mark.parametrize("kind", sorted(KINDS_OF_SPEAKER), ids=lambda kind: kind.name)
def test_a_member_of_another_kind_may_not_say_it_for_itself(kind: Kind) -> None:
    machine, one, _ = READY[kind]()
    for member in MEMBERS:
        if member.kind in KINDS_OF_SPEAKER[kind]:
            continue
        own = replace(one, **{SPEAKER[kind]: member.id})
        with pytest.raises(TallywardError) as caught:
            machine.judge(read(signed(machine.id, own, OWN[member.id])), NOW)
        assert caught.value.code in {"custody.role_forbidden", "custody.self_approval"}


def test_only_operators_register_approve_and_activate() -> None:
    for kind in (Kind.REGISTER_LOT, Kind.RN_APPROVE, Kind.RN_REJECT, Kind.ACTIVATE):
        assert KINDS_OF_SPEAKER[kind] == ("operator",)
    assert PURPOSE_OF[Kind.RN_APPROVE] is PURPOSE_OF[Kind.ACTIVATE] is Purpose.REAL_NAME
    assert {one for kinds in KINDS_OF_SPEAKER.values() for one in kinds} <= set(MEMBER_KINDS)


def test_more_than_two_thirds() -> None:
    assert [enough(signed, 3) for signed in range(4)] == [False, False, False, True]
    assert [enough(signed, 4) for signed in range(5)] == [False, False, False, True, True]
    assert enough(1, 1)
    assert not enough(0, 0)


def test_governors_decide_on_members_keys_and_rules() -> None:
    assert {kind.name.split("_")[0] for kind in BY_GOVERNORS} == {"MEMBER", "KEY", "RULES"}
