"""Where records were written, over many of them: serving networks, and cells by name. Pure.

As `cdr_values`: what is not usual is marked and left to `cdr_record`.
"""

from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tallyward.records.decode.cdr_kinds import Field
from tallyward.records.decode.cdr_lockstep import I64, U64, Mask
from tallyward.records.decode.cdr_values import Values
from tallyward.records.decode.location import GTP_LAYOUTS, RAI
from tallyward.records.decode.octet_strings import PLMN_OCTETS, network

_ECI: Final = np.uint64(0x0FFFFFFF)
_ECI_BITS, _AREA_BITS = np.uint64(28), np.uint64(16)
_NONE: Final = np.uint64((1 << 64) - 1)
_PLMN: Final = np.uint64(0xFFFFFF)
_TOP_TWO: Final = np.uint64(48)
_ROUTEING_AREA: Final = RAI >> 1
"""GTP version 1's type 2, which is told from a service area by its last octet."""
_LOCATION: Final = np.uint64(0x0281_0000_0280)
_LOCATION_MASK: Final = np.uint64(0xFFFF_0000_FFFF)
"""80 02, two octets of area, 81 02: then two octets of cell."""
_SHORT, _LONG = 8, 13
_NETWORK: Final = (0x82, 3)


class _Where(NamedTuple):
    """By record: where the octets of its network stand (0: nowhere), area, and cell (`_NONE`: there is none)."""

    network: I64
    area: U64
    cell: U64


def places(values: Values) -> tuple[NDArray[np.uint32], pa.DictionaryArray]:
    """Serving networks, MCC*1000+MNC, of the user's location where the record itself names none; and cells by name."""
    at, size, named = values.there(Field.PLMN)
    _, _, located = values.there(Field.PLACE)
    values.sure &= ~named | (size == PLMN_OCTETS)
    count = len(at)
    where = _Where(np.zeros(count, np.int64), np.zeros(count, np.uint64), np.full(count, _NONE))
    _user_location(values, where)
    _side_by_side(values, ~located, np.where(named, at, 0), where)
    _nested(values, where)
    own = np.where(named, values.octets.little(at) & _PLMN, _NONE)
    of_place = np.where(where.network > 0, values.octets.little(where.network) & _PLMN, _NONE)
    numbers, prefixes, coded = _networks(values, np.concatenate([own, of_place]))
    plmn = np.where(named, numbers[:count], np.where(located, numbers[count:], np.uint32(0)))
    key = (coded[count:] << (_ECI_BITS + _AREA_BITS)) | (where.area << _ECI_BITS) | where.cell
    return plmn, _cell_names(np.where(where.cell == _NONE, _NONE, key), prefixes)


def _user_location(values: Values, where: _Where) -> None:
    """Fill in what user location information says, by its first octet."""
    start, length, there = values.there(Field.PLACE)
    first = values.octets.octets[start]
    for flags in np.unique(first[there]):
        rows = np.flatnonzero(there & (first == flags))
        layout = GTP_LAYOUTS[flags]
        short = (length[rows] < layout.size) | (flags == _ROUTEING_AREA)
        values.sure[rows[short]] = False
        rows = rows[~short]
        where.network[rows] = start[rows] + layout.network
        if layout.cell:
            where.area[rows] = values.octets.big(start[rows] + layout.area) >> _TOP_TWO
            wide = np.uint64(64 - 8 * layout.cell_octets)
            where.cell[rows] = (values.octets.big(start[rows] + layout.cell) >> wide) & _ECI


def _side_by_side(values: Values, rows: Mask, network_at: I64, where: _Where) -> None:
    """Fill in cells of an area and an identity that stand beside the record's network."""
    area_at, area_length, has_area = values.there(Field.AREA)
    cell_at, cell_length, has_cell = values.there(Field.CELL)
    rows = rows & has_area & has_cell
    if rows.any():
        values.sure &= ~rows | ((area_length == 2) & (cell_length == 2))  # noqa: PLR2004
        where.network[rows] = network_at[rows]
        where.area[rows] = values.octets.big(area_at[rows]) >> _TOP_TWO
        where.cell[rows] = values.octets.big(cell_at[rows]) >> _TOP_TWO


def _nested(values: Values, where: _Where) -> None:
    """Fill in cells of locations that hold an area, an identity, and mostly a network."""
    start, length, rows = values.there(Field.LOCATION)
    if rows.any():
        octets = values.octets
        told = length == _LONG
        values.sure &= ~rows | ((octets.little(start) & _LOCATION_MASK) == _LOCATION)
        values.sure &= ~rows | (length == _SHORT) | (told & (octets.octets[start + 8] == _NETWORK[0]))
        values.sure &= ~rows | ~told | (octets.octets[start + 9] == _NETWORK[1])
        where.network[rows] = np.where(told, start + 10, 0)[rows]
        where.area[rows] = octets.big(start[rows] + 2) >> _TOP_TWO
        where.cell[rows] = octets.big(start[rows] + 6) >> _TOP_TWO


def _networks(values: Values, raw: U64) -> tuple[NDArray[np.uint32], list[str], U64]:
    """(MCC*1000+MNC, `mcc-mnc-` of each different one, which one it is) of three octets each, twice for each record."""
    coded = pa.array(raw).dictionary_encode()
    at = coded.indices.to_numpy().astype(np.int64)
    different = coded.dictionary.to_pylist()
    read = [None if one == _NONE else network(one.to_bytes(PLMN_OCTETS, "little")) for one in different]
    broken = np.array([one != _NONE and two is None for one, two in zip(different, read, strict=True)], np.bool_)[at]
    count = len(raw) // 2
    values.sure &= ~(broken[:count] | broken[count:])
    numbers = np.array([int(one[0]) * 1000 + int(one[1]) if one else 0 for one in read], np.uint32)
    return numbers[at], [f"{one[0]}-{one[1]}-" if one else "" for one in read], at.astype(np.uint64)


def _cell_names(key: U64, prefixes: list[str]) -> pa.DictionaryArray:
    """Names of cells, each written once; `key` holds the network's place, the area and the cell."""
    coded = pa.array(key, mask=key == _NONE).dictionary_encode()
    different = coded.dictionary.to_numpy()
    serving = pa.array(prefixes, pa.string()).take(pa.array(different >> (_ECI_BITS + _AREA_BITS)))
    area = pa.array((different >> _ECI_BITS) & np.uint64(0xFFFF)).cast(pa.string())
    cell = pa.array(different & _ECI).cast(pa.string())
    names = pc.binary_join_element_wise(pc.binary_join_element_wise(serving, area, ""), cell, "-")
    return pa.DictionaryArray.from_arrays(coded.indices, names)
