"""What can be said on the ledger about cards, members and rules: kinds of transactions and their fields. Pure.

Times are seconds since 1970; hashes are SHA-256. What is said without moving a card stands in `reports`, all kinds
together in `forms`, and how a transaction becomes bytes in `entry`.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Final, TypeAlias

from tallyward.custody.fields import (
    Member,
    Part,
    Reader,
    Rules,
    data,
    digest,
    digest_or_none,
    member,
    members,
    parts,
    parts_or_none,
    rule_sets,
    rules,
    text,
    whole,
)

PERSON: Final = 12
"""Bytes of a person's token: told apart among a billion people with a chance of one in 10**11 for any mistake."""


class Kind(IntEnum):
    """Kinds of transactions. The numbers are signed: never reused."""

    GENESIS = 0
    REGISTER_LOT = 1
    OFFER = 2
    WITHDRAW = 3
    ACCEPT = 4
    REJECT = 5
    ACT_REQUEST = 6
    RN_APPROVE = 7
    RN_REJECT = 8
    ACTIVATE = 9
    BIND_DEVICE = 10
    SUSPEND = 11
    RESUME = 12
    CANCEL = 13
    QUARANTINE = 14
    RECYCLE = 15
    LOSE = 16
    FIND = 17
    ORDER_SUSPEND = 18
    STOCK_REPORT = 19
    INCIDENT = 20
    MEMBER_ADD = 21
    MEMBER_REMOVE = 22
    KEY_ADD = 23
    KEY_REVOKE = 24
    RULES_SET = 25
    KEY_DESTROYED = 26
    BLOCK_END = 27
    CREDIT_SET = 28
    SALE = 29


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction. `readers` check the fields in their order; the first field names who speaks."""

    kind: ClassVar[Kind]
    readers: ClassVar[tuple[Reader, ...]]


@dataclass(frozen=True, slots=True)
class Genesis(Transaction):
    """The beginning, signed by all governors: its hash gives the ledger its id."""

    kind = Kind.GENESIS
    readers = (text, members, rule_sets, whole)
    origin: str
    members: tuple[Member, ...]
    rules: tuple[Rules, ...]
    time: int


@dataclass(frozen=True, slots=True)
class RegisterLot(Transaction):
    """An operator registers cards (rule 1). `root`: over all cards of the lot (`lots.commitment`).

    `recycled`: where the numbers come from if they were in use before, in the order of the new lot's slots.
    """

    kind = Kind.REGISTER_LOT
    readers = (text, text, whole, digest, text, text, parts_or_none)
    operator: str
    lot: str
    count: int
    root: bytes
    product: str
    rules: str
    recycled: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer(Transaction):
    """A holder offers cards to a buyer until a time (rule 2). `terms`: hash of what the two agreed on."""

    kind = Kind.OFFER
    readers = (text, text, parts, whole, digest_or_none)
    seller: str
    buyer: str
    parts: tuple[Part, ...]
    expires: int
    terms: bytes | None


@dataclass(frozen=True, slots=True)
class Withdraw(Transaction):
    """The seller takes an offer back. `offer`: the hash of the offer's body."""

    kind = Kind.WITHDRAW
    readers = (text, digest)
    seller: str
    offer: bytes


@dataclass(frozen=True, slots=True)
class Accept(Transaction):
    """The buyer takes the cards."""

    kind = Kind.ACCEPT
    readers = (text, digest)
    buyer: str
    offer: bytes


@dataclass(frozen=True, slots=True)
class Reject(Transaction):
    """The buyer does not take the cards."""

    kind = Kind.REJECT
    readers = (text, digest)
    buyer: str
    offer: bytes


@dataclass(frozen=True, slots=True)
class Sale(Transaction):
    """Cards change hands at once, as over a counter: one entry that both seller and buyer sign (rule 2)."""

    kind = Kind.SALE
    readers = (text, text, parts, digest_or_none)
    seller: str
    buyer: str
    parts: tuple[Part, ...]
    terms: bytes | None


Deal: TypeAlias = Offer | Sale
"""What cards are sold by."""


@dataclass(frozen=True, slots=True)
class ActRequest(Transaction):
    """A point of sale asks for activation. `material`: for each card the salted hash of its real-name proof."""

    kind = Kind.ACT_REQUEST
    readers = (text, parts, data)
    shop: str
    parts: tuple[Part, ...]
    material: bytes


@dataclass(frozen=True, slots=True)
class RnApprove(Transaction):
    """The operator approves real names of a request (rule 3).

    `request`: hash of its body. `approved`: a bit for each card in the request's order, the first card the lowest
    bit of the first byte. `persons`: the token of each approved card's person.
    """

    kind = Kind.RN_APPROVE
    readers = (text, digest, data, data)
    operator: str
    request: bytes
    approved: bytes
    persons: bytes


@dataclass(frozen=True, slots=True)
class RnReject(Transaction):
    """The operator rejects a whole request."""

    kind = Kind.RN_REJECT
    readers = (text, digest, text)
    operator: str
    request: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Activate(Transaction):
    """The operator activates the approved cards of a request."""

    kind = Kind.ACTIVATE
    readers = (text, digest)
    operator: str
    request: bytes


@dataclass(frozen=True, slots=True)
class BindDevice(Transaction):
    """Cards are tied to devices. `devices`: for each card the salted hash of its device's identity."""

    kind = Kind.BIND_DEVICE
    readers = (text, parts, data)
    by: str
    parts: tuple[Part, ...]
    devices: bytes


@dataclass(frozen=True, slots=True)
class MemberAdd(Transaction):
    """More than two thirds of the governors take an organisation in. `turn`: how many decisions they took before."""

    kind = Kind.MEMBER_ADD
    readers = (member, whole)
    member: Member
    turn: int


@dataclass(frozen=True, slots=True)
class MemberRemove(Transaction):
    """The governors end a membership; what it holds stays where it is."""

    kind = Kind.MEMBER_REMOVE
    readers = (text, whole)
    member: str
    turn: int


@dataclass(frozen=True, slots=True)
class KeyAdd(Transaction):
    """The governors give an organisation one more key, in place of `old` where it is told."""

    kind = Kind.KEY_ADD
    readers = (text, digest, whole, digest_or_none, whole)
    member: str
    public: bytes
    purposes: int
    old: bytes | None
    turn: int


@dataclass(frozen=True, slots=True)
class KeyRevoke(Transaction):
    """The governors end a key."""

    kind = Kind.KEY_REVOKE
    readers = (text, digest, whole)
    member: str
    public: bytes
    turn: int


@dataclass(frozen=True, slots=True)
class RulesSet(Transaction):
    """The governors set circulation rules; lots that name them follow from block `rules.since` on, or at once."""

    kind = Kind.RULES_SET
    readers = (rules, whole)
    rules: Rules
    turn: int


@dataclass(frozen=True, slots=True)
class BlockEnd(Transaction):
    """The machine's own entry after a block's transactions: number, time, root of all tables. Unsigned."""

    kind = Kind.BLOCK_END
    readers = (whole, whole, digest)
    height: int
    time: int
    root: bytes
