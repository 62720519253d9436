"""Charging data files: our own, and pycrate as the oracle of what they hold."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.kernel.ids import SourceId
from tallyward.kernel.paging import PageRequest
from tallyward.records.decode import cdr
from tallyward.records.decode.ber_walk import Walk
from tallyward.records.decode.cdr_file import read_spans
from tallyward.records.decode.cdr_lockstep import Octets
from tallyward.records.decode.imei import IMEI_BODY
from tallyward.records.decode.issues import Issue, Issues, RefusalError
from tallyward.records.decode.observed import OBSERVED
from tallyward.records.model import Format
from tallyward.records.peers import number_code
from tallyward.records.schema import Service
from tallyward.records.service import RecordsService
from tests.records.decode.cdr_writer import (
    KIND,
    e_utran,
    leaf,
    network,
    node,
    number,
    pgw,
    record,
    sgw,
    sms_number,
    stamp,
    tbcd,
    traffic,
    with_headers,
)
from tests.records.making import DAY_TS, all_rows

IMSI = leaf(1, tbcd("460001234567890"))
SMS = record(
    KIND["SGSNSMORecord"],
    *(IMSI, leaf(10, b"\1"), leaf(11, stamp()), leaf(16, b"\x08\0"), leaf(18, sms_number("10086")), leaf(21, 5)),
)
CALL = record(
    KIND["MOCallRecord"],
    *(IMSI, leaf(5, number("8613800000001")), leaf(9, number("8613800000009")), node(14, leaf(3, b"\x11"))),
    *(leaf(23, stamp()), leaf(25, 60), leaf(30, 0), leaf(32, b"\1\2\3")),
)
BROKEN = pgw(opened=stamp("260231000000"))


def decode(data: bytes) -> tuple[list[dict[str, Any]], Issues]:
    issues = Issues()
    rows = [row for part in cdr.read_cdr(data, issues) for row in part.rows.to_pylist()]
    return rows, issues


def both_ways(data: bytes, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], list[Issue]]]:
    """(rows in some order, issues) by lockstep and by the plain walk alone."""
    found = []
    for few in (1, 1 << 40):
        monkeypatch.setattr(cdr, "_FEW", few)
        rows, issues = decode(data)
        found.append((sorted(map(str, rows)), issues.kept))
    return found


def test_all_kinds_of_one_file_are_read() -> None:
    rows, issues = decode(pgw() * 40 + SMS + sgw() + CALL)
    assert [row["svc"] for row in rows].count(Service.DATA) == 41
    assert {row["svc"] for row in rows} == {Service.DATA, Service.SMS, Service.VOICE}
    assert issues.count == 0


def test_an_empty_file_of_headers_has_no_rows() -> None:
    assert list(cdr.read_cdr(with_headers([]), Issues())) == []


def test_parts_have_the_columns_and_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdr, "_PART", 50)
    data = pgw() * 120
    parts = list(cdr.read_cdr(data, Issues()))
    assert [part.rows.num_rows for part in parts] == [50, 50, 20]
    assert parts[-1].end == len(data)
    assert all(part.rows.schema == OBSERVED for part in parts)


def test_a_broken_record_is_put_aside_and_the_others_go_on() -> None:
    other = node(76, leaf(0, 76))
    rows, issues = decode(pgw() * 50 + BROKEN + other + pgw() * 50)
    assert len(rows) == 100
    one, two = issues.kept
    assert (one.record, one.code, one.field) == (51, "records.start_time", "recordOpeningTime")
    assert one.tag_path == "PGWRecord/recordOpeningTime"
    assert one.detail == stamp("260231000000").hex()
    assert (two.record, two.code, two.detail) == (52, "records.cdr_kind", "C76")


def test_a_fault_of_a_header_puts_its_record_aside() -> None:
    rows, issues = decode(with_headers([pgw(), pgw() + b"\0\0", pgw()]))
    assert len(rows) == 2
    assert [(issue.record, issue.code) for issue in issues.kept] == [(2, "records.cdr_record_length")]


def test_a_record_like_any_is_read_by_lockstep() -> None:
    """Of records with every usual variation none is left to the plain walk."""
    rng = random.Random(3)
    data = b"".join(varied(rng) for _ in range(3_000))
    issues = Issues()
    spans = next(read_spans(Walk(data), 5_000))
    _, left = cdr._read_together(Octets(data), spans)
    assert not left.any()
    assert sum(part.rows.num_rows for part in cdr.read_cdr(data, issues)) == 3_000


def varied(rng: random.Random) -> bytes:
    """A gateway record as networks write them: amounts, lists and optional fields of all lengths; or others."""
    if rng.random() < 0.4:
        return rng.choice((sgsn, message, call))(rng)
    return rng.choice((pgw, sgw, pgw))(
        imsi=str(460_000_000_000_000 + rng.randrange(10**9)),
        msisdn=rng.choice([None, str(8_614_400_000_000 + rng.randrange(10**8))]),
        imei=rng.choice([None, str(8_600_000_000_000_000 + rng.randrange(10**13))]),
        apn=rng.choice(["cmiot", "iot.apn", "m2m.operator.com", None]),
        opened=stamp(f"2603{rng.randrange(1, 29):02d}{rng.randrange(24):02d}{rng.randrange(60):02d}00", "+0800"),
        duration=rng.choice([0, 5, 300, 86_400, 2**33]),
        serving=network(*rng.choice([("460", "00"), ("310", "260")])),
        place=e_utran(rng.randrange(2**16), rng.randrange(2**28)),
        volumes=[(rng.getrandbits(rng.randrange(1, 40)), rng.getrandbits(33)) for _ in range(rng.randrange(4))],
    )


def sgsn(rng: random.Random) -> bytes:
    """An S-CDR with a cell by area and identity, its network mostly told."""
    volumes = [(rng.getrandbits(20), rng.getrandbits(30)) for _ in range(rng.randrange(3))]
    return record(
        KIND["SGSNPDPRecord"],
        *(leaf(3, tbcd(str(460_000_000_000_000 + rng.randrange(10**9)))), node(5, leaf(0, b"\x0a\0\0\1"))),
        *(leaf(8, rng.randbytes(2)), leaf(9, rng.randbytes(2)), leaf(10, 7), node(11, leaf(0, b"\x0a\0\0\2"))),
        *(leaf(12, "iot.apn"), node(15, *traffic(*volumes)), leaf(16, stamp()), leaf(17, rng.randrange(9_999))),
        *(leaf(19, 0), leaf(28, b"\x08\0"), leaf(29, 2), *([leaf(38, network())] if rng.random() < 0.8 else [])),
    )


def card(rng: random.Random) -> list[bytes]:
    """Whose record it is, of the kinds that number these fields from 1."""
    imsi = leaf(1, tbcd(str(460_000_000_000_000 + rng.randrange(10**9))))
    return [imsi, *([leaf(2, tbcd(str(86 * 10**14 + rng.randrange(10**13))))] if rng.random() < 0.7 else [])]


def other(rng: random.Random) -> str:
    return str(rng.randrange(100, 10 ** rng.randrange(3, 16)))


def location(rng: random.Random, tag: int) -> list[bytes]:
    serving = [leaf(2, network())] if rng.random() < 0.6 else []
    return [node(tag, leaf(0, rng.randbytes(2)), leaf(1, rng.randbytes(2)), *serving)] if rng.random() < 0.9 else []


def message(rng: random.Random) -> bytes:
    """A short message of the SGSN or the MSC, in or out."""
    place = leaf(26, e_utran(rng.randrange(2**16), rng.randrange(2**28)))
    return rng.choice(
        [
            record(KIND["SGSNSMORecord"], *card(rng), leaf(11, stamp()), leaf(18, sms_number(other(rng))), place),
            record(KIND["SGSNSMTRecord"], *card(rng), leaf(10, stamp()), leaf(16, 6), leaf(19, number(other(rng)))),
            record(
                KIND["MOSMSRecord"], *card(rng), *location(rng, 7), leaf(9, stamp()), leaf(12, sms_number(other(rng)))
            ),
            record(
                KIND["MTSMSRecord"], leaf(2, tbcd("460001234567890")), *location(rng, 7), leaf(8, stamp()), leaf(11, 2)
            ),
        ]
    )


def call(rng: random.Random) -> bytes:
    """A call out or in, answered or not, of any basic service."""
    basic = rng.choice([leaf(3, b"\x11"), leaf(3, b"\x22"), leaf(2, b"\x17")])
    party = number(other(rng)) if rng.random() < 0.5 else b"\x21\x81" + tbcd(other(rng))
    times = [
        leaf(tag, stamp(f"26030108{rng.randrange(60):02d}00")) for tag in rng.choice([(22,), (22, 23), (23, 24), (24,)])
    ]
    if rng.random() < 0.5:
        return record(
            KIND["MOCallRecord"], *card(rng), leaf(5, party), *location(rng, 12), node(14, basic), *times, leaf(25, 60)
        )
    return record(
        KIND["MTCallRecord"], *card(rng), leaf(4, party), *location(rng, 9), node(11, basic), leaf(20, stamp())
    )


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=12))
def test_lockstep_and_plain_walk_say_the_same(seed: int, flips: list[tuple[float, int]]) -> None:
    """Whatever octets are flipped: the same rows, the same records put aside, or the same refusal."""
    rng = random.Random(seed)
    data = bytearray(b"".join(varied(rng) for _ in range(rng.randrange(1, 25))))
    for place, mask in flips:
        data[int(place * (len(data) - 1))] ^= mask
    with pytest.MonkeyPatch.context() as patch:
        try:
            together, alone = both_ways(bytes(data), patch)
        except RefusalError:
            with pytest.raises(RefusalError):
                decode(bytes(data))
            return
    assert together == alone


def oracle() -> Any:
    module = pytest.importorskip("pycrate_asn1dir.CDR", reason="the oracle: pip install pycrate")
    return module.GPRSChargingDataTypes.GPRSRecord, module.CSChargingDataTypes.CSRecord


def swapped(value: bytes) -> str:
    return "".join(f"{octet & 15:x}{octet >> 4:x}" for octet in value).rstrip("f")


def test_the_oracle_reads_the_same_of_gateway_records() -> None:
    gprs, _ = oracle()
    rng = random.Random(11)
    for data in (one for one in (varied(rng) for _ in range(60)) if one[:1] == b"\xbf"):
        (row,), _ = decode(data)
        gprs.from_ber(data)
        _, said = gprs.get_val()
        assert row["imsi"] == int(swapped(said["servedIMSI"]))
        assert row["msisdn"] == int(swapped(said.get("servedMSISDN", b"\x91\0")[1:]))
        imei = swapped(said["servedIMEI"]) if "servedIMEI" in said else ""
        assert row["imei"] // 10 == int(imei[:IMEI_BODY] or 0)
        assert row["dur"] == min(said["duration"], 2**32 - 1)
        assert row["rat"] == said["rATType"]
        assert row["peer_word"] == said.get("accessPointNameNI")
        volumes = said.get("listOfTrafficVolumes", [])
        for column, name in (("up", "dataVolumeGPRSUplink"), ("dn", "dataVolumeGPRSDownlink")):
            assert row[column] == min(sum(one[name] for one in volumes), 2**32 - 1)
        place = said["userLocationInformation"]
        assert row["cell"].endswith(f"-{int.from_bytes(place[4:6], 'big')}-{int.from_bytes(place[9:13], 'big')}")


CARD = {"servedIMSI": tbcd("460001234567890"), "servedIMEI": tbcd("8601234567890120")}
NUMBER = number("8613800000001")
LOCATION = {"locationAreaCode": b"\0\x0a", "cellId": b"\0\x14", "mCC-MNC": network()}
CALL_FIELDS = {**CARD, "recordingEntity": NUMBER, "callDuration": 60, "causeForTerm": 0, "callReference": b"\1\2\3"}
SMS_FIELDS = {**CARD, "recordingEntity": NUMBER, "serviceCentre": NUMBER, "msClassmark": b"\0", "location": LOCATION}
SGSN_FIELDS = {**CARD, "eventTimeStamp": stamp(), "chargingCharacteristics": b"\x08\0", "rATType": 6,
               "servingNodeType": "mME", "userLocationInformation": e_utran()}  # fmt: skip
IP = ("iPBinaryAddress", ("iPBinV4Address", b"\x0a\0\0\1"))
VOLUME = {
    "dataVolumeGPRSUplink": 7,
    "dataVolumeGPRSDownlink": 8,
    "changeCondition": "recordClosure",
    "changeTime": stamp(),
}
WRITTEN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("sgsnPDPRecord", {"recordType": 18, **CARD, "chargingID": 5, "ggsnAddressUsed": IP, "accessPointNameNI": "iot.apn",
     "locationAreaCode": b"\0\x0a", "cellIdentifier": b"\0\x14", "listOfTrafficVolumes": [VOLUME, VOLUME], "duration": 60,
     "recordOpeningTime": stamp(), "causeForRecClosing": 0, "chargingCharacteristics": b"\x08\0", "rATType": 2,
     "servingNodePLMNIdentifier": network()},
     {"svc": Service.DATA, "up": 14, "dn": 16, "dur": 60, "rat": 2, "peer_word": "iot.apn", "plmn": 460000}),
    ("sgsnSMORecord", {"recordType": 21, **SGSN_FIELDS, "messageReference": b"\1", "destinationNumber": sms_number("10086")},
     {"svc": Service.SMS, "peer": number_code("10086"), "rat": 6}),
    ("sgsnSMTRecord", {"recordType": 22, **SGSN_FIELDS, "originatingAddress": NUMBER},
     {"svc": Service.SMS, "peer": number_code("8613800000001"), "rat": 6}),
    ("moCallRecord", {"recordType": 0, **CALL_FIELDS, "calledNumber": NUMBER, "location": LOCATION, "answerTime": stamp(),
     "basicService": ("teleservice", b"\x11"), "systemType": "gERAN"},
     {"svc": Service.VOICE, "peer": number_code("8613800000001"), "dur": 60, "rat": 2}),
    ("mtCallRecord", {"recordType": 1, **CALL_FIELDS, "callingNumber": NUMBER, "location": LOCATION, "seizureTime": stamp(),
     "systemType": "iuUTRAN"}, {"svc": Service.VOICE, "peer": number_code("8613800000001"), "dur": 60, "rat": 1}),
    ("moSMSRecord", {"recordType": 6, **SMS_FIELDS, "messageReference": b"\1", "originationTime": stamp(),
     "destinationNumber": sms_number("10086")}, {"svc": Service.SMS, "peer": number_code("10086")}),
    ("mtSMSRecord", {"recordType": 7, **SMS_FIELDS, "deliveryTime": stamp()}, {"svc": Service.SMS, "peer": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "written", "expected"), WRITTEN, ids=[name for name, _, _ in WRITTEN])
def test_what_the_oracle_writes_is_read(name: str, written: dict[str, Any], expected: dict[str, Any]) -> None:
    gprs, cs = oracle()
    choice = gprs if name.startswith("sgsn") else cs
    choice.set_val((name, written))
    (row,), issues = decode(choice.to_ber())
    assert issues.count == 0
    assert {key: row[key] for key in expected} == expected
    assert (row["imsi"], row["imei"], row["ts"]) == (460001234567890, 860123456789014, DAY_TS)
    assert row["cell"] == "460-00-10-20"


GOLDEN = with_headers([pgw(volumes=[(1, 2), (3, 4)]), SMS, CALL, sgw(), record(
    KIND["SGSNPDPRecord"], leaf(3, tbcd("460001234567890")), node(15, *traffic((1, 2))), leaf(16, stamp()))])  # fmt: skip


def swallow(data: bytes) -> None:
    """Read it; anything but rows, issues and a refusal fails the test."""
    try:
        rows, issues = decode(data)
        assert all(0 < row["ts"] < 2**32 for row in rows)
        assert len(rows) + issues.count > 0 or not data
    except RefusalError as error:
        assert error.sentence("en") != error.code


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOLDEN) - 1), st.integers(1, 255)), min_size=1, max_size=4))
def test_flipped_bytes_never_break_the_decoder(flips: list[tuple[int, int]]) -> None:
    data = bytearray(GOLDEN)
    for place, mask in flips:
        data[place] ^= mask
    swallow(bytes(data))


def test_no_truncation_of_a_file_with_headers_passes() -> None:
    for end in range(1, len(GOLDEN)):
        with pytest.raises(RefusalError):
            decode(GOLDEN[:end])


@settings(max_examples=200, deadline=None)
@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_are_survived(data: bytes) -> None:
    swallow(data)
    swallow(b"\xbf\x4f" + data)


def test_files_end_in_the_store_or_in_quarantine(records: RecordsService, source: SourceId) -> None:
    good = records.take_bytes(source, "a.dat", with_headers([pgw(), SMS, BROKEN, CALL]))
    assert (good.format, good.records, good.refused, good.quarantined) == (Format.CDR, 3, 1, False)
    bare = records.take_bytes(source, "b.dat", pgw(apn="x.apn") * 100)
    assert (bare.format, bare.records) == (Format.CDR, 100)
    again = records.take_bytes(source, "c.dat", pgw(apn="x.apn") * 100)
    assert again.duplicate
    cut = records.take_bytes(source, "d.dat", (pgw() * 3)[:-1])
    assert (cut.quarantined, cut.records) == (True, 0)
    rows = records.quarantine(PageRequest()).rows
    assert {(row.name, row.record_index, row.reason_code) for row in rows} == {
        ("a.dat", 3, "records.start_time"),
        ("d.dat", None, "records.ber_length"),
    }
    assert all(row.sentence("zh-CN") != row.reason_code for row in rows)
    assert all_rows(records).num_rows == 103
