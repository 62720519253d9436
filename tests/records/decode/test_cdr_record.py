import pytest

from tallyward.records.decode.ber_walk import Walk
from tallyward.records.decode.cdr_record import read_record
from tallyward.records.decode.issues import FieldError
from tallyward.records.decode.observed import Event
from tallyward.records.peers import number_code, tagged
from tallyward.records.schema import PeerTag, Quality, Service
from tests.records.decode.cdr_writer import (
    KIND,
    e_utran,
    gateway_fields,
    leaf,
    length_octets,
    network,
    node,
    number,
    pgw,
    record,
    sequence,
    services,
    sgw,
    sms_number,
    stamp,
    tbcd,
    traffic,
)
from tests.records.making import DAY_TS

APN = tagged(PeerTag.APN, 0)
IMSI = leaf(1, tbcd("460001234567890"))
PLACE = (leaf(0, b"\0\x0a"), leaf(1, b"\0\x14"))


def read(data: bytes) -> Event:
    walk = Walk(data)
    return read_record(walk, walk.element(0, len(data)))


def fault(data: bytes) -> FieldError:
    with pytest.raises(FieldError) as error:
        read(data)
    return error.value


def test_a_gateway_record_gives_all_its_fields() -> None:
    assert read(pgw()) == Event(
        imsi=460001234567890,
        msisdn=8614412345678,
        ts=DAY_TS,
        dur=60,
        svc=Service.DATA,
        imei_body=86012345678901,
        peer=APN,
        peer_word="iot.apn",
        up=100,
        dn=200,
        cell="460-00-10-20",
        plmn=460000,
        quality=0,
        rat=6,
    )
    assert read(sgw()) == read(pgw())


def test_amounts_are_added_over_containers_and_counted_once() -> None:
    several = read(pgw(volumes=[(1, 2), (10, 20), (100, 200)], by_service=[(7, 7)]))
    assert (several.up, several.dn) == (111, 222)
    by_service = read(pgw(volumes=(), by_service=[(5, 6), (50, 60)]))
    assert (by_service.up, by_service.dn) == (55, 66)
    nothing = read(pgw(volumes=()))
    assert (nothing.up, nothing.dn) == (0, 0)
    wide = read(pgw(volumes=[(2**32, 3), (2**40, 4)]))
    assert (wide.up, wide.dn, wide.quality) == (2**32 - 1, 7, Quality.SATURATED)


def test_what_may_be_absent_is_absent() -> None:
    bare = record(KIND["PGWRecord"], leaf(3, tbcd("46000123")), leaf(13, stamp()))
    assert read(bare) == Event(46000123, 0, DAY_TS, 0, 0, 0, 0, None, 0, 0, None, 0, 0, 0)
    assert read(pgw(imei="f" * 16)).imei_body == 0
    assert read(pgw(place=b"\x08" + network("310", "260") + b"\0\1")).cell is None


def test_the_network_of_the_place_serves_where_the_record_names_none() -> None:
    fields = [one for one in gateway_fields(place=e_utran(serving=network("234", "15"))) if one[:1] != b"\x9b"]
    assert read(record(KIND["PGWRecord"], *fields)).plmn == 234015


def test_indefinite_lengths_are_read() -> None:
    inner = node(12, b"\x30\x80" + leaf(3, 5) + leaf(4, 6) + b"\0\0", indefinite=True)
    event = read(record(KIND["PGWRecord"], leaf(3, tbcd("46000123")), inner, leaf(13, stamp()), indefinite=True))
    assert (event.up, event.dn, event.ts) == (5, 6, DAY_TS)


def test_an_sgsn_names_area_and_cell_side_by_side() -> None:
    fields = (leaf(3, tbcd("460001234567890")), leaf(8, b"\0\x0a"), leaf(9, b"\0\x14"), leaf(12, "iot.apn"))
    rest = (node(15, *traffic((1, 2))), leaf(16, stamp()), leaf(17, 5), leaf(29, 2))
    event = read(record(KIND["SGSNPDPRecord"], *fields, *rest, leaf(38, network())))
    assert (event.cell, event.plmn, event.rat, event.up, event.dn) == ("460-00-10-20", 460000, 2, 1, 2)
    assert read(record(KIND["SGSNPDPRecord"], *fields, *rest)).cell == "10-20"


def test_short_messages_name_the_other_side() -> None:
    out = read(record(KIND["SGSNSMORecord"], IMSI, leaf(11, stamp()), leaf(17, 6), leaf(18, sms_number("10086")),
                      leaf(26, e_utran())))  # fmt: skip
    assert (out.svc, out.peer, out.cell, out.rat) == (Service.SMS, number_code("10086"), "460-00-10-20", 6)
    into = read(record(KIND["SGSNSMTRecord"], IMSI, leaf(10, stamp()), leaf(19, number("8613800000001"))))
    assert (into.svc, into.peer, into.ts) == (Service.SMS, number_code("8613800000001"), DAY_TS)
    msc = read(record(KIND["MOSMSRecord"], IMSI, node(7, *PLACE, leaf(2, network())), leaf(9, stamp()),
                      leaf(12, sms_number("8613800000001")), leaf(14, 2)))  # fmt: skip
    assert (msc.svc, msc.cell, msc.rat) == (Service.SMS, "460-00-10-20", 2)
    unsaid = read(record(KIND["MTSMSRecord"], leaf(2, tbcd("460001234567890")), leaf(8, stamp())))
    assert (unsaid.svc, unsaid.peer) == (Service.SMS, 0)


def test_calls_begin_with_their_answer() -> None:
    called = leaf(5, number("8613800000001"))
    times = (leaf(22, stamp("260301075950")), leaf(23, stamp()), leaf(24, stamp("260301080100")))
    call = read(record(KIND["MOCallRecord"], IMSI, called, node(12, *PLACE), *times, leaf(25, 60)))
    assert (call.svc, call.peer, call.ts, call.dur) == (Service.VOICE, number_code("8613800000001"), DAY_TS, 60)
    assert call.cell == "10-20"  # the network is not told
    lost = read(record(KIND["MOCallRecord"], IMSI, called, times[0], leaf(25, 0)))
    assert lost.ts == DAY_TS - 10
    into = read(record(KIND["MTCallRecord"], IMSI, leaf(4, b"\x21\x81" + tbcd("10086")), leaf(20, stamp())))
    assert into.peer == number_code("10086")


@pytest.mark.parametrize(
    ("basic", "service"),
    [
        (leaf(3, b"\x11"), Service.VOICE),
        (leaf(3, b"\x22"), Service.SMS),
        (leaf(2, b"\x17"), Service.DATA),
        (leaf(9, b"\x17"), Service.VOICE),
    ],
)
def test_the_basic_service_says_what_a_call_was(basic: bytes, service: Service) -> None:
    assert read(record(KIND["MOCallRecord"], IMSI, node(14, basic), leaf(23, stamp()))).svc == service


BROKEN = node(12, b"\x30\x05" + leaf(3, 5))


@pytest.mark.parametrize(
    ("data", "code", "path"),
    [
        (node(76, leaf(0, 76)), "records.cdr_kind", "C76"),
        (record(KIND["PGWRecord"], record_type=84), "records.cdr_kind", "PGWRecord/recordType"),
        (node(79, leaf(3, tbcd("46000123"))), "records.cdr_kind", "PGWRecord/recordType"),
        (record(KIND["SGSNPDPRecord"], record_type=87), "records.cdr_kind", "SGSNPDPRecord/recordType"),
        (pgw(imsi=None, msisdn=None), "records.no_subscriber", "PGWRecord/servedIMSI"),
        (pgw(imsi="4600"), "records.imsi", "PGWRecord/servedIMSI"),
        (pgw(imsi="46000a234567890"), "records.imsi", "PGWRecord/servedIMSI"),
        (pgw(imsi="000000000000000"), "records.imsi", "PGWRecord/servedIMSI"),
        (pgw(msisdn="12345"), "records.msisdn", "PGWRecord/servedMSISDN"),
        (pgw(imei="12345"), "records.imei", "PGWRecord/servedIMEI"),
        (pgw(imei="86012345b7890120"), "records.imei", "PGWRecord/servedIMEI"),
        (pgw(opened=stamp("260231000000")), "records.start_time", "PGWRecord/recordOpeningTime"),
        (pgw(opened=b""), "records.start_time", "PGWRecord/recordOpeningTime"),
        (record(KIND["PGWRecord"], leaf(3, tbcd("46000123"))), "records.missing", "PGWRecord/recordOpeningTime"),
        (pgw(duration=-1), "records.number", "PGWRecord/duration"),
        (pgw(volumes=[(1, -1)]), "records.number", "PGWRecord/listOfTrafficVolumes"),
        (record(KIND["PGWRecord"], *gateway_fields(volumes=()), node(12, leaf(3, 1))), "records.number",
         "PGWRecord/listOfTrafficVolumes"),
        (pgw(rat=256), "records.rat", "PGWRecord/rATType"),
        (pgw(apn="no apn"), "records.peer", "PGWRecord/accessPointNameNI"),
        (pgw(serving=b"\xaa\xf0\x00"), "records.plmn", "PGWRecord/servingNodePLMNIdentifier"),
        (pgw(place=b"\x18\x64"), "records.cell", "PGWRecord/userLocationInformation"),
        (record(KIND["MOCallRecord"], IMSI, node(12, leaf(0, b"\1"), leaf(1, b"\0\1")), leaf(23, stamp())), "records.cell",
         "MOCallRecord/location"),
        (record(KIND["MOCallRecord"], IMSI, leaf(5, number("1")), leaf(23, stamp())), "records.peer",
         "MOCallRecord/calledNumber"),
        (record(KIND["SGSNSMORecord"], IMSI, leaf(18, b"\5"), leaf(11, stamp())), "records.peer",
         "SGSNSMORecord/destinationNumber"),
        (record(KIND["PGWRecord"], *gateway_fields(volumes=()), BROKEN), "records.ber_length", "PGWRecord"),
        (record(KIND["PGWRecord"], b"\x83\x05\x11"), "records.ber_length", "PGWRecord"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_used_is_named(data: bytes, code: str, path: str) -> None:
    error = fault(data)
    assert (error.code, error.tag_path) == (code, path)
    assert error.offset is not None
    assert 0 <= error.offset <= len(data)


def test_what_is_not_in_use_is_stepped_over() -> None:
    strange = (leaf(200, b"\xff" * 300), node(19, b"\x30\x7f"), leaf(99_999, b""))
    assert read(record(KIND["PGWRecord"], *gateway_fields(), *strange)) == read(pgw())
    doubled = record(KIND["PGWRecord"], *gateway_fields(), leaf(14, 999))
    assert read(doubled).dur == 60
    wrong_form = record(KIND["PGWRecord"], *gateway_fields(duration=7), node(14, leaf(0, 1)))
    assert read(wrong_form).dur == 7
    deep = b"\x30\x80" * 60
    refused = fault(record(KIND["PGWRecord"], leaf(3, tbcd("46000123")), b"\xac" + length_octets(len(deep)) + deep))
    assert refused.code == "records.ber_too_deep"
    assert sequence() == b"\x30\0"
    assert services((1, 2))
