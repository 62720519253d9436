"""What a traversal hands back: faults that hold, with their figures and the records that show them. Pure values."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray


class Witness(NamedTuple):
    """A record that shows a fault. `segment` and `row` say where it stands; `peer` is its code."""

    segment: int
    row: int
    ts: int
    svc: int
    imei: int
    peer: int
    up: int
    dn: int
    dur: int
    cell: int
    area: int
    src: int


class FaultHit(NamedTuple):
    """A fault of the plan that holds for a card. `origin` is a `LimitOrigin`.

    `key`: of a fault that counts cards by a second key, the value of it; `observed` is told once all buckets are read.
    """

    fault: int
    card: int
    records: int
    first_ts: int
    last_ts: int
    observed: int | float | None
    limit: int | float | None
    origin: str
    witnesses: tuple[Witness, ...]
    key: int = 0


class Seen(NamedTuple):
    """Something that the registry does not know, and the records that name it: a card's number, a cell, a card id."""

    code: int
    records: int
    first_ts: int
    last_ts: int
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True)
class KeyPairs:
    """Pairs of a second key and a card, of one fault that counts cards by key; the same pair may come twice."""

    fault: int
    keys: NDArray[np.uint64]
    cards: NDArray[np.uint32]

    def between(self, first: int, end: int) -> "KeyPairs":
        """The pairs of the cards from `first` to before `end`."""
        own = (self.cards >= first) & (self.cards < end)
        return KeyPairs(self.fault, self.keys[own], self.cards[own])


@dataclass(slots=True)
class BucketAnswer:
    """Everything one bucket says. `blind` counts cards, one figure each `Plan.blind`."""

    bucket: int
    cards: int = 0
    cards_seen: int = 0
    candidates: int = 0
    records: int = 0
    hits: list[FaultHit] = field(default_factory=list)
    blind: list[int] = field(default_factory=list)
    strangers: list[Seen] = field(default_factory=list)
    lost_cards: list[Seen] = field(default_factory=list)
    cells: list[Seen] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)  # cards that were judged for others' sake: not told in this pass


HotPairs: TypeAlias = Sequence[KeyPairs]
"""Pairs whose key may have too many cards, each once."""


def hot_pairs(
    pairs: Sequence[KeyPairs], at_least: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.int64]]:
    """(keys, cards, how many cards the key has): the pairs of keys that at least so many different cards have.

    The cards of one key are spread over buckets, so this looks at the pairs of all of them. 12 bytes a pair.
    """
    if not pairs:
        return np.empty(0, np.uint64), np.empty(0, np.uint32), np.empty(0, np.int64)
    keys = np.concatenate([part.keys for part in pairs])
    cards = np.concatenate([part.cards for part in pairs])
    often = _per_key(keys) >= at_least  # a bound: a pair that came twice counts twice here
    keys, cards = keys[often], cards[often]
    order = np.lexsort((cards, keys))
    keys, cards = keys[order], cards[order]
    first = np.append(True, (keys[1:] != keys[:-1]) | (cards[1:] != cards[:-1]))[: len(keys)]
    keys, cards = keys[first], cards[first]
    counts = _per_key(keys)
    hot = counts >= at_least
    return keys[hot], cards[hot], counts[hot]


def of_fullest_keys(hits: Iterable[FaultHit], at_least: int) -> list[FaultHit]:
    """The hits of keys that at least so many cards have, one a card: of its fullest key, of equal ones the smallest.

    `hits` are of one fault, one a key and card; those returned have observed how many cards the key has.
    """
    cards_of: defaultdict[int, set[int]] = defaultdict(set)
    found: dict[int, FaultHit] = {}
    hits = list(hits)
    for hit in hits:
        cards_of[hit.key].add(hit.card)
    for hit in sorted(hits, key=lambda one: (-len(cards_of[one.key]), one.key)):
        if len(cards_of[hit.key]) >= at_least:
            found.setdefault(hit.card, hit._replace(observed=len(cards_of[hit.key])))
    return list(found.values())


def _per_key(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """For each pair, how many pairs have its key."""
    _, where, counts = np.unique(keys, return_inverse=True, return_counts=True)
    found: NDArray[np.int64] = counts[where.reshape(-1)]
    return found
