"""Spans as bytes, for a snapshot: each span as it began, and which parts of them stand. Pure.

What is hashed into a span's link lies there as it is hashed (`spans.LINK`); links are computed again, not stored. Which
slots a span began with is not stored either: they are those of all that stands and came from it. So every byte is
covered by the links and roots that follow from it, if every span is on the way of some card, which is checked here.
Numbers are big-endian.
"""

from collections.abc import Sequence
from hashlib import sha256
from itertools import chain, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tallyward.custody.packing import Packed, number, numbers
from tallyward.custody.spans import LINK, NO_LINK, NO_PARENT, Span, Spans
from tallyward.custody.states import CardState

_FIELDS: Final = np.dtype([("lot", ">u4"), ("holder", ">u4"), ("state", "u1"), ("cause", ">u8"), ("hops", ">u2")])
_STATES: Final = list(CardState)
_Column = NDArray[np.int64]


def pack(spans: Spans, lots: int) -> list[bytes]:
    """The spans of so many lots."""
    history = spans.history
    standing = [list(spans.standing(lot)) for lot in range(lots)]
    flat = list(chain.from_iterable(standing))
    said = LINK.pack
    return [
        number(len(history)),
        b"".join([said(one.lot, one.holder, one.state, one.cause, one.hops) for one in history]),
        numbers("u4", [one.parent + 1 for one in history]),
        number(lots),
        numbers("u4", [len(one) for one in standing]),
        numbers("u4", [one[-1].end for one in standing]),
        numbers("u4", [one.start for one in flat]),
        numbers("u4", [one.number for one in flat]),
    ]


def unpack(packed: Packed) -> Spans:
    """The spans, to be believed if their root is proven. Refuses with `custody.snapshot_refused`."""
    count = packed.number()
    said = packed.take(count * LINK.size)
    parent = packed.numbers("u4", count) - 1
    lots = packed.number()
    sizes, cards = packed.numbers("u4", lots), packed.numbers("u4", lots)
    start, born = (packed.numbers("u4", int(sizes.sum())) for _ in range(2))
    if not sizes.all():
        raise packed.refused("a lot without spans")
    columns = np.frombuffer(said, _FIELDS)
    begun = np.append(0, np.cumsum(sizes))
    end = np.append(start[1:], 0)[: len(start)]
    end[begun[1:] - 1] = cards
    if not (
        (start < end).all()
        and not start[begun[:-1]].any()
        and (parent < np.arange(count)).all()
        and (born < count).all()
        and (columns["state"] < len(_STATES)).all()
        and _on_a_way(parent, born, count)
    ):
        raise packed.refused("spans that do not divide their lots")
    low, high = _slots(parent.tolist(), born, start, end)
    links = _links(said, parent.tolist())
    fields = (columns[name].tolist() for name in ("lot", "holder", "state", "cause", "hops"))
    lot, holder, state, cause, hops = fields
    kinds = [_STATES[one] for one in state]
    rows = zip(lot, low, high, holder, kinds, cause, hops, parent.tolist(), links, range(count), strict=True)
    history = list(map(Span._make, rows))
    flat = [
        one if (one := history[number])[1:3] == (first, last) else one._replace(start=first, end=last)
        for number, first, last in zip(born.tolist(), start.tolist(), end.tolist(), strict=True)
    ]
    return Spans.restored(history, [flat[first:last] for first, last in pairwise(begun.tolist())])


def _on_a_way(parent: _Column, born: _Column, count: int) -> bool:
    """Whether each span stands, or came before one: what is on no card's way is covered by no root."""
    seen = np.zeros(count, dtype=np.bool_)
    seen[born] = True
    seen[parent[parent >= 0]] = True
    return bool(seen.all())


def _slots(parent: list[int], born: _Column, start: _Column, end: _Column) -> tuple[list[int], list[int]]:
    """The slots that each span began with: from the first to the last that came from it."""
    first = np.full(len(parent), np.iinfo(np.int64).max)
    last = np.zeros(len(parent), dtype=np.int64)
    np.minimum.at(first, born, start)
    np.maximum.at(last, born, end)
    low, high = first.tolist(), last.tolist()
    for at in range(len(parent) - 1, -1, -1):
        before = parent[at]
        if before >= 0:
            low[before], high[before] = min(low[before], low[at]), max(high[before], high[at])
    return low, high


def _links(said: bytes, parent: Sequence[int]) -> list[bytes]:
    links: list[bytes] = []
    add = links.append
    size = LINK.size
    for at, before in zip(range(0, len(said), size), parent, strict=True):
        add(sha256(said[at : at + size] + (NO_LINK if before == NO_PARENT else links[before])).digest())
    return links
