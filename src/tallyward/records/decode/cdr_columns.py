"""Fields of many records turned into observed columns, whole columns at a time. Pure.

Only values in their usual form are read here. A record with any other value (a number of odd length, a time of another
century, a place that is cut short) is marked, and `cdr_record` reads it or says what is wrong with it.
"""

from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tallyward.records.decode.cdr_kinds import UP_DOWN, Field, Kind
from tallyward.records.decode.cdr_lockstep import I64, U64, Found, Mask, Octets, add_amounts, unsigned
from tallyward.records.decode.civil_time import civil_seconds
from tallyward.records.decode.imei import with_check_digit
from tallyward.records.decode.location import GTP_LAYOUTS, RAI
from tallyward.records.decode.observed import OBSERVED
from tallyward.records.decode.octet_strings import MOST_OFFSET_HOURS, PLMN_OCTETS, TIME_OCTETS, apn_peer, network
from tallyward.records.schema import TAG_SHIFT, PeerTag, Quality

_U32: Final = 0xFFFFFFFF
_LOW: Final = np.uint64(0x0F0F0F0F0F0F0F0F)
_ONES: Final = np.uint64(0x1111111111111111)
_POWERS: Final = np.array([10**power for power in range(17)], np.uint64)
_LONGEST_APN: Final = 100
_ECI: Final = np.uint64(0x0FFFFFFF)
_ECI_BITS, _AREA_BITS = np.uint64(28), np.uint64(16)
_CENTURY: Final = 2000
_MOST_MINUTE: Final = 59
_NO_CELL: Final = np.uint64((1 << 64) - 1)
_PLMN_MASK: Final = np.uint64(0xFFFFFF)


class Rows(NamedTuple):
    """Observed rows of the records that are `sure`, in their order; the others are for `cdr_record`."""

    table: pa.Table
    sure: Mask


def observed_columns(octets: Octets, kind: Kind, found: Found) -> Rows:
    """Read the fields that `walk_together` has found in records of one kind."""
    read = _Columns(octets, found)
    up, down = read.volumes()
    duration = read.number(Field.DURATION)
    plmn, cells = read.places()
    imsi = read.digits(Field.IMSI, 0, 6)
    msisdn = read.digits(Field.MSISDN, 1, 7)
    read.sure &= ((imsi > 0) | (msisdn > 0)) & (read.number(Field.TYPE) == kind.record_type)
    over = (up > _U32) | (down > _U32) | (duration > _U32)
    rat = read.number(Field.RAT)
    read.sure &= rat <= 255  # noqa: PLR2004 - one octet
    word = read.apn()
    apn = np.uint64(int(PeerTag.APN) << TAG_SHIFT)
    columns = {
        "imsi": imsi,
        "msisdn": msisdn,
        "iccid": pa.nulls(len(imsi), pa.string()).dictionary_encode(),
        "ts": read.times(Field.START).astype(np.uint32),
        "dur": np.minimum(duration, _U32).astype(np.uint32),
        "svc": np.full(len(imsi), int(kind.service), np.uint8),
        "imei": with_check_digit(read.imei_bodies()),
        "peer": np.where(found.length[Field.APN] > 0, apn, np.uint64(0)),
        "peer_word": word,
        "up": np.minimum(up, _U32).astype(np.uint32),
        "dn": np.minimum(down, _U32).astype(np.uint32),
        "cell": cells,
        "plmn": plmn,
        "rat": rat.astype(np.uint8),
        "quality": np.where(over, np.uint16(Quality.SATURATED), np.uint16(0)),
    }
    table = pa.table([columns[field.name] for field in OBSERVED], schema=OBSERVED)
    if not read.sure.all():
        table = table.filter(pa.array(read.sure))
    return Rows(table, read.sure)


class _Columns:
    """Reads columns and marks what it is not sure of."""

    def __init__(self, octets: Octets, found: Found) -> None:
        """Read from `octets`."""
        self._octets = octets
        self._found = found
        self.sure = found.whole.copy()

    def _there(self, field: Field) -> tuple[I64, I64, Mask]:
        start = self._found.start[field]
        return start, self._found.length[field], start > 0

    def number(self, field: Field) -> U64:
        """Whole numbers, 0 where absent."""
        start, length, there = self._there(field)
        value, plain = unsigned(self._octets, start, length)
        self.sure &= plain | ~there
        return np.where(there, value, np.uint64(0))

    def digits(self, field: Field, skip: int, least: int) -> U64:
        """Numbers of `least` to 15 digits in TBCD behind `skip` octets, 0 where absent."""
        start, length, there = self._there(field)
        if not there.any():
            return np.zeros(len(start), np.uint64)
        word, count, plain = self._tbcd(start + skip, length - skip)
        if skip:  # a second octet before the digits follows where the first one's highest bit is not set
            plain &= self._octets.octets[start] >= 0x80  # noqa: PLR2004
        value = _left_aligned(word) // _POWERS[16 - count]
        self.sure &= ~there | (plain & (count >= least) & (count <= 15) & (value > 0))  # noqa: PLR2004
        return np.where(there, value, np.uint64(0))

    def imei_bodies(self) -> U64:
        """The first 14 digits of IMEIs, 0 where absent."""
        start, length, there = self._there(Field.IMEI)
        if not there.any():
            return np.zeros(len(start), np.uint64)
        word, count, plain = self._tbcd(start, length)
        self.sure &= ~there | (plain & (count >= 14))  # noqa: PLR2004
        return np.where(there, _left_aligned(word) // np.uint64(100), np.uint64(0))

    def _tbcd(self, start: I64, length: I64) -> tuple[U64, I64, Mask]:
        """Up to eight octets each with digits only, how many digits those are, and whether that is all there is."""
        plain = (length >= 1) & (length <= 8)  # noqa: PLR2004
        size = np.clip(length, 1, 8).astype(np.uint64) * np.uint64(8)
        word = self._octets.little(start) & (np.uint64((1 << 64) - 1) >> (np.uint64(64) - size))
        top = size - np.uint64(4)
        filler = (word >> top) == 0xF  # noqa: PLR2004
        word = np.where(filler, word & ~(np.uint64(0xF) << top), word)
        return word, (size >> np.uint64(2)).astype(np.int64) - filler, plain & ~_letters(word)

    def times(self, field: Field) -> U64:
        """UTC seconds; `octet_strings.moment` says of what."""
        start, length, _ = self._there(field)
        word = self._octets.little(start)
        sign = (word >> np.uint64(48)) & np.uint64(0xFF)
        minute = self._octets.octets[np.minimum(start + 8, len(self._octets.octets) - 1)].astype(np.uint64)
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
        start, length, _ = self._there(field)
        if only is not None:
            length = np.where(only, length, 0)
        sums = add_amounts(self._octets, start, length, *UP_DOWN[field])
        self.sure &= sums.whole
        return sums.up, sums.down

    def apn(self) -> pa.DictionaryArray:
        """Access point names as words, null where absent."""
        start, length, there = self._there(Field.APN)
        texts: list[str] = []
        places = np.full(len(start), -1, np.int32)
        for size in np.unique(length[there]):
            rows = np.flatnonzero(there & (length == size))
            if not 1 <= size <= _LONGEST_APN:
                self.sure[rows] = False
                continue
            octets = self._octets.octets[start[rows][:, None] + np.arange(size)]
            kind = pa.binary(int(size))
            coded = pa.FixedSizeBinaryArray.from_buffers(kind, len(rows), [None, pa.py_buffer(octets)])
            coded = coded.dictionary_encode()
            words = [_apn_word(value) for value in coded.dictionary.to_pylist()]
            at = coded.indices.to_numpy().astype(np.int64)
            self.sure[rows] &= np.array([word is not None for word in words], np.bool_)[at]
            places[rows] = at + len(texts)
            texts += [word or "" for word in words]
        return pa.DictionaryArray.from_arrays(pa.array(places, mask=places < 0), pa.array(texts, pa.string()))

    def places(self) -> tuple[NDArray[np.uint32], pa.DictionaryArray]:
        """Serving networks (of the place where the record names none), and cells by name."""
        start, length, there = self._there(Field.PLACE)
        at, size, named = self._there(Field.PLMN)
        self.sure &= ~named | (size == PLMN_OCTETS)
        own = np.where(named, self._octets.little(at) & _PLMN_MASK, _NO_CELL)
        network_at, area, cell = self._of_layouts(start, length, there)
        self._beside(~there, at, network_at, area, cell)
        of_place = np.where(network_at > 0, self._octets.little(network_at) & _PLMN_MASK, _NO_CELL)
        numbers, texts, coded = self._networks(np.concatenate([own, of_place]))
        count = len(start)
        plmn = np.where(named, numbers[:count], numbers[count:])
        key = np.where(
            cell == _NO_CELL,
            _NO_CELL,
            (coded[count:] << (_ECI_BITS + _AREA_BITS)) | (area << _ECI_BITS) | cell,
        )
        return plmn, _cell_names(key, texts)

    def _beside(self, rows: Mask, network_at: I64, found_at: I64, area: U64, cell: U64) -> None:
        """Fill in cells of an area and an identity that stand side by side, where the network is told."""
        area_at, area_length, has_area = self._there(Field.AREA)
        cell_at, cell_length, has_cell = self._there(Field.CELL)
        rows = rows & has_area & has_cell
        if rows.any():
            plain = (area_length == 2) & (cell_length == 2) & (network_at > 0)  # noqa: PLR2004
            self.sure &= ~rows | plain
            found_at[rows] = network_at[rows]
            area[rows] = self._octets.big(area_at[rows]) >> np.uint64(48)
            cell[rows] = self._octets.big(cell_at[rows]) >> np.uint64(48)

    def _of_layouts(self, start: I64, length: I64, there: Mask) -> tuple[I64, U64, U64]:
        """(place of the network or 0, area, cell or none) of user location information, by its first octet."""
        network_at = np.zeros(len(start), np.int64)
        area = np.zeros(len(start), np.uint64)
        cell = np.full(len(start), _NO_CELL)
        first = self._octets.octets[start]
        for flags in np.unique(first[there]):
            rows = np.flatnonzero(there & (first == flags))
            layout = GTP_LAYOUTS[flags]
            if flags == RAI >> 1:  # a routeing area of GTP version 1 is told by its last octet: for the plain walk
                self.sure[rows] = False
                continue
            short = length[rows] < layout.size
            self.sure[rows[short]] = False
            rows = rows[~short]
            network_at[rows] = start[rows] + layout.network
            if layout.cell:
                area[rows] = self._octets.big(start[rows] + layout.area) >> np.uint64(48)
                wide = np.uint64(64 - 8 * layout.cell_octets)
                cell[rows] = (self._octets.big(start[rows] + layout.cell) >> wide) & _ECI
        return network_at, area, cell

    def _networks(self, raw: U64) -> tuple[NDArray[np.uint32], list[str], U64]:
        """(MCC*1000+MNC, mcc-mnc of each different one, which one it is) of three octets each."""
        coded = pa.array(raw).dictionary_encode()
        at = coded.indices.to_numpy().astype(np.int64)
        read = [
            ("", "") if value == _NO_CELL else network(int(value).to_bytes(3, "little"))
            for value in coded.dictionary.to_pylist()
        ]
        broken = np.array([one is None for one in read], np.bool_)[at]
        count = len(raw) // 2
        self.sure &= ~(broken[:count] | broken[count:])
        numbers = [int(one[0]) * 1000 + int(one[1]) if one and one[0] else 0 for one in read]
        return np.array(numbers, np.uint32)[at], ["-".join(one or ("", "")) for one in read], at.astype(np.uint64)


def _cell_names(key: U64, networks: list[str]) -> pa.DictionaryArray:
    """Names of cells, each written once; `key` holds the network's place, the area and the cell."""
    coded = pa.array(key, mask=key == _NO_CELL).dictionary_encode()
    different = coded.dictionary.to_numpy()
    serving = pa.array(networks, pa.string()).take(pa.array(different >> (_ECI_BITS + _AREA_BITS)))
    area = pa.array((different >> _ECI_BITS) & np.uint64(0xFFFF)).cast(pa.string())
    cell = pa.array(different & _ECI).cast(pa.string())
    return pa.DictionaryArray.from_arrays(coded.indices, pc.binary_join_element_wise(serving, area, cell, "-"))


def _apn_word(value: bytes) -> str | None:
    peer = apn_peer(value.decode("ascii")) if value.isascii() else None
    return peer[1] if peer else None


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
