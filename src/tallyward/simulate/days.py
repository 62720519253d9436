"""What each card will do on the day, before any record is made."""

from typing import Final

import numpy as np

from tallyward.simulate.columns import DATA, DAY_BYTES, MAX_IMEIS, NOT_SET, Cards, Days
from tallyward.simulate.draws import I64, part
from tallyward.simulate.products import PRODUCTS
from tallyward.simulate.roles import Cast, Scene

_LEAST_RECORDS: Final = 6
"""A card that plays a role has at least so many, so its part fits in."""

_FEWEST: Final = np.array([[p.data[0], p.sms[0], p.voice[0]] for p in PRODUCTS], dtype=np.int64).T
_MOST: Final = np.array([[p.data[1], p.sms[1], p.voice[1]] for p in PRODUCTS], dtype=np.int64).T
_PEERS: Final = np.array([max(product.peers, 1) for product in PRODUCTS], dtype=np.int64)


def make_days(cards: Cards, cast: Cast, scene: Scene) -> Days:
    """The day of each card."""
    days = _ordinary(cards, scene)
    days.plain = cards.role == cast.plain
    days.records[:, cards.role == cast.unsold] = 0
    asleep = days.plain & (scene.draws.below("asleep", cards.number, 100) < 1)
    days.records[:, asleep] = 0
    for which, role in enumerate(cast.roles):
        at = np.flatnonzero(cards.role == which)
        if len(at):
            _enough(days, at)
            if role.act:
                role.act(days, cards, at, scene)
    return days


def _ordinary(cards: Cards, scene: Scene) -> Days:
    bits = scene.draws.bits("day", cards.number)
    count = len(cards)
    fewest, most = _FEWEST[:, cards.product], _MOST[:, cards.product]
    records = fewest + np.stack([part(bits, shift, 16) for shift in (0, 8, 16)]) * (most - fewest + 1) // (1 << 16)
    peers = np.ones((3, count), dtype=np.int64)
    chatty = part(bits, 30, 8)  # four of five talk to one peer all day
    peers[DATA] = np.where(chatty < 205, 1, 1 + (chatty - 205) * _PEERS[cards.product] // 51)
    cells = np.where(cards.fixed, 1 + (part(bits, 38, 8) < 50), 1 + part(bits, 38, 8) // 26)
    two_devices = (part(bits, 46, 8) < 5) & (cards.limits[MAX_IMEIS] >= 2) & (cards.terminal == NOT_SET)
    return Days(
        records=records,
        peers=np.minimum(peers, np.maximum(records, 1)),
        strays=np.zeros((3, count), dtype=np.int64),
        cells=cells,
        spread=np.zeros(count, dtype=np.bool_),
        devices=1 + two_devices.astype(np.int64),
        volume=cards.limits[DAY_BYTES] * (4 + part(bits, 54, 8)) // 500,
        plain=np.zeros(count, dtype=np.bool_),
    )


def _enough(days: Days, at: I64) -> None:
    """Raise what the card does anyway, so a role finds the records it needs."""
    records = days.records[:, at]
    main = np.argmax(records > 0, axis=0)
    days.records[main, at] += np.maximum(_LEAST_RECORDS - records.sum(axis=0), 0)
