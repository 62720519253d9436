"""Values that transactions are made of, and how each is read from bytes of strangers. Pure.

A reader gives the value or refuses with `codec.MalformedError`.
"""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from tallyward.custody.codec import Item, MalformedError

HASH: Final = 32
"""Bytes of a hash (SHA-256) and of a public key (Ed25519)."""
_MOST_TEXT: Final = 64


class Part(NamedTuple):
    """Slots `start` to before `end` of a lot, as they stand since the entry `cause`: what a transaction takes up.

    Naming the custody event makes an old sale worthless once the cards have moved, even if they came back.
    """

    lot: str
    start: int
    end: int
    cause: int


class Member(NamedTuple):
    """An organisation: `kind` is one of `authority.MEMBER_KINDS`. `keys`: (public key, purposes)."""

    id: str
    kind: str
    name: str
    keys: tuple[tuple[bytes, int], ...]


class Rules(NamedTuple):
    """Circulation rules: `pairs` are the kinds that may (sell, buy), `asking` those who may request activation.

    `most_hops`: how often a card may change hands; `person_cards`: how many active cards a person may have.
    """

    id: str
    pairs: tuple[tuple[str, str], ...]
    asking: tuple[str, ...]
    most_hops: int
    person_cards: int


Reader: TypeAlias = Callable[[Item], object]


def text(item: Item) -> str:
    """A name: 1 to 64 characters without control characters."""
    if not isinstance(item, str) or not 0 < len(item) <= _MOST_TEXT or not item.isprintable():
        raise MalformedError("a name is missing, too long, or has control characters")
    return item


def whole(item: Item) -> int:
    """A number from 0."""
    if not isinstance(item, int):
        raise MalformedError("a number is missing")
    return item


def data(item: Item) -> bytes:
    """Bytes of any length."""
    if not isinstance(item, bytes):
        raise MalformedError("bytes are missing")
    return item


def digest(item: Item) -> bytes:
    """A hash, or a public key."""
    if not isinstance(item, bytes) or len(item) != HASH:
        raise MalformedError("a hash is not 32 bytes long")
    return item


def digest_or_none(item: Item) -> bytes | None:
    """A hash, or nothing."""
    return None if item is None else digest(item)


def listed(item: Item) -> list[Item]:
    """A list."""
    if not isinstance(item, list):
        raise MalformedError("a list is missing")
    return item


def parts(item: Item) -> tuple[Part, ...]:
    """Parts of lots, at least one."""
    found = tuple(Part(text(lot), whole(start), whole(end), whole(cause)) for lot, start, end, cause in rows(item, 4))
    if not found:
        raise MalformedError("no cards are named")
    return found


def stock(item: Item) -> tuple[tuple[str, int], ...]:
    """(lot, cards) by lot."""
    return tuple((text(lot), whole(count)) for lot, count in rows(item, 2))


def member(item: Item) -> Member:
    """One organisation."""
    row = row_of(item, 4)
    keys = tuple((digest(public), whole(purposes)) for public, purposes in rows(row[3], 2))
    return Member(text(row[0]), text(row[1]), text(row[2]), keys)


def members(item: Item) -> tuple[Member, ...]:
    """Organisations."""
    return tuple(member(one) for one in listed(item))


def rules(item: Item) -> Rules:
    """One set of circulation rules."""
    row = row_of(item, 5)
    pairs = tuple((text(seller), text(buyer)) for seller, buyer in rows(row[1], 2))
    return Rules(text(row[0]), pairs, tuple(map(text, listed(row[2]))), whole(row[3]), whole(row[4]))


def rule_sets(item: Item) -> tuple[Rules, ...]:
    """Sets of circulation rules."""
    return tuple(rules(one) for one in listed(item))


def rows(item: Item, width: int) -> list[list[Item]]:
    """Rows of so many fields."""
    return [row_of(one, width) for one in listed(item)]


def row_of(item: Item, width: int) -> list[Item]:
    """A row of so many fields."""
    if not isinstance(item, list) or len(item) != width:
        raise MalformedError(f"a row does not have {width} fields")
    return item
