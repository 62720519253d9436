"""Where a terminal is: user location information of GTP and of AAA becomes a cell's name. Pure.

GTP (3GPP TS 29.274 clause 8.21, the coding that charging records carry): an octet of flags, then the parts they
announce, in a fixed order. GTP version 1 (TS 29.060 clause 7.7.51) has a type there, 0 to 2, and one part; a type 1 is
built as the flag 1 is, and a type 2 (routeing area) ends in FF where a service area rarely does: then no cell is told.
AAA (TS 29.061 clause 16.4.7.2, attribute 22 of RADIUS and Diameter) has a type of its own list.

A cell's name is mcc-mnc-lac-ci in decimal, for E-UTRAN and NR mcc-mnc-tac-identity: docs/mediation-csv.md.
"""

from typing import Final, NamedTuple

from tallyward.records.decode.octet_strings import network

CGI, SAI, RAI, TAI, ECGI, LAI, ENODEB, LONG_ENODEB = (1 << bit for bit in range(8))
_SIZES: Final = {CGI: 7, SAI: 7, RAI: 7, TAI: 5, ECGI: 7, LAI: 5, ENODEB: 6, LONG_ENODEB: 6}
_V1_CELL, _V1_ROUTEING_AREA = 0, 2
_NO_ROUTEING_CELL: Final = 0xFF


class Layout(NamedTuple):
    """Where in the octets stand network, area (from `area`, 2 or 3 octets) and cell; `cell` 0: there is no cell."""

    size: int
    network: int
    area: int = 0
    cell: int = 0
    area_octets: int = 2
    cell_octets: int = 2


class Place(NamedTuple):
    """What a location says; `cell` is None where it names none."""

    mcc: str
    mnc: str
    cell: str | None


NOWHERE: Final = Place("", "", None)


def _gtp_layout(flags: int) -> Layout:
    at, where = 1, {}
    for part, size in _SIZES.items():
        if flags & part:
            where[part] = at
            at += size
    if TAI in where and ECGI in where:
        return Layout(at, where[ECGI], where[TAI] + 3, where[ECGI] + 3, cell_octets=4)
    for part in (CGI, SAI):
        if part in where:
            return Layout(at, where[part], where[part] + 3, where[part] + 5)
    return Layout(at, 1)


GTP_LAYOUTS: Final = (Layout(8, 1, 4, 6), *(_gtp_layout(flags) for flags in range(1, 256)))
"""By the first octet. Nothing announced is GTP version 1's type 0, a cell."""

_AAA_LAYOUTS: Final = {
    0: Layout(8, 1, 4, 6),  # CGI
    1: Layout(8, 1, 4, 6),  # SAI
    2: Layout(8, 1),  # RAI
    128: Layout(6, 1),  # TAI
    129: Layout(8, 1),  # ECGI without the area
    130: Layout(13, 6, 4, 9, cell_octets=4),  # TAI and ECGI
    137: Layout(15, 7, 4, 10, 3, 5),  # 5GS TAI and NCGI
}
_ECI: Final = 0x0FFFFFFF
_NCI: Final = 0xFFFFFFFFF


def gtp_place(octets: bytes) -> Place | None:
    """The place of GTP's coding; None where it is broken."""
    if not octets:
        return None
    layout = GTP_LAYOUTS[octets[0]]
    if octets[0] == _V1_ROUTEING_AREA and octets[-1] == _NO_ROUTEING_CELL:
        layout = layout._replace(cell=0)
    return _place(octets, layout)


def aaa_place(octets: bytes) -> Place | None:
    """The place of AAA's coding, `NOWHERE` for a type that names no network; None where it is broken."""
    if not octets:
        return None
    layout = _AAA_LAYOUTS.get(octets[0])
    return _place(octets, layout) if layout else NOWHERE


def _place(octets: bytes, layout: Layout) -> Place | None:
    if len(octets) < layout.size:
        return None
    found = network(octets[layout.network : layout.network + 3])
    if found is None:
        return None
    if not layout.cell:
        return Place(*found, None)
    area = int.from_bytes(octets[layout.area : layout.area + layout.area_octets], "big")
    cell = int.from_bytes(octets[layout.cell : layout.cell + layout.cell_octets], "big")
    if layout.cell_octets > 2:  # noqa: PLR2004 - four spare bits stand before the identity
        cell &= _ECI if layout.cell_octets == 4 else _NCI  # noqa: PLR2004
    return Place(*found, cell_name(found, area, cell))


def cell_name(serving: tuple[str, str] | None, area: int, cell: int) -> str:
    """mcc-mnc-lac-ci; without the network where the record does not tell it."""
    return f"{serving[0]}-{serving[1]}-{area}-{cell}" if serving else f"{area}-{cell}"
