"""Salts of a lot's cards from one seed (a GGM tree): whoever gets a few seeds opens exactly the cards it gets. Pure.

A node's two children are HMAC-SHA-256(node, 0) and (node, 1); the leaf at place i is the salt of slot i. Slots from
`start` to before `end` take at most 2 * log2(count) seeds, and nothing else can be computed from them. Card numbers are
few enough to be guessed: without a salt their hashes would tell them (custody note, 3).
"""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

SALT = 32


@dataclass(frozen=True, slots=True)
class Seed:
    """The seed of slots [number << level, (number + 1) << level)."""

    level: int
    number: int
    value: bytes

    def halves(self) -> tuple["Seed", "Seed"]:
        """The two seeds below it."""
        level = self.level - 1
        return (
            Seed(level, self.number * 2, hmac.digest(self.value, b"\0", sha256)),
            Seed(level, self.number * 2 + 1, hmac.digest(self.value, b"\1", sha256)),
        )

    @property
    def slots(self) -> range:
        """The slots whose salts follow from it."""
        return range(self.number << self.level, (self.number + 1) << self.level)


def whole(secret: bytes, count: int) -> Seed:
    """The seed of a lot of `count` cards; `secret`: 32 random bytes that the operator keeps."""
    if len(secret) != SALT or count < 1:
        raise ValueError("a lot needs 32 secret bytes and a card")
    return Seed((count - 1).bit_length(), 0, secret)


def covering(seeds: Iterable[Seed], start: int, end: int) -> list[Seed]:
    """The fewest seeds that open the slots from `start` to before `end` and no other. Refuses what is not held."""
    found = [one for seed in seeds for one in _cover(seed, start, end)]
    if sum(len(one.slots) for one in found) != end - start:
        raise ValueError(f"the seeds do not open all slots from {start} to {end}")
    return found


def without(seeds: Iterable[Seed], slot: int) -> list[Seed]:
    """The seeds punctured: all the same slots but one, whose salt is gone for good."""
    found: list[Seed] = []
    for seed in seeds:
        found += [*_cover(seed, seed.slots.start, slot), *_cover(seed, slot + 1, seed.slots.stop)]
    return found


def salts(seeds: Iterable[Seed]) -> Iterator[tuple[int, bytes]]:
    """(slot, salt) of every slot that the seeds open."""
    for seed in seeds:
        row = [seed.value]
        for _ in range(seed.level):
            row = [hmac.digest(one, half, sha256) for one in row for half in (b"\0", b"\1")]
        yield from zip(seed.slots, row, strict=True)


def _cover(seed: Seed, start: int, end: int) -> list[Seed]:
    slots = seed.slots
    if slots.stop <= start or slots.start >= end:
        return []
    if start <= slots.start and slots.stop <= end:
        return [seed]
    return [one for half in seed.halves() for one in _cover(half, start, end)]
