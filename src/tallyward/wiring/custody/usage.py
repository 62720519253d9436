"""What the network saw of the ledger's cards: stored records joined with the registry's numbers and the lots' books.

Records are read a bucket of a day at a time. What stays is a row of some 30 octets for each card with traffic.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tallyward.custody.adapters.lot_books import LotBooks
from tallyward.custody.state import State
from tallyward.custody.usage_facts import NOWHERE, CardUsage, StrangerUsage
from tallyward.detect.adapters.card_sightings import NOTHING, CardSightings, Sightings, joined
from tallyward.kernel.ids import CardId, EnterpriseId
from tallyward.records.model import UNKNOWN_BUCKET, Snapshot
from tallyward.registry.directory import Directory

_NO_LOT: Final = -1
_NOBODY: Final = ""
_SLOT_BITS: Final = 32

OperatorOf = Callable[[Sequence[CardId]], Mapping[CardId, str]]
"""Codes of the operators that issued cards."""


class CustodyUsage:
    """Usage facts of stored records; see `custody.ports.UsageFacts`."""

    def __init__(self, seen: Sightings, cards: "LedgerCards", operator_of: OperatorOf) -> None:
        """What is known of sightings by now."""
        self.cards = cards
        self.seen = seen
        self._operator_of = operator_of
        at = cards.rows(seen.card)
        self._known = at >= 0
        self._lot = np.where(self._known, cards.lot[at], _NO_LOT)
        slot = np.where(self._known, cards.slot[at], 0)
        self._order = np.lexsort((slot, self._lot))
        self._slot = slot[self._order]
        self._edges = np.searchsorted(self._lot[self._order], np.arange(cards.lots + 1))

    def of_lot(self, lot: int) -> CardUsage | None:
        """The cards of a lot, by its number on the ledger, that had traffic."""
        start, end = self._edges[lot], self._edges[lot + 1]
        if start == end:
            return None
        at, seen = self._order[start:end], self.seen
        return CardUsage(
            slots=self._slot[start:end],
            first_seen=seen.first[at],
            last_seen=seen.last[at],
            records=seen.records[at],
            regions=np.where(seen.area[at] > 0, seen.area[at], NOWHERE).astype(np.int32),
            devices=seen.devices[at].astype(np.int32),
        )

    def strangers(self) -> StrangerUsage:
        """Numbers of the registry with traffic that are in no lot. What the registry does not know is R0's."""
        at = np.flatnonzero(self._known & (self._lot == _NO_LOT))
        cards, seen = self.seen.card[at], self.seen
        operators = self._operator_of([CardId(card) for card in cards.tolist()])
        return StrangerUsage(
            self.cards.numbers(cards),
            [operators.get(CardId(card), _NOBODY) for card in cards.tolist()],
            *(column[at].tolist() for column in (seen.first, seen.last, seen.records)),
        )


class LedgerCards:
    """The registry's cards and where they are on the ledger: lot and slot of each, by the newest lot that has it."""

    def __init__(self, directory: Directory, books: LotBooks, state: State) -> None:
        """Read the books of all lots: a second or two for a million cards."""
        self._directory = directory
        order = np.argsort(directory.numbers.card, kind="stable")
        self._iccid, self.card = directory.numbers.iccid[order], directory.numbers.card[order]
        self.lots = len(state.lots_by_number)
        self.lot = np.full(len(order), _NO_LOT, np.int32)
        self.slot = np.zeros(len(order), np.int32)
        for lot, name in enumerate(state.lots_by_number):  # a number that comes again belongs to the newer lot
            count = state.lots.rows[name.encode()].cards
            found = directory.cards_by_iccid([number.upper() for number in books.numbers(name, 0, count)])
            slots = np.flatnonzero(found)
            at = self.rows(found[slots])
            self.lot[at], self.slot[at] = lot, slots

    def rows(self, cards: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """The row of each card; -1 where the registry has none."""
        if not len(self.card):
            return np.full(len(cards), -1)
        at = np.minimum(np.searchsorted(self.card, cards), len(self.card) - 1)
        return np.where(self.card[at] == cards, at, -1)

    def numbers(self, cards: NDArray[np.integer[Any]]) -> list[str]:
        """ICCIDs of cards that the registry has."""
        return [number.decode("ascii") for number in self._iccid[self.rows(cards)].tolist()]

    def named(self, number: str) -> list[int]:
        """The card of an ICCID, if the registry has it."""
        return [card for card in self._directory.cards_by_iccid([number]).tolist() if card]

    def in_slots(self, lot: int, start: int, end: int) -> NDArray[np.uint32]:
        """The registry's cards in slots `start` to before `end` of a lot, by slot."""
        places, order = self._by_place
        first, last = np.searchsorted(places, [lot << _SLOT_BITS | start, lot << _SLOT_BITS | end])
        return self.card[order[first:last]]

    @cached_property
    def _by_place(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        places = self.lot.astype(np.int64) << _SLOT_BITS | self.slot
        order = np.argsort(places, kind="stable")
        return places[order], order


def sightings_of(days: Iterable[Snapshot], reader: CardSightings) -> Sightings:
    """When the registry's cards were seen on some days; the days ascend."""
    by_bucket: dict[int, Sightings] = {}
    for day in days:
        for bucket in day.buckets():
            if bucket != UNKNOWN_BUCKET:
                seen = reader.of(day.bucket(bucket))
                before = by_bucket.get(bucket)
                by_bucket[bucket] = joined(before, seen) if before else seen
    whole = [by_bucket[bucket] for bucket in sorted(by_bucket)] or [NOTHING]
    return Sightings(*(np.concatenate(columns) for columns in zip(*whole, strict=True)))


def operators_by_code(
    owners: Callable[[Sequence[CardId]], Mapping[CardId, tuple[EnterpriseId, EnterpriseId]]],
    codes: Mapping[EnterpriseId, str],
) -> OperatorOf:
    """Who issued cards, by the codes that are members' names on the ledger too."""

    def of(cards: Sequence[CardId]) -> Mapping[CardId, str]:
        return {card: codes.get(operator, _NOBODY) for card, (_, operator) in owners(cards).items()}

    return of
