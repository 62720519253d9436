import pytest

from tallyward.records.decode.location import GTP_LAYOUTS, NOWHERE, Place, aaa_place, cell_name, gtp_place
from tests.records.decode.cdr_writer import e_utran, network

HOME, ABROAD = network(), network("310", "260")
AREA, CELL = b"\x00\x0a", b"\x00\x14"
ECI = b"\xf0\x00\x00\x14"  # the four spare bits are set
NCI = b"\xf0\x00\x00\x00\x14"


@pytest.mark.parametrize(
    ("octets", "place"),
    [
        (e_utran(10, 20), Place("460", "00", "460-00-10-20")),
        (b"\x18" + HOME + AREA + ABROAD + ECI, Place("310", "260", "310-260-10-20")),
        (b"\x01" + HOME + AREA + CELL, Place("460", "00", "460-00-10-20")),
        (b"\x00" + HOME + AREA + CELL, Place("460", "00", "460-00-10-20")),  # GTP version 1
        (b"\x02" + HOME + AREA + CELL, Place("460", "00", "460-00-10-20")),
        (b"\x02" + HOME + AREA + b"\x07\xff", Place("460", "00", None)),  # a routeing area of version 1
        (b"\x05" + HOME + AREA + CELL + bytes(7), Place("460", "00", "460-00-10-20")),
        (b"\x08" + HOME + AREA, Place("460", "00", None)),
        (b"\x10" + HOME + ECI, Place("460", "00", None)),
        (b"\x98" + HOME + AREA + HOME + ECI + bytes(6), Place("460", "00", "460-00-10-20")),
        (e_utran(10, 20) + b"\0", Place("460", "00", "460-00-10-20")),
        (e_utran(10, 20)[:-1], None),
        (b"\x01\xaa\xf0\x00" + AREA + CELL, None),
        (b"", None),
    ],
)
def test_the_coding_of_gtp(octets: bytes, place: Place | None) -> None:
    assert gtp_place(octets) == place


def test_each_first_octet_has_a_layout_that_stays_inside() -> None:
    assert len(GTP_LAYOUTS) == 256
    for layout in GTP_LAYOUTS:
        if layout.cell:
            assert layout.cell + layout.cell_octets <= layout.size
            assert layout.area + layout.area_octets <= layout.size


@pytest.mark.parametrize(
    ("octets", "place"),
    [
        (b"\x00" + HOME + AREA + CELL, Place("460", "00", "460-00-10-20")),
        (b"\x01" + HOME + AREA + CELL, Place("460", "00", "460-00-10-20")),
        (b"\x02" + HOME + AREA + CELL, Place("460", "00", None)),
        (b"\x80" + HOME + AREA, Place("460", "00", None)),
        (b"\x81" + HOME + ECI, Place("460", "00", None)),
        (b"\x82" + HOME + AREA + HOME + ECI, Place("460", "00", "460-00-10-20")),
        (b"\x89" + HOME + b"\x00\x00\x0a" + HOME + NCI, Place("460", "00", "460-00-10-20")),
        (b"\x82" + HOME + AREA + HOME, None),
        (b"\x77" + HOME, NOWHERE),
        (b"", None),
    ],
)
def test_the_coding_of_aaa(octets: bytes, place: Place | None) -> None:
    assert aaa_place(octets) == place


def test_a_cell_of_an_untold_network_keeps_its_numbers() -> None:
    assert cell_name(("460", "00"), 1, 2) == "460-00-1-2"
    assert cell_name(None, 1, 2) == "1-2"
