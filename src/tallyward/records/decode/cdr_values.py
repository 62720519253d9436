"""Values of fields over many records: whole numbers, digits, times, amounts, a column at a time. Pure.

Only values in their usual form are read. A record with any other value is marked as not `sure`: `cdr_record` reads it
or says what is wrong with it.
"""

from typing import Final

import numpy as np

from tallyward.records.decode.cdr_kinds import UP_DOWN, Field
from tallyward.records.decode.cdr_lockstep import I64, U64, Found, Mask, Octets, add_amounts, unsigned
from tallyward.records.decode.civil_time import civil_seconds
from tallyward.records.decode.octet_strings import MOST_OFFSET_HOURS, TIME_OCTETS

NO_PRESENTATION: Final = 0x80
"""The bit of an address's first octet that says that its digits follow at once."""
MOST_DIGITS: Final = 15
_U32: Final = 0xFFFFFFFF
_LOW: Final = np.uint64(0x0F0F0F0F0F0F0F0F)
_ONES: Final = np.uint64(0x1111111111111111)
_POWERS: Final = np.array([10**power for power in range(17)], np.uint64)
_MOST_TBCD: Final = 8
_IMEI_BODY: Final = 14
_CENTURY: Final = 2000
_MOST_MINUTE: Final = 59
_STARTS: Final = (Field.START, Field.SEIZED, Field.RELEASED)


class Values:
    """The fields that `walk_together` has found in records of one kind. `sure` says which records are usual so far."""

    def __init__(self, octets: Octets, found: Found) -> None:
        """Read from `octets`."""
        self.octets = octets
        self.sure: Mask = found.whole.copy()
        self._found = found

    def there(self, field: Field) -> tuple[I64, I64, Mask]:
        """Where a field's content stands, how long it is, and in which records it is there at all."""
        start = self._found.start[field]
        return start, self._found.length[field], start > 0

    def number(self, field: Field) -> U64:
        """Whole numbers, 0 where absent."""
        start, length, there = self.there(field)
        value, plain = unsigned(self.octets, start, length)
        self.sure &= plain | ~there
        return np.where(there, value, np.uint64(0))

    def digits(self, field: Field, least: int, *, skip: int = 0) -> U64:
        """Numbers of `least` to 15 digits in TBCD behind `skip` octets, 0 where absent."""
        start, length, there = self.there(field)
        if not there.any():
            return np.zeros(len(start), np.uint64)
        value, count = self.tbcd(start + skip, length - skip)
        good = (count >= least) & (count <= MOST_DIGITS) & (value > 0)
        if skip:
            good &= self.octets.octets[start] >= NO_PRESENTATION
        self.sure &= ~there | good
        return np.where(there, value, np.uint64(0))

    def imei_bodies(self) -> U64:
        """The first 14 digits of IMEIs, 0 where absent."""
        start, length, there = self.there(Field.IMEI)
        if not there.any():
            return np.zeros(len(start), np.uint64)
        value, count = self.tbcd(start, length)
        self.sure &= ~there | (count >= _IMEI_BODY)
        return np.where(there, value // _POWERS[np.clip(count - _IMEI_BODY, 0, 2)], np.uint64(0))

    def tbcd(self, start: I64, length: I64) -> tuple[U64, I64]:
        """The numbers of digits in TBCD and how many digits those are, as `packed_digits` says."""
        return packed_digits(self.octets.little(start), length)

    def times(self) -> U64:
        """UTC seconds at which a record's usage began; `octet_strings.moment` says how they are written."""
        start, length, known = self.there(_STARTS[0])
        for field in _STARTS[1:]:
            other, other_length, there = self.there(field)
            start, length = np.where(known, start, other), np.where(known, length, other_length)
            known = known | there
        word = self.octets.little(start)
        sign = (word >> np.uint64(48)) & np.uint64(0xFF)
        minute = self.octets.octets[np.minimum(start + 8, len(self.octets.octets) - 1)].astype(np.uint64)
        word &= ~np.uint64(0xFF << 48)
        pairs = ((word >> np.uint64(4)) & _LOW) * np.uint64(10) + (word & _LOW)
        part = [((pairs >> np.uint64(8 * at)) & np.uint64(0xFF)).astype(np.int64) for at in range(8)]
        part.append(((minute >> np.uint64(4)) * np.uint64(10) + (minute & np.uint64(0xF))).astype(np.int64))
        local, plain = civil_seconds(part[0] + _CENTURY, *part[1:6])
        plus = sign == ord("+")
        plain &= (length == TIME_OCTETS) & (plus | (sign == ord("-"))) & ~_letters(word) & ~_letters(minute)
        plain &= (part[7] <= MOST_OFFSET_HOURS) & (part[8] <= _MOST_MINUTE)
        offset = part[7] * 3600 + part[8] * 60
        self.sure &= plain
        return np.where(plain, np.where(plus, local - offset, local + offset), 1).astype(np.uint64)

    def volumes(self) -> tuple[U64, U64]:
        """Octets up and down: of the containers of traffic, where there are none of those by service."""
        traffic, services = self._amounts(Field.VOLUMES), self._found.start[Field.VOLUMES] > 0
        if (self._found.start[Field.SERVICES] > 0).any():
            other = self._amounts(Field.SERVICES, ~services)
            return np.where(services, traffic[0], other[0]), np.where(services, traffic[1], other[1])
        return traffic

    def _amounts(self, field: Field, only: Mask | None = None) -> tuple[U64, U64]:
        start, length, _ = self.there(field)
        if only is not None:
            length = np.where(only, length, 0)
        sums = add_amounts(self.octets, start, length, *UP_DOWN[field])
        self.sure &= sums.whole
        return sums.up, sums.down


def packed_digits(word: U64, length: I64) -> tuple[U64, I64]:
    """Numbers of up to eight octets of digits, the first one in the lowest half octet, and how many digits those are.

    A filler may stand at the end. 0 digits where it is anything else.
    """
    plain = (length >= 1) & (length <= _MOST_TBCD)
    size = np.clip(length, 1, _MOST_TBCD).astype(np.uint64) * np.uint64(8)
    word = word & (np.uint64((1 << 64) - 1) >> (np.uint64(64) - size))
    top = size - np.uint64(4)
    filler = (word >> top) == 0xF  # noqa: PLR2004
    word = np.where(filler, word & ~(np.uint64(0xF) << top), word)
    count = np.where(plain & ~_letters(word), (size >> np.uint64(2)).astype(np.int64) - filler, 0)
    return _left_aligned(word) // _POWERS[16 - count], count


def _letters(word: U64) -> Mask:
    """Whether one of the half octets is above 9."""
    found: Mask = ((word >> np.uint64(3)) & ((word >> np.uint64(2)) | (word >> np.uint64(1))) & _ONES) != 0
    return found


def _left_aligned(word: U64) -> U64:
    """The 16 digits of eight octets, the first one in the lowest half octet, as a number."""
    pairs = (word & _LOW) * np.uint64(10) + ((word >> np.uint64(4)) & _LOW)
    fours = (pairs & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(100) + (
        (pairs >> np.uint64(8)) & np.uint64(0x00FF00FF00FF00FF)
    )
    eights = (fours & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(10_000) + (
        (fours >> np.uint64(16)) & np.uint64(0x0000FFFF0000FFFF)
    )
    return (eights & np.uint64(_U32)) * np.uint64(100_000_000) + (eights >> np.uint64(32))
