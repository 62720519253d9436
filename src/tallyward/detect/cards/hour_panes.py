"""Sums by clock hour of a UTC day, and the most that any few hours in a row add up to: sliding windows. Pure.

A window slides by the hour, so 24 sums a card answer every width, whatever came in which order or batch.
"""

from typing import Final

import numpy as np

from tallyward.detect.cards.day_columns import Array

HOURS: Final = 24


def panes_of(card: Array, ts: Array, values: Array, cards: int) -> Array:
    """(cards, 24) sums by the hour in which a record began. `ts` in seconds since the epoch; `values` whole."""
    found = np.zeros(cards * HOURS, np.int64)
    np.add.at(found, card.astype(np.intp) * HOURS + (ts // 3600 % HOURS).astype(np.intp), values.astype(np.int64))
    return found.reshape(cards, HOURS)


def hours_of(card: Array, ts: Array, cards: int) -> Array:
    """In which hours each card has a record: bit h of the answer is hour h."""
    found = np.zeros(cards, np.uint32)
    np.bitwise_or.at(found, card, np.uint32(1) << (ts // 3600 % HOURS).astype(np.uint32))
    return found


def peak_of(panes: Array, hours: int) -> Array:
    """The largest sum of so many hours in a row, card by card."""
    ends = np.cumsum(panes, axis=1)
    sums = ends[:, hours - 1 :].copy()
    sums[:, 1:] -= ends[:, :-hours]
    return np.asarray(sums.max(axis=1))
