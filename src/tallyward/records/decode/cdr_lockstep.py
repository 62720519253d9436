"""Many records of one kind walked together: their tags and lengths read a column at a time. Pure.

Every record stands at its own place; one step reads the tag and length there for all of them at once, notes the place
of a field in use, and goes on by the length. The octets that a plain walk would read are the octets that are read here,
so nothing about a record's build is taken for granted. What is rare (indefinite and very long lengths, three-octet
tags, a field twice or in the wrong form, more elements than records have) is not judged: such a record is left to the
plain walk of `cdr_record`, broken ones among them.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tallyward.records.decode.cdr_kinds import CONSTRUCTED, HOLDERS, Field

I64 = NDArray[np.int64]
U64 = NDArray[np.uint64]
U8 = NDArray[np.uint8]
Mask = NDArray[np.bool_]

PADDING: Final = 64
"""Octets that follow the data, so that eight can be read at any place of it and a little behind."""
_MOST_STEPS: Final = 96
_MOST_AMOUNT_STEPS: Final = 192
"""Steps are bounded, as each costs the same for one record as for a thousand."""
_SEQUENCE: Final = 0x30
_WIDEST_AMOUNT: Final = 6
_NUMBER: Final = (1 << 24) - 1
_LONG: Final = 0x1F
_ELSEWHERE: Final = 255


class Octets:
    """The octets of a file, read eight at a time from any place."""

    def __init__(self, data: bytes) -> None:
        """Hold a copy, padded."""
        self.octets: U8 = np.frombuffer(data + bytes(PADDING), np.uint8)
        size = len(data) + PADDING - 7
        self._little: U64 = np.ndarray((size,), "<u8", self.octets, strides=(1,))
        self._big: U64 = np.ndarray((size,), ">u8", self.octets, strides=(1,))

    def little(self, at: I64) -> U64:
        """Eight octets each, the first one lowest."""
        found: U64 = self._little[at]
        return found

    def big(self, at: I64) -> U64:
        """Eight octets each, the first one highest."""
        return self._big[at].astype(np.uint64)


class _Headers(NamedTuple):
    """Tags as the first octet (and the second, higher), where contents begin, what comes after; `odd` are not read."""

    tag: U64
    start: I64
    after: I64
    odd: Mask


def _headers(octets: Octets, at: I64) -> _Headers:
    word = octets.little(at)
    tag = word & np.uint64(0xFF)
    long = (word & np.uint64(_LONG)) == _LONG
    if long.any():
        tag = np.where(long, word & np.uint64(0xFFFF), tag)
        word = np.where(long, word >> np.uint64(8), word)
        start = at + (2 + long)
    else:
        start = at + 2
    length = (word >> np.uint64(8)) & np.uint64(0xFF)
    odd = tag >= 0x8000  # noqa: PLR2004 - a third octet of the tag follows
    odd |= long & (tag >> np.uint64(8) < _LONG)  # a number that needs no second octet stands there all the same
    odd |= (tag | np.uint64(CONSTRUCTED)) == CONSTRUCTED  # end of contents
    big = length >= 0x80  # noqa: PLR2004 - long form, X.690 clause 8.1.3.5
    if big.any():
        one, two = length == 0x81, length == 0x82  # noqa: PLR2004
        odd |= big & ~one & ~two
        first, second = (word >> np.uint64(16)) & np.uint64(0xFF), (word >> np.uint64(24)) & np.uint64(0xFF)
        length = np.where(one, first, np.where(two, first << np.uint64(8) | second, length))
        start = start + one + 2 * two
    return _Headers(tag, start, start + length.astype(np.int64), odd)


class Found(NamedTuple):
    """For each field a row: where its content stands in each record (0: it is not there), and how long it is.

    `whole`: the record was walked to its end and holds nothing that is left to the plain walk.
    """

    start: I64
    length: I64
    whole: Mask


def tag_table(fields: Mapping[int, Field]) -> U8:
    """Which field a tag is, by its one or two octets; those of a field in the wrong form are marked."""
    table: U8 = np.zeros(0x10000, np.uint8)
    for tag, field in fields.items():
        number, held = tag & _NUMBER, field in HOLDERS
        for constructed in (False, True):
            first = (tag >> 24) << 6 | (CONSTRUCTED if constructed else 0)
            place = first | number if number < _LONG else first | _LONG | number << 8
            table[place] = field if constructed == held else _ELSEWHERE
    return table


def walk_together(octets: Octets, start: I64, end: I64, table: U8) -> Found:
    """The fields of records whose contents stand at `start` to `end`."""
    count = len(start)
    found = Found(
        np.zeros((len(Field) + 1, count), np.int64), np.zeros((len(Field) + 1, count), np.int64), start == end
    )
    starts, lengths = found.start.reshape(-1), found.length.reshape(-1)
    rows = np.flatnonzero(start < end)
    at, stop = start[rows], end[rows]
    for _ in range(_MOST_STEPS):
        if not len(rows):
            break
        head = _headers(octets, at)
        slot = table[np.minimum(head.tag, 0xFFFF).astype(np.uint16)]
        going = ~(head.odd | (head.after > stop) | (slot == _ELSEWHERE))
        hit = np.flatnonzero((slot > 0) & going)
        place = slot[hit].astype(np.int64) * count + rows[hit]
        twice = starts[place] > 0
        if twice.any():
            going[hit[twice]] = False
        starts[place] = head.start[hit]
        lengths[place] = (head.after - head.start)[hit]
        ended = going & (head.after == stop)
        found.whole[rows[ended]] = True
        going &= ~ended
        rows, at, stop = rows[going], head.after[going], stop[going]
    return found


class Amounts(NamedTuple):
    """Octets up and down of each record; `whole` as in `Found`."""

    up: U64
    down: U64
    whole: Mask


def add_amounts(octets: Octets, start: I64, length: I64, up_tag: int, down_tag: int) -> Amounts:
    """The sums over containers of traffic that stand at `start` in each record, 0 where there are none."""
    count = len(start)
    sums = Amounts(np.zeros(count, np.uint64), np.zeros(count, np.uint64), length == 0)
    rows = np.flatnonzero(length > 0)
    at, stop = start[rows], (start + length)[rows]
    inside = at.copy()  # where the container under way ends: at first none is
    up, down = (np.uint64(0x80 | (tag & _NUMBER)) for tag in (up_tag, down_tag))
    for _ in range(_MOST_AMOUNT_STEPS):
        if not len(rows):
            break
        head = _headers(octets, at)
        opens = at == inside
        going = ~(head.odd | (head.after > np.where(opens, stop, inside)) | (opens & (head.tag != _SEQUENCE)))
        inside = np.where(opens, head.after, inside)
        at_next = np.where(opens, head.start, head.after)
        for tag, total in ((up, sums.up), (down, sums.down)):
            going &= opens | (head.tag != (tag | np.uint64(CONSTRUCTED)))
            hit = np.flatnonzero(~opens & (head.tag == tag) & going)
            if len(hit):
                value, plain = unsigned(octets, head.start[hit], (head.after - head.start)[hit], _WIDEST_AMOUNT)
                total[rows[hit]] += value
                going[hit[~plain]] = False
        ended = going & (at_next == stop)
        sums.whole[rows[ended]] = True
        going &= ~ended
        rows, at, stop, inside = rows[going], at_next[going], stop[going], inside[going]
    return sums


def unsigned(octets: Octets, start: I64, length: I64, widest: int = 8) -> tuple[U64, Mask]:
    """INTEGERs of 1 to `widest` octets; False where one is not that, or negative."""
    plain = (length >= 1) & (length <= widest)
    word = octets.big(start)
    plain &= (word >> np.uint64(63)) == 0
    return word >> ((8 - np.clip(length, 1, 8)) * 8).astype(np.uint64), plain
