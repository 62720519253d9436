"""What can be said of cards in a lot without their changing hands: each kind of order. Pure."""

from dataclasses import dataclass

from tallyward.custody.fields import Part, parts, text
from tallyward.custody.transactions import Kind, Transaction


@dataclass(frozen=True, slots=True)
class CardOrder(Transaction):
    """A change of cards by their operator or holder, with its reason."""

    readers = (text, parts, text)
    by: str
    parts: tuple[Part, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Suspend(CardOrder):
    """The operator stops active cards."""

    kind = Kind.SUSPEND


@dataclass(frozen=True, slots=True)
class Resume(CardOrder):
    """The operator lets stopped cards go on."""

    kind = Kind.RESUME


@dataclass(frozen=True, slots=True)
class Cancel(CardOrder):
    """The operator ends cards."""

    kind = Kind.CANCEL


@dataclass(frozen=True, slots=True)
class Quarantine(CardOrder):
    """The operator keeps the numbers of ended cards out of use for a while."""

    kind = Kind.QUARANTINE


@dataclass(frozen=True, slots=True)
class Recycle(CardOrder):
    """The operator gives the numbers free for a new lot."""

    kind = Kind.RECYCLE


@dataclass(frozen=True, slots=True)
class Lose(CardOrder):
    """The holder says that cards are gone."""

    kind = Kind.LOSE


@dataclass(frozen=True, slots=True)
class Find(CardOrder):
    """The holder says that lost cards are there again."""

    kind = Kind.FIND
