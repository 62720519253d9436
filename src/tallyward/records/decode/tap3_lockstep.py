"""GPRS calls of a transfer batch walked together: nested elements read a column at a time. Pure.

As `cdr_lockstep` for charging records, but TAP nests its fields, so a step goes into what is constructed, and no
element may end behind what holds it. The first element of each tag counts, at any depth, as in `tap3_event.Fields`. To
that all is left that is rare: lengths of other forms, other starts than the call's own, calls without access point.
"""

from collections.abc import Mapping
from enum import IntEnum, auto
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallyward.records.decode.cdr_lockstep import I64, U8, U64, Mask, Octets, unsigned
from tallyward.records.decode.cdr_parties import access_points
from tallyward.records.decode.cdr_values import MOST_DIGITS, packed_digits
from tallyward.records.decode.civil_time import civil_seconds
from tallyward.records.decode.imei import IMEI_BODY, with_check_digit
from tallyward.records.decode.observed import OBSERVED
from tallyward.records.decode.tap3_event import Batch
from tallyward.records.decode.tap3_tags import Tag
from tallyward.records.schema import TAG_SHIFT, PeerTag, Quality, Service

_U32: Final = 0xFFFFFFFF
_MOST_STEPS: Final = 192
_MOST_DEPTH: Final = 8
_LONG: Final = 0x1F
_MORE: Final = 0x80
"""The bit that says of a tag's octet that another follows, of a length that it is not the length itself."""
_LOW: Final = np.uint64(0x0F0F0F0F0F0F0F0F)
_ZEROS: Final = np.uint64(0x3030303030303030)
_PAIRS: Final = np.uint64(0x00FF00FF00FF00FF)
_TIME_LETTERS: Final = 14
_AREA_BITS, _CELL_BITS = 24, np.uint64(36)
_NO_CELL: Final = np.uint64((1 << 64) - 1)
_APN: Final = np.uint64(int(PeerTag.APN) << TAG_SHIFT)


class _Slot(IntEnum):
    """A field's place in arrays."""

    IMSI = auto()
    MSISDN = auto()
    IMEI = auto()
    START = auto()  # what holds time and offset code
    DURATION = auto()
    UP = auto()
    DOWN = auto()
    APN = auto()
    AREA = auto()
    CELL = auto()
    LOCAL = auto()
    OFFSET = auto()


_SLOTS: Final = {
    Tag.Imsi: _Slot.IMSI,
    Tag.Msisdn: _Slot.MSISDN,
    Tag.Imei: _Slot.IMEI,
    Tag.CallEventStartTimeStamp: _Slot.START,
    Tag.TotalCallEventDuration: _Slot.DURATION,
    Tag.DataVolumeOutgoing: _Slot.UP,
    Tag.DataVolumeIncoming: _Slot.DOWN,
    Tag.AccessPointNameNI: _Slot.APN,
    Tag.LocationArea: _Slot.AREA,
    Tag.CellId: _Slot.CELL,
}
_TIMES: Final = {Tag.LocalTimeStamp: _Slot.LOCAL, Tag.UtcTimeOffsetCode: _Slot.OFFSET}


def _table(slots: Mapping[Tag, _Slot]) -> U8:
    table: U8 = np.zeros(1 << 14, np.uint8)
    for tag, slot in slots.items():
        table[tag & 0xFFFFFF] = slot
    return table


_FIELDS, _TIME_FIELDS = _table(_SLOTS), _table(_TIMES)


class _Headers(NamedTuple):
    """Application tags (0 for other classes), form, where contents begin, what comes after; `odd` are not read."""

    number: I64
    constructed: Mask
    start: I64
    after: I64
    odd: Mask


def _headers(octets: Octets, at: I64) -> _Headers:
    word = octets.little(at)
    first, second, third = ((word >> np.uint64(8 * place)) & np.uint64(0xFF) for place in range(3))
    long = (first & np.uint64(_LONG)) == _LONG
    three = long & (second >= _MORE)
    number = np.where(
        long, np.where(three, (second & np.uint64(0x7F)) << np.uint64(7) | third, second), first & np.uint64(_LONG)
    )
    size = 1 + long.astype(np.int64) + three
    rest = word >> (size * 8).astype(np.uint64)
    length, one, two = (rest >> np.uint64(8 * place) & np.uint64(0xFF) for place in range(3))
    in_one, in_two = length == 0x81, length == 0x82  # noqa: PLR2004
    odd = (number == 0) | (three & (third >= _MORE)) | ((length >= _MORE) & ~in_one & ~in_two)
    length = np.where(in_one, one, np.where(in_two, one << np.uint64(8) | two, length))
    start = at + size + 1 + in_one + 2 * in_two
    own = first >> np.uint64(6) == 1
    constructed = (first & np.uint64(0x20)) != 0
    return _Headers(np.where(own, number, 0).astype(np.int64), constructed, start, start + length.astype(np.int64), odd)


class _Walk:
    """Places of fields in events side by side; `whole` are those walked to their end without anything odd."""

    def __init__(self, octets: Octets, start: I64, end: I64) -> None:
        """Walk events whose contents stand at `start` to `end`."""
        count = len(start)
        self._octets = octets
        self.start: I64 = np.zeros((len(_Slot) + 1, count), np.int64)
        self.length: I64 = np.zeros((len(_Slot) + 1, count), np.int64)
        self.whole: Mask = self._walk(start, end, _FIELDS, nested=True)
        holder, size = self.start[_Slot.START], self.length[_Slot.START]
        self.whole &= self._walk(holder, holder + size, _TIME_FIELDS, nested=False)

    def _walk(self, start: I64, end: I64, table: U8, *, nested: bool) -> Mask:
        count = len(start)
        whole: Mask = start == end
        rows = np.flatnonzero(start < end)
        at = start[rows]
        ends: I64 = np.zeros((_MOST_DEPTH + 1, count), np.int64)
        ends[0] = end
        depth: I64 = np.zeros(len(rows), np.int64)
        for _ in range(_MOST_STEPS):
            if not len(rows):
                break
            head = _headers(self._octets, at)
            slot = table[head.number]
            going = ~head.odd & (head.after <= ends[depth, rows])
            going &= (slot == 0) | (head.constructed == (slot == _Slot.START))
            self._note(slot, rows, head, going)
            at = head.after
            if nested:
                inner = head.constructed & going & (head.after > head.start)
                going &= ~inner | (depth < _MOST_DEPTH)
                into = np.flatnonzero(inner & going)
                depth[into] += 1
                ends[depth[into], rows[into]] = head.after[into]
                at = np.where(inner, head.start, at)
            closed = going & (at == ends[depth, rows]) & (depth > 0)
            while closed.any():
                depth[closed] -= 1
                closed &= (at == ends[depth, rows]) & (depth > 0)
            ended = going & (depth == 0) & (at == ends[0, rows])
            whole[rows[ended]] = True
            going &= ~ended
            rows, at, depth = rows[going], at[going], depth[going]
        return whole

    def _note(self, slot: U8, rows: I64, head: _Headers, going: Mask) -> None:
        """The first element of each tag counts; a second start is for the plain walk."""
        hit = np.flatnonzero((slot > 0) & going)
        fresh = self.start[slot[hit], rows[hit]] == 0
        going[hit[~fresh & (slot[hit] == _Slot.START)]] = False
        hit = hit[fresh]
        self.start[slot[hit], rows[hit]] = head.start[hit]
        self.length[slot[hit], rows[hit]] = (head.after - head.start)[hit]


class Rows(NamedTuple):
    """Observed rows of the calls that are `sure`, in their order; the others are for `tap3_event`."""

    table: pa.Table
    sure: Mask


def gprs_calls(octets: Octets, start: I64, end: I64, batch: Batch) -> Rows:
    """Rows of GPRS calls whose contents stand at `start` to `end`."""
    read = _Calls(octets, _Walk(octets, start, end))
    imsi, msisdn = read.digits(_Slot.IMSI, 6), read.digits(_Slot.MSISDN, 7)
    read.sure &= (imsi > 0) | (msisdn > 0)
    up, down, duration = (read.number(slot) for slot in (_Slot.UP, _Slot.DOWN, _Slot.DURATION))
    over = (up > _U32) | (down > _U32) | (duration > _U32)
    count, network = len(start), batch.network
    apn_at, apn_length, has_apn = read.there(_Slot.APN)
    read.sure &= has_apn
    words = access_points(octets, apn_at, apn_length, has_apn, read.sure)
    columns = {
        "imsi": imsi,
        "msisdn": msisdn,
        "iccid": pa.nulls(count, pa.string()).dictionary_encode(),
        "ts": read.times(batch.offsets).astype(np.uint32),
        "dur": np.minimum(duration, _U32).astype(np.uint32),
        "svc": np.full(count, int(Service.DATA), np.uint8),
        "imei": with_check_digit(read.imei_bodies()),
        "peer": np.full(count, _APN),
        "peer_word": words,
        "up": np.minimum(up, _U32).astype(np.uint32),
        "dn": np.minimum(down, _U32).astype(np.uint32),
        "cell": read.cells(network or batch.sender),
        "plmn": np.full(count, int(network[:3]) * 1000 + int(network[4:]) if network else 0, np.uint32),
        "rat": np.zeros(count, np.uint8),
        "quality": np.where(over, np.uint16(Quality.SATURATED), np.uint16(0)),
    }
    table = pa.table([columns[field.name] for field in OBSERVED], schema=OBSERVED)
    return Rows(table if read.sure.all() else table.filter(pa.array(read.sure)), read.sure)


class _Calls:
    """Reads columns and marks what it is not sure of."""

    def __init__(self, octets: Octets, walk: _Walk) -> None:
        """Read what `walk` has found."""
        self._octets = octets
        self._walk = walk
        self.sure = walk.whole.copy()

    def there(self, slot: _Slot) -> tuple[I64, I64, Mask]:
        """Where a field stands, how long it is, and in which calls it is there."""
        start = self._walk.start[slot]
        return start, self._walk.length[slot], start > 0

    def number(self, slot: _Slot) -> U64:
        """Whole numbers, 0 where absent."""
        start, length, there = self.there(slot)
        value, plain = unsigned(self._octets, start, length)
        self.sure &= plain | ~there
        return np.where(there, value, np.uint64(0))

    def _packed(self, slot: _Slot) -> tuple[U64, I64, Mask]:
        """Packed digits, the first one in the high half of its octet."""
        start, length, there = self.there(slot)
        word = self._octets.little(start)
        value, count = packed_digits((word >> np.uint64(4) & _LOW) | (word & _LOW) << np.uint64(4), length)
        return value, count, there

    def digits(self, slot: _Slot, least: int) -> U64:
        """Numbers of `least` to 15 digits, 0 where absent."""
        value, count, there = self._packed(slot)
        self.sure &= ~there | ((count >= least) & (count <= MOST_DIGITS))
        return np.where(there, value, np.uint64(0))

    def imei_bodies(self) -> U64:
        """The first 14 digits of IMEIs, 0 where absent."""
        value, count, there = self._packed(_Slot.IMEI)
        self.sure &= ~there | (count >= IMEI_BODY)
        return np.where(there, value // _TENS[np.clip(count - IMEI_BODY, 0, 2)], np.uint64(0))

    def times(self, offsets: Mapping[int, int]) -> I64:
        """UTC seconds of local times and their offset codes."""
        start, length, _ = self.there(_Slot.LOCAL)
        begin, rest = (self._octets.little(start + by) ^ _ZEROS for by in (0, _TIME_LETTERS - 8))
        digits = (begin | rest) & ~_LOW == 0
        digits &= ~_above_nine(begin) & ~_above_nine(rest)
        date, clock = ((one & _PAIRS) * np.uint64(10) + (one >> np.uint64(8) & _PAIRS) for one in (begin, rest))
        part = [
            (one >> np.uint64(16 * place) & np.uint64(0xFFFF)).astype(np.int64)
            for one in (date, clock)
            for place in range(4)
        ]
        century, year, month, day, _, hour, minute, second = part
        seconds, there = civil_seconds(century * 100 + year, month, day, hour, minute, second)
        code, code_length, _ = self.there(_Slot.OFFSET)
        value, plain = unsigned(self._octets, code, code_length)
        coded = pa.array(value).dictionary_encode()
        known = [offsets.get(one) for one in coded.dictionary.to_pylist()]
        at = coded.indices.to_numpy()
        found = seconds - np.array([one or 0 for one in known], np.int64)[at]
        good = digits & there & (length == _TIME_LETTERS) & plain & (found > 0) & (found <= _U32)
        self.sure &= good & np.array([one is not None for one in known], np.bool_)[at]
        return np.where(good, found, 1)

    def cells(self, network: str) -> pa.DictionaryArray:
        """Names of cells, each written once; null where area or cell is absent."""
        there = self.there(_Slot.AREA)[2] & self.there(_Slot.CELL)[2]
        area, cell = self.number(_Slot.AREA), self.number(_Slot.CELL)
        self.sure &= ~there | ((area < 1 << _AREA_BITS) & (cell < np.uint64(1) << _CELL_BITS))
        key = np.where(there, area << _CELL_BITS | cell, _NO_CELL)
        coded = pa.array(key, mask=~there).dictionary_encode()
        different = coded.dictionary.to_numpy()
        areas = pa.array(different >> _CELL_BITS).cast(pa.string())
        cells = pa.array(different & ((np.uint64(1) << _CELL_BITS) - np.uint64(1))).cast(pa.string())
        names = pc.binary_join_element_wise(pa.scalar(network), areas, cells, "-")
        return pa.DictionaryArray.from_arrays(coded.indices, names)


_TENS: Final = np.array([1, 10, 100], np.uint64)


def _above_nine(word: U64) -> Mask:
    """Whether a low half octet is above 9."""
    found: Mask = (word + np.uint64(0x0606060606060606)) & ~_LOW != 0
    return found
