import pytest

from tallyward.records.decode.cdr_kinds import Kind
from tallyward.records.decode.cdr_places import places
from tests.records.decode.cdr_writer import KIND, e_utran, gateway_fields, leaf, network, node, pgw, record
from tests.records.decode.lockstep_making import values_of

PGW, CALL, SGSN = KIND["PGWRecord"], KIND["MOCallRecord"], KIND["SGSNPDPRecord"]
AREA, CELL, SERVING = leaf(0, b"\0\x0a"), leaf(1, b"\0\x14"), leaf(2, network("310", "260"))


def read(kind: Kind, records: list[bytes]) -> tuple[list[int], list[str | None], list[bool]]:
    values = values_of(kind, records)
    plmn, cells = places(values)
    return plmn.tolist(), cells.to_pylist(), values.sure.tolist()


def test_cells_and_networks_of_user_location() -> None:
    silent = record(
        PGW, *(one for one in gateway_fields(place=e_utran(1, 2, network("234", "15"))) if one[:1] != b"\x9b")
    )
    nowhere = record(PGW, leaf(27, network()))
    bare = record(PGW)
    plmn, cells, sure = read(PGW, [pgw(), silent, nowhere, bare, pgw(place=b"\x08" + network() + b"\0\x0a")])
    assert plmn == [460000, 234015, 460000, 0, 460000]
    assert cells == ["460-00-10-20", "234-15-1-2", None, None, None]
    assert all(sure)


@pytest.mark.parametrize(
    "place", [e_utran()[:-1], b"\x02" + network() + b"\0\x0a\0\x14", e_utran(serving=b"\xaa\xf0\0"), b"\x01"]
)
def test_a_place_that_is_cut_or_in_doubt_is_not_guessed_at(place: bytes) -> None:
    assert read(PGW, [pgw(place=place), pgw()])[2] == [False, True]


def test_area_and_cell_side_by_side() -> None:
    told = record(SGSN, leaf(8, b"\0\x0a"), leaf(9, b"\0\x14"), leaf(38, network()))
    untold = record(SGSN, leaf(8, b"\0\x0a"), leaf(9, b"\0\x14"))
    half, wide = record(SGSN, leaf(8, b"\0\x0a")), record(SGSN, leaf(8, b"\0\0\x0a"), leaf(9, b"\0\x14"))
    plmn, cells, sure = read(SGSN, [told, untold, half, wide])
    assert (plmn, cells[:3]) == ([460000, 0, 0, 0], ["460-00-10-20", "10-20", None])
    assert sure == [True, True, True, False]


@pytest.mark.parametrize(
    ("inside", "cell", "usual"),
    [
        ((AREA, CELL, SERVING), "310-260-10-20", True),
        ((AREA, CELL), "10-20", True),
        ((CELL, AREA), None, False),
        ((AREA, CELL, leaf(3, b"abc")), None, False),
        ((AREA, CELL, leaf(2, b"\xaa\xf0\0")), None, False),
        ((AREA,), None, False),
        ((), None, False),
    ],
)
def test_locations_of_the_msc(inside: tuple[bytes, ...], cell: str | None, usual: bool) -> None:
    plmn, cells, sure = read(CALL, [record(CALL, node(12, *inside)), record(CALL)])
    assert sure == [usual, True]
    assert plmn == [0, 0]  # the record names no serving network; its cell's name does
    assert not usual or cells == [cell, None]
