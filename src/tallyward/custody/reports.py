"""What can be said on the ledger without moving a card: orders, stock, incidents, destroyed keys, credit. Pure."""

from dataclasses import dataclass

from tallyward.custody.fields import Part, digest, parts, stock, text, whole
from tallyward.custody.transactions import Kind, Transaction


@dataclass(frozen=True, slots=True)
class OrderSuspend(Transaction):
    """A regulator orders the operator of active cards to stop them until a deadline."""

    kind = Kind.ORDER_SUSPEND
    readers = (text, parts, whole, text)
    by: str
    parts: tuple[Part, ...]
    deadline: int
    reason: str


@dataclass(frozen=True, slots=True)
class StockReport(Transaction):
    """What a member found on its shelves at a time: (lot, cards), lots in ascending order (Anti-Fraud Law, art. 12)."""

    kind = Kind.STOCK_REPORT
    readers = (text, whole, stock)
    by: str
    at: int
    stock: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Incident(Transaction):
    """Something happened with cards. Parts name the event under which they stood then; it need not be the last one.

    `evidence`: hash of what shows it; `rule`: what was broken.
    """

    kind = Kind.INCIDENT
    readers = (text, parts, digest, text)
    by: str
    parts: tuple[Part, ...]
    evidence: bytes
    rule: str


@dataclass(frozen=True, slots=True)
class KeyDestroyed(Transaction):
    """The owner of a data key has destroyed it. `key`: the key's commitment, never the key."""

    kind = Kind.KEY_DESTROYED
    readers = (text, digest)
    owner: str
    key: bytes


@dataclass(frozen=True, slots=True)
class CreditSet(Transaction):
    """A member's grade of credit (A to E) and the cards it may hold, computed from the blocks up to `height`."""

    kind = Kind.CREDIT_SET
    readers = (text, text, text, whole, whole)
    by: str
    member: str
    grade: str
    quota: int
    height: int
