"""What a traversal hands back: faults that hold, with their figures and the records that show them. Pure values."""

from dataclasses import dataclass, field
from typing import NamedTuple

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
    """A fault of the plan that holds for a card. `origin` is a `LimitOrigin`; `key`: of a count by another key."""

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
    pairs: list[KeyPairs] = field(default_factory=list)


def hot_pairs(pairs: list[KeyPairs], at_least: int) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.int64]]:
    """(keys, cards, how many cards the key has): the pairs of keys that at least so many different cards have.

    The cards of one key are spread over buckets, so this looks at the pairs of all of them. 12 bytes a pair.
    """
    if not pairs:
        return np.empty(0, np.uint64), np.empty(0, np.uint32), np.empty(0, np.int64)
    keys = np.concatenate([part.keys for part in pairs])
    cards = np.concatenate([part.cards for part in pairs])
    _, where, counts = np.unique(keys, return_inverse=True, return_counts=True)
    often = counts[where] >= at_least  # a bound: pairs that come twice are counted twice
    keys, cards = keys[often], cards[often]
    order = np.lexsort((cards, keys))
    keys, cards = keys[order], cards[order]
    first = np.ones(len(keys), bool)
    first[1:] = (keys[1:] != keys[:-1]) | (cards[1:] != cards[:-1])
    keys, cards = keys[first], cards[first]
    _, where, counts = np.unique(keys, return_inverse=True, return_counts=True)
    hot = counts[where] >= at_least
    return keys[hot], cards[hot], counts[where][hot]
