"""What a network saw, made up for tests."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from tallyward.custody.usage_facts import NOWHERE, CardUsage, StrangerUsage


class Seen(NamedTuple):
    """Traffic of one card."""

    first: int
    last: int
    records: int = 50
    region: int = NOWHERE
    devices: int = 0


def columns(cards: Mapping[int, Seen]) -> CardUsage:
    """By slot."""
    rows = [(slot, *cards[slot]) for slot in sorted(cards)]
    slot, first, last, records, region, devices = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    return CardUsage(slot, first, last, records, region.astype(np.int32), devices.astype(np.int32))


class Network:
    """Traffic by lot and slot; see `ports.UsageFacts`."""

    def __init__(self, lots: Mapping[int, Mapping[int, Seen]], strangers: StrangerUsage | None = None) -> None:
        self._lots = {lot: columns(cards) for lot, cards in lots.items()}
        self._strangers = strangers or StrangerUsage((), (), (), (), ())

    def of_lot(self, lot: int) -> CardUsage | None:
        return self._lots.get(lot)

    def strangers(self) -> StrangerUsage:
        return self._strangers
