"""Lots of cards as the ledger knows them: how many, and one root over salted hashes of their numbers. Pure.

A card is a slot of a lot: (lot, place). Card numbers hold letters, so they are text and never arithmetic ranges. Leaf:
SHA-256(0x00 || lot || place as 8 bytes || salt || card number), nodes as in the log's own tree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from tallyward.custody import merkle
from tallyward.custody.salt_tree import Seed, salts, whole
from tallyward.kernel.secret import Secret

MOST_CARDS: Final = 10_000_000
"""The largest lot."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What shows one card of a lot to whoever has the lot's root: its number, salt, and path in the lot's tree."""

    slot: int
    number: str
    salt: bytes
    path: tuple[bytes, ...]

    def holds(self, lot: str, count: int, root: bytes) -> bool:
        """Whether it is a card of this lot."""
        leaf = card_leaf(lot, self.slot, self.salt, self.number)
        return merkle.included(leaf, self.slot, count, self.path, root)


@dataclass(frozen=True, slots=True)
class Book:
    """What an operator knows of a lot: numbers by slot, what opens their salts, and the leaves of forgotten cards."""

    numbers: Secret[dict[int, str]]
    seeds: Secret[list[Seed]]
    forgotten: dict[int, bytes]

    @property
    def count(self) -> int:
        """Cards of the lot."""
        return len(self.numbers.reveal()) + len(self.forgotten)

    def leaves(self, lot: str) -> list[bytes]:
        """The commitments to all cards of the lot by slot."""
        numbers = self.numbers.reveal()
        known = {
            slot: card_leaf(lot, slot, salt, numbers[slot])
            for slot, salt in salts(self.seeds.reveal())
            if slot in numbers
        }
        known |= self.forgotten
        return [known[slot] for slot in range(self.count)]


def card_leaf(lot: str, slot: int, salt: bytes, number: str) -> bytes:
    """The commitment to one card."""
    return sha256(b"\0" + lot.encode() + b"\0" + slot.to_bytes(8, "big") + salt + number.encode()).digest()


def leaves(lot: str, numbers: Sequence[str], seeds: Iterable[Seed]) -> list[bytes]:
    """The commitments to the cards of a lot by slot; the seeds must open all of them."""
    known = {slot: salt for slot, salt in salts(seeds) if slot < len(numbers)}
    return [card_leaf(lot, slot, known[slot], number) for slot, number in enumerate(numbers)]


def commitment(lot: str, numbers: Sequence[str], secret: bytes) -> bytes:
    """The root over all cards of a lot, which the operator registers."""
    return merkle.root_of(leaves(lot, numbers, [whole(secret, len(numbers))]))


def opened(lot: str, numbers: Sequence[str], secret: bytes, slots: Iterable[int]) -> list[Opening]:
    """The openings of some slots, by whoever has the whole lot's secret."""
    seeds = [whole(secret, len(numbers))]
    known = dict(salts(seeds))
    rows = _rows([card_leaf(lot, slot, known[slot], number) for slot, number in enumerate(numbers)])
    count = len(numbers)
    found = []
    for slot in slots:
        path = merkle.inclusion(lambda level, number: rows[level][number], slot, count)
        found.append(Opening(slot, numbers[slot], known[slot], tuple(path)))
    return found


def _rows(row: list[bytes]) -> list[list[bytes]]:
    """Hashes of all perfect subtrees, by level."""
    rows = [row]
    while len(row) > 1:
        row = [merkle.node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        rows.append(row)
    return rows
