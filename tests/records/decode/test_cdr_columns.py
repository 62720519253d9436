"""Values in columns, beside the values of the plain walk: equal where they are sure, and sure of all usual ones."""

import numpy as np
import pytest

from tallyward.records.decode.ber_walk import Walk
from tallyward.records.decode.cdr_columns import observed_columns
from tallyward.records.decode.cdr_kinds import Kind
from tallyward.records.decode.cdr_lockstep import Octets, tag_table, walk_together
from tallyward.records.decode.cdr_record import read_record
from tallyward.records.decode.issues import FieldError
from tallyward.records.decode.observed import observed_rows
from tests.records.decode.cdr_writer import (
    KIND,
    e_utran,
    leaf,
    network,
    node,
    number,
    pgw,
    record,
    stamp,
    tbcd,
    traffic,
)

USUAL = [
    pgw(),
    pgw(msisdn=None),
    pgw(imsi=None),
    pgw(imei=None),
    pgw(imei="860123456789014"),
    pgw(imei="86012345678901"),
    pgw(imsi="46000123"),
    pgw(imsi="46000123456789"),
    pgw(msisdn="861441234567890"),
    pgw(apn=None),
    pgw(apn="A.very.long-name.of.an.access.point"),
    pgw(opened=stamp("000229235959", "-0330")),
    pgw(opened=stamp("991231000000", "+1400")),
    pgw(duration=0),
    pgw(duration=2**40),
    pgw(volumes=[(2**33, 5), (1, 2**20)]),
    pgw(volumes=(), by_service=[(5, 6), (7, 8)]),
    pgw(volumes=[(1, 2)], by_service=[(5, 6)]),
    pgw(volumes=()),
    pgw(rat=255),
    pgw(serving=network("310", "260")),
    pgw(place=e_utran(65535, 2**28 - 1, network("310", "260"))),
    pgw(place=b"\x01" + network() + b"\0\x0a\0\x14"),
    pgw(place=b"\x00" + network() + b"\0\x0a\0\x14"),
    pgw(place=b"\x08" + network("234", "15") + b"\0\x0a"),
]
UNUSUAL = [
    pgw(imsi="4600a123456789"),
    pgw(imsi="46000"),
    pgw(imsi="000000000000000"),
    pgw(imsi=None, msisdn=None),
    pgw(msisdn="123456"),
    pgw(imei="f" * 16),
    pgw(imei="1234567890123"),
    pgw(apn=""),
    pgw(apn="x" * 101),
    pgw(apn="no apn"),
    pgw(apn="\u00fc.apn"),
    *(
        pgw(opened=stamp(local))
        for local in ("260229000000", "261701000000", "260001000000", "260301246000", "2603010a0000")
    ),
    *(pgw(opened=stamp(offset=offset)) for offset in ("+1500", "+0060", "*0800")),
    pgw(opened=b""),
    pgw(opened=stamp() + b"\0"),
    pgw(duration=-5),
    pgw(volumes=[(-1, 2)]),
    pgw(rat=256),
    pgw(serving=b"\xaa\xf0\x00"),
    pgw(serving=network() + b"\0"),
    pgw(place=b""),
    pgw(place=e_utran()[:-1]),
    pgw(place=e_utran(serving=b"\xbb\xf0\x00")),
    pgw(place=b"\x02" + network() + b"\0\x0a\0\xff"),
    record(KIND["PGWRecord"], leaf(3, tbcd("46000123")), leaf(13, stamp()), record_type=84),
]


def by_columns(kind: Kind, records: list[bytes]) -> tuple[list[dict[str, object]], list[bool]]:
    data = b"".join(records)
    walk, at, spans = Walk(data), 0, []
    while at < len(data):
        element = walk.element(at, len(data))
        spans.append((element.start, element.end))
        at = element.after
    octets = Octets(data)
    start, end = np.array(spans, np.int64).T
    rows = observed_columns(octets, kind, walk_together(octets, start, end, tag_table(kind.fields())))
    return rows.table.to_pylist(), rows.sure.tolist()


def by_plain_walk(data: bytes) -> dict[str, object] | None:
    walk = Walk(data)
    try:
        event = read_record(walk, walk.element(0, len(data)))
    except FieldError:
        return None
    row: dict[str, object] = observed_rows([event]).to_pylist()[0]
    return row


@pytest.mark.parametrize("data", USUAL)
def test_usual_values_are_read_as_the_plain_walk_reads_them(data: bytes) -> None:
    rows, sure = by_columns(KIND["PGWRecord"], [data] * 8)
    assert all(sure)
    assert rows == [by_plain_walk(data)] * 8


def test_all_of_them_side_by_side() -> None:
    rows, sure = by_columns(KIND["PGWRecord"], USUAL * 3)
    assert all(sure)
    assert rows == [by_plain_walk(data) for data in USUAL * 3]


@pytest.mark.parametrize("data", UNUSUAL)
def test_unusual_values_are_not_guessed_at(data: bytes) -> None:
    rows, sure = by_columns(KIND["PGWRecord"], [data, pgw(), data, data, data, data])
    assert sure == [False, True, False, False, False, False]
    assert rows == [by_plain_walk(pgw())]


@pytest.mark.parametrize("with_network", [True, False])
def test_an_sgsns_cell_may_lack_its_network(with_network: bool) -> None:
    fields = (leaf(3, tbcd("460001234567890")), leaf(8, b"\0\x0a"), leaf(9, b"\0\x14"), leaf(12, "iot.apn"))
    rest = (node(15, *traffic((1, 2))), leaf(16, stamp()), leaf(17, 5), leaf(27, number("8614412345678")), leaf(29, 2))
    data = record(KIND["SGSNPDPRecord"], *fields, *rest, *([leaf(38, network())] if with_network else []))
    rows, sure = by_columns(KIND["SGSNPDPRecord"], [data] * 6)
    assert all(sure)
    assert rows == [by_plain_walk(data)] * 6
