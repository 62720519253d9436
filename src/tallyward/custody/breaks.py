"""Which link of the chain is broken: traffic held against the ledger, span by span. Pure.

What may be seen of a card is constant over its span, so hundreds of millions of cards cost one row a span; cards are
looked at one by one only where their traffic is not allowed, and told in full only when somebody asks for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tallyward.custody import card_path
from tallyward.custody.break_finding import Finding, Subject, found
from tallyward.custody.break_kinds import (
    BEFORE,
    BITS,
    FAR,
    LITTLE_USE_RECORDS,
    LITTLE_USE_WEIGHT,
    WEIGHT,
    Break,
    of_bits,
)
from tallyward.custody.card_path import TimeOf
from tallyward.custody.fixed_point import ONE, logit
from tallyward.custody.ports import UsageFacts
from tallyward.custody.span_columns import ENDED, SpanColumns, columns
from tallyward.custody.state import State
from tallyward.custody.states import CardState
from tallyward.custody.usage_facts import NOWHERE, CardUsage, Places

LISTED: Final = 100
"""Thousandths of probability from which on a card is listed that has nothing but signs, such as a far region."""
_SIGNS: Final = (Break.FAR_FROM_HOLDER, Break.DEVICE_CHANGED, Break.HOLDER_REMOVED, Break.TRANSIT_OVERDUE)
_ALWAYS: Final = sum(bit for one, bit in BITS.items() if one not in _SIGNS)
_LISTED_FROM: Final = logit(LISTED, 1000 - LISTED) * 1000 // ONE
_STOCK: Final = (CardState.REGISTERED, CardState.HELD, CardState.RETAIL)
_ASKED: Final = (CardState.ACT_REQUESTED, CardState.RN_APPROVED)
_Mask = NDArray[np.bool_]


@dataclass(slots=True)
class LotBreaks:
    """The cards of a lot whose traffic the ledger does not allow, as columns: slots, bits of breaks, logits.

    `place`: each card's row in `usage`; `km`: how far from its holder, 0 where not known. Logits are in thousandths of
    a nat.
    """

    lot: int
    usage: CardUsage
    place: NDArray[np.int64]
    bits: NDArray[np.int64]
    logit: NDArray[np.int64]
    holder: NDArray[np.int64]
    km: NDArray[np.int32]


@dataclass(slots=True)
class Breaks:
    """All that a judgement found: `lots` with their broken cards, how many spans and cards with traffic it looked at.

    `counts`: cards by (holder, break), all of them.
    """

    state: State
    time_of: TimeOf
    now: int
    lots: list[LotBreaks] = field(default_factory=list)
    spans: int = 0
    cards: int = 0
    counts: dict[tuple[str, Break], int] = field(default_factory=dict)

    @property
    def broken(self) -> int:
        """How many cards have a broken chain."""
        return sum(len(one.place) for one in self.lots)

    def findings(self, most: int = 1000) -> Iterator[Finding]:
        """The likeliest cards first, each told in full; equal ones by lot and slot."""
        if not self.lots:
            return
        lot = np.repeat(np.arange(len(self.lots)), [len(one.place) for one in self.lots])
        within = np.concatenate([np.arange(len(one.place)) for one in self.lots])
        chance = np.concatenate([one.logit for one in self.lots])
        for at in np.argsort(-chance, kind="stable")[:most]:
            yield self._finding(self.lots[lot[at]], int(within[at]))

    def _finding(self, lot: LotBreaks, at: int) -> Finding:
        usage, place = lot.usage, int(lot.place[at])
        slot, first = int(usage.slots[place]), int(usage.first_seen[place])
        breaks = of_bits(int(lot.bits[at]))
        way = card_path.path(self.state, lot.lot, slot, self.time_of, self.now)
        facts = [("first_seen", first), ("last_seen", int(usage.last_seen[place]))]
        facts += [("records", int(usage.records[place])), ("device_changes", int(usage.devices[place]))]
        if Break.FAR_FROM_HOLDER in breaks:
            facts.append(("km_from_holder", int(lot.km[at])))
        name = self.state.lots_by_number[lot.lot]
        return found(
            Subject("card", name, slot, slot + 1),
            breaks,
            way,
            broken_links(way, breaks, first),
            records=int(usage.records[place]),
            facts=tuple(facts),
        )


def broken_links(way: tuple[card_path.Link, ...], breaks: tuple[Break, ...], first_seen: int) -> tuple[int, ...]:
    """The stages at which a chain broke: where the card was when it was first seen, and where it is against the state.

    A card that was seen after it was stopped, ended or lost breaks at its last stage.
    """
    places = set()
    if {Break.STOCK_IN_USE, Break.IN_TRANSIT_IN_USE, Break.BEFORE_ACTIVATION} & set(breaks):
        places.add(card_path.at(way, first_seen))
    if set(breaks) - {Break.STOCK_IN_USE, Break.BEFORE_ACTIVATION} or not places:
        places.add(len(way) - 1)
    return tuple(sorted(places))


def judge(state: State, time_of: TimeOf, now: int, usage: UsageFacts, places: Places | None = None) -> Breaks:
    """Hold all traffic against the state at a height. `now`: seconds since 1970, of that height.

    Refuses usage that does not fit a lot with `custody.usage_form`.
    """
    result = Breaks(state, time_of, now)
    gone = np.array([state.members.rows[one.encode()].gone for one in state.members_by_number], dtype=np.bool_)
    overdue = _overdue(state, now)
    for lot, name in enumerate(state.lots_by_number):
        spans = columns(state, lot, time_of)
        result.spans += len(spans.start)
        seen = usage.of_lot(lot)
        if seen is None or not len(seen.slots):
            continue
        seen = seen.checked(name, state.lots.rows[name.encode()].cards)
        result.cards += len(seen.slots)
        late = np.isin(spans.start, overdue.get(lot, [])) & (spans.state == CardState.OFFERED)
        one = _of_lot(lot, spans, seen, places, gone[spans.holder], late)
        if one is not None:
            result.lots.append(one)
            _count(result, one)
    return result


def _of_lot(
    lot: int, spans: SpanColumns, seen: CardUsage, places: Places | None, gone: _Mask, late: _Mask
) -> LotBreaks | None:
    edges = np.searchsorted(seen.slots, np.append(spans.start, spans.end[-1]))
    row = np.repeat(np.arange(len(spans.start)), np.diff(edges))
    km = _km(seen, spans, row, places)
    far = km > FAR
    wrong = (seen.first_seen < spans.from_[row]) | (seen.last_seen > spans.until[row])
    wrong |= gone[row] | (far & (seen.devices > 0))
    place = np.flatnonzero(wrong)
    if not len(place):
        return None
    row = row[place]
    bits = _bits(spans, seen, place, row)
    for mask, one in (
        (far[place], Break.FAR_FROM_HOLDER),
        (seen.devices[place] > 0, Break.DEVICE_CHANGED),
        (gone[row], Break.HOLDER_REMOVED),
        (late[row], Break.TRANSIT_OVERDUE),
    ):
        bits |= np.where(mask, BITS[one], 0)
    chance = BEFORE + np.where(seen.records[place] < LITTLE_USE_RECORDS, LITTLE_USE_WEIGHT, 0)
    for one in Break:
        chance += np.where(bits & BITS[one], WEIGHT[one], 0)
    kept = ((bits & _ALWAYS) > 0) | (chance >= _LISTED_FROM)
    return LotBreaks(lot, seen, place[kept], bits[kept], chance[kept], spans.holder[row[kept]], km[place[kept]])


def _bits(spans: SpanColumns, seen: CardUsage, place: NDArray[np.int64], row: NDArray[np.int64]) -> NDArray[np.int64]:
    """The breaks that traffic against a card's own state is."""
    state, first, last = spans.state[row], seen.first_seen[place], seen.last_seen[place]
    after = last > spans.until[row]
    lost = state == CardState.LOST
    early = ~np.isin(state, (*_STOCK, CardState.OFFERED, CardState.LOST)) & (first < spans.from_[row])
    bits = np.where(np.isin(state, _STOCK) | (lost & ~after), BITS[Break.STOCK_IN_USE], 0)
    bits |= np.where(state == CardState.OFFERED, BITS[Break.IN_TRANSIT_IN_USE], 0)
    bits |= np.where(early, BITS[Break.BEFORE_ACTIVATION], 0)
    bits |= np.where((state == CardState.SUSPENDED) & after, BITS[Break.SUSPENDED_IN_USE], 0)
    bits |= np.where(np.isin(state, tuple(ENDED)) & after, BITS[Break.CANCELLED_IN_USE], 0)
    return np.asarray(bits | np.where(lost & after, BITS[Break.LOST_IN_USE], 0), dtype=np.int64)


def _km(seen: CardUsage, spans: SpanColumns, row: NDArray[np.int64], places: Places | None) -> NDArray[np.int32]:
    """How far each card was seen from its holder's region; 0 where either is not known."""
    if places is None:
        return np.zeros(len(row), dtype=np.int32)
    home = places.of_member[spans.holder][row]
    known = (home != NOWHERE) & (seen.regions != NOWHERE)
    km = np.zeros(len(row), dtype=np.int32)
    km[known] = places.km[home[known], seen.regions[known]]
    return km


def _overdue(state: State, now: int) -> dict[int, list[int]]:
    """Where offers begin that are over their deadline: starts by lot."""
    starts: dict[int, list[int]] = {}
    for row in state.offers.rows.values():
        if row.expires <= now:
            for lot, start, _ in row.parts:
                starts.setdefault(lot, []).append(start)
    return starts


def _count(result: Breaks, one: LotBreaks) -> None:
    members = result.state.members_by_number
    for kind in Break:
        holders, cards = np.unique(one.holder[(one.bits & BITS[kind]) > 0], return_counts=True)
        for holder, count in zip(holders.tolist(), cards.tolist(), strict=True):
            key = members[holder], kind
            result.counts[key] = result.counts.get(key, 0) + count
