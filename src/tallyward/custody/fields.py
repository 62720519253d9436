"""Values that transactions are made of, and how each is read from bytes of strangers. Pure.

A reader gives the value or refuses with `codec.MalformedError`.
"""

from collections.abc import Callable
from enum import IntEnum
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


class DeviceTie(IntEnum):
    """How cards are tied to devices: not at all, to one at a time, or to the first one for life."""

    NONE = 0
    ONE = 1
    LIFE = 2


ANY: Final = (1 << 63) - 1
"""The number that stands for no limit."""


class Rules(NamedTuple):
    """Circulation rules; kinds are those of `authority.MEMBER_KINDS`, times are seconds.

    `pairs`: kinds that may (sell, buy); `asking`: who may request activation; `most_hops`: how often a card may change
    hands; `person_cards`: cards of one person. `binding`: who may tie cards that it holds to devices, beside the
    operator; `device_pairs`: kinds that may (sell, buy) cards that are tied to a device; `device_tie`: a `DeviceTie`.
    `transit`: the longest that an offer may stand; `report_every`: how often stock reports are due, 0 for never.
    `quotas`: cards that a buyer may hold, by grade of credit from A to E, then without a grade; 0: it may buy none.
    `since`: the block from which on they hold.
    """

    id: str
    pairs: tuple[tuple[str, str], ...]
    asking: tuple[str, ...]
    most_hops: int
    person_cards: int
    binding: tuple[str, ...] = ()
    device_pairs: tuple[tuple[str, str], ...] = ()
    device_tie: int = DeviceTie.ONE
    transit: int = ANY
    report_every: int = 0
    quotas: tuple[int, ...] = (ANY,) * 6
    since: int = 0


Reader: TypeAlias = Callable[[Item], object]


def text(item: Item) -> str:
    """A name: 1 to 64 characters without control characters."""
    if not isinstance(item, str) or not 0 < len(item) <= _MOST_TEXT or not item.isprintable():
        raise MalformedError("a name is missing, too long, or has control characters")
    return item


def whole(item: Item) -> int:
    """A number from 0 to `ANY`."""
    if type(item) is not int or not 0 <= item <= ANY:
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
    found = parts_or_none(item)
    if not found:
        raise MalformedError("no cards are named")
    return found


def parts_or_none(item: Item) -> tuple[Part, ...]:
    """Parts of lots."""
    return tuple(Part(text(lot), whole(start), whole(end), whole(cause)) for lot, start, end, cause in rows(item, 4))


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
    row = row_of(item, len(Rules._fields))
    return Rules(
        text(row[0]),
        _pairs(row[1]),
        _texts(row[2]),
        whole(row[3]),
        whole(row[4]),
        _texts(row[5]),
        _pairs(row[6]),
        whole(row[7]),
        whole(row[8]),
        whole(row[9]),
        tuple(map(whole, row_of(row[10], 6))),
        whole(row[11]),
    )


def rule_sets(item: Item) -> tuple[Rules, ...]:
    """Sets of circulation rules."""
    return tuple(rules(one) for one in listed(item))


def _pairs(item: Item) -> tuple[tuple[str, str], ...]:
    return tuple((text(seller), text(buyer)) for seller, buyer in rows(item, 2))


def _texts(item: Item) -> tuple[str, ...]:
    return tuple(map(text, listed(item)))


def rows(item: Item, width: int) -> list[list[Item]]:
    """Rows of so many fields."""
    return [row_of(one, width) for one in listed(item)]


def row_of(item: Item, width: int) -> list[Item]:
    """A row of so many fields."""
    if not isinstance(item, list) or len(item) != width:
        raise MalformedError(f"a row does not have {width} fields")
    return item
