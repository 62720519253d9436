"""Diameter accounting: our own messages, with pycrate's dictionaries beside the codes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.kernel.ids import SourceId
from tallyward.records.decode import diameter_acr as acr
from tallyward.records.decode.diameter_acr import is_diameter, read_acr
from tallyward.records.decode.issues import Issues, RefusalError
from tallyward.records.model import Format
from tallyward.records.peers import number_code
from tallyward.records.schema import Service
from tallyward.records.service import RecordsService
from tests.records.decode.diameter_writer import (
    PACKET,
    avp,
    base,
    message,
    packet_request,
    sms_request,
    subscriber,
    time,
    totals_request,
    traffic,
)
from tests.records.decode.heard_rows import first_rows
from tests.records.making import DAY_TS, gz


def read(data: bytes) -> tuple[list[dict[str, Any]], Issues]:
    issues = Issues()
    return first_rows(read_acr(data, issues)), issues


def test_a_request_with_containers_gives_all_its_fields() -> None:
    used = (
        traffic(100, 200, avp(acr.FIRST_USAGE, time()), avp(acr.TIME_USAGE, 40)),
        traffic(1, 2, avp(acr.TIME_USAGE, 20)),
    )
    (row,), issues = read(packet_request(3, 1, *used, at=DAY_TS + 90))
    assert issues.count == 0
    assert (row["imsi"], row["msisdn"], row["imei"]) == (460001234567890, 8614412345678, 860123456789014)
    assert (row["ts"], row["dur"], row["up"], row["dn"]) == (DAY_TS, 60, 101, 202)
    assert (row["peer_word"], row["cell"], row["plmn"], row["rat"]) == ("iot.apn", "460-00-10-20", 460000, 6)


def test_containers_are_what_came_since_and_totals_are_since_the_beginning() -> None:
    since = (
        packet_request(3, 1, traffic(1, 1)) + packet_request(3, 2, traffic(2, 2)) + packet_request(4, 3, traffic(4, 4))
    )
    assert sum(row["up"] for row in read(since)[0]) == 7
    totals = totals_request(3, 1, 10, 1, 1) + totals_request(3, 2, 20, 3, 3) + totals_request(4, 3, 30, 7, 7)
    found = [(row["ts"], row["dur"], row["up"]) for row in read(totals)[0]]
    assert found == [(DAY_TS, 10, 1), (DAY_TS + 10, 10, 2), (DAY_TS + 20, 10, 4)]
    unfinished = totals_request(3, 2, 20, 3, 3) + totals_request(3, 1, 10, 1, 1)
    assert [row["up"] for row in read(unfinished)[0]] == [1, 2]
    untimed = message(*base(4), subscriber(), avp(acr.INPUT, 2**32 + 1))
    ((heard,),) = read_acr(untimed, Issues()).heard.values()
    assert (heard.timed, heard.wide, heard.up) == (False, True, 2**32 + 1)
    assert read(totals_request(2, 0, 0, 0, 0))[0] == []
    nameless = totals_request(4, 0, 5, 1, 1, session="") + totals_request(4, 0, 5, 2, 2, session="")
    assert [row["up"] for row in read(nameless)[0]] == [1, 2]


def test_a_message_sent_again_counts_once() -> None:
    one = packet_request(3, 1, traffic(5, 5))
    assert len(read(one + one)[0]) == 1


def test_service_data_counts_where_it_is_alone() -> None:
    by_service = avp(acr.SERVICE_DATA, avp(acr.INPUT, 7), avp(acr.OUTPUT, 8))
    assert read(packet_request(4, 1, by_service))[0][0]["up"] == 7
    assert read(packet_request(4, 1, by_service, traffic(9, 9)))[0][0]["up"] == 9


def test_short_messages_name_the_other_side() -> None:
    out, into = read(sms_request(0))[0][0], read(sms_request(3))[0][0]
    assert (out["svc"], out["peer"], out["ts"]) == (Service.SMS, number_code("10086"), DAY_TS)
    assert into["peer"] == number_code("8613800000001")


def test_an_imei_may_come_packed() -> None:
    packed = avp(acr.EQUIPMENT, avp(acr.EQUIPMENT_VALUE, bytes.fromhex("6810325476981002")))
    request = message(*base(4), avp(acr.SERVICE, subscriber(), avp(acr.PACKET, packed, traffic(1, 1))))
    assert read(request)[0][0]["imei"] // 10 == 86012345678901


def test_times_go_on_after_2036() -> None:
    late = 2_100_000_000
    assert read(packet_request(4, 1, traffic(1, 1), at=late))[0][0]["ts"] == late


BAD_PLACE = (avp(acr.PLACE, b"\x82"), traffic(1, 1))


@pytest.mark.parametrize(
    ("bad", "code", "field"),
    [
        (message(*base(1), subscriber()), "records.diameter_kind", "Service-Information"),
        (message(command=280), "records.diameter_kind", ""),
        (message(*base(3), flags=0x40), "records.diameter_kind", ""),
        (message(*base(9)), "records.detail_status", "Accounting-Record-Type"),
        (message(avp(acr.RECORD_TYPE, b"\4")), "records.number", "Accounting-Record-Type"),
        (packet_request(4, 9, traffic(1, 1), who=b""), "records.no_subscriber", "Subscription-Id"),
        (packet_request(4, 9, traffic(1, 1), who=subscriber(imsi="12")), "records.imsi", "Subscription-Id"),
        (message(*base(4), avp(acr.SERVICE, subscriber(), avp(acr.PACKET, *BAD_PLACE))), "records.cell", "3GPP-User-Location-Info"),
        (message(avp(acr.RECORD_TYPE, 4), subscriber()), "records.missing", "Event-Timestamp"),
        (message(avp(acr.RECORD_TYPE, 4), avp(acr.EVENT_TIME, b"\1"), subscriber()), "records.start_time", "Event-Timestamp"),
        (message(*base(4), subscriber(), avp(acr.INPUT, b"\1\2")), "records.number", "Accounting-Input-Octets"),
        (sms_request(0, recipient="?"), "records.peer", "Address-Data"),
        (message(b"\0\0\1\x07\x40\xff\xff\xff"), "records.avp_length", "263"),
        (message(b"\0\0\1\x07\x40\0\0\x04"), "records.avp_length", "263"),
        (message(b"\0\0\1\x07"), "records.avp_length", "263"),
        (message(avp(1, "") * 2_001), "records.avp_length", "1"),
        (message(avp(acr.SERVICE, avp(acr.SERVICE, avp(acr.SERVICE, avp(acr.SERVICE, avp(acr.SERVICE, avp(
            acr.SERVICE, avp(acr.SERVICE, avp(acr.SERVICE, avp(acr.SERVICE, avp(acr.SERVICE))))))))))),
         "records.ber_too_deep", ""),
    ],
)  # fmt: skip
def test_a_broken_message_is_put_aside_and_the_others_go_on(bad: bytes, code: str, field: str) -> None:
    good = packet_request(4, 1, traffic(1, 1))
    rows, issues = read(good + bad + packet_request(4, 2, traffic(1, 1)))
    assert len(rows) == 2
    (issue,) = issues.kept
    assert (issue.code, issue.field, issue.record) == (code, field, 2)
    assert issue.offset is not None
    assert issue.offset >= len(good)


GOLDEN = packet_request(3, 1, traffic(1, 2)) + totals_request(4, 1, 10, 1, 2, session="x") + sms_request(0)


@pytest.mark.parametrize(
    "data", [b"\2" + GOLDEN[1:], GOLDEN + b"\1", GOLDEN[:-4], b"\1\0\0\x10" + bytes(12), b"\1\0\0\x15" + bytes(17)]
)
def test_a_file_whose_next_message_has_no_place_is_refused(data: bytes) -> None:
    with pytest.raises(RefusalError) as error:
        read(data)
    assert error.value.code == "records.diameter_structure"


def test_no_truncation_passes_but_between_messages() -> None:
    borders = {0, len(packet_request(3, 1, traffic(1, 2))), len(GOLDEN) - len(sms_request(0))}
    for end in range(len(GOLDEN)):
        if end not in borders:
            with pytest.raises(RefusalError):
                read(GOLDEN[:end])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOLDEN) - 1), st.integers(1, 255)), min_size=1, max_size=5))
def test_flipped_bytes_never_break_the_decoder(flips: list[tuple[int, int]]) -> None:
    data = bytearray(GOLDEN)
    for place, mask in flips:
        data[place] ^= mask
    try:
        rows, issues = read(bytes(data))
        assert len(rows) + issues.count <= 3
        assert all(0 < row["ts"] < 2**32 for row in rows)
    except RefusalError as error:
        assert error.sentence("en") != error.code


def test_a_file_is_told_by_its_first_message(records: RecordsService, source: SourceId) -> None:
    assert is_diameter(GOLDEN)
    assert not any(is_diameter(head) for head in (b"", GOLDEN[:19], b"\1" + bytes(40), message(*base(3), flags=0x40)))
    report = records.take_bytes(source, "acr.bin", GOLDEN + sms_request(0, recipient="?", number=1))
    assert (report.format, report.records, report.refused) == (Format.DIAMETER, 3, 1)
    assert records.take_bytes(source, "acr.bin.gz", gz(GOLDEN)).duplicates == 3


def test_codes_are_those_of_the_dictionaries() -> None:
    tgpp = pytest.importorskip("pycrate_diameter.Diameter3GPP", reason="the oracle: pip install pycrate")
    names = next(
        found
        for name in dir(tgpp)
        if isinstance(found := getattr(tgpp, name), dict) and isinstance(found.get(2040), tuple)
    )
    assert {code: names[code[0]][0] for code in (
        acr.SERVICE, acr.PACKET, acr.SMS, acr.TRAFFIC, acr.SERVICE_DATA, acr.FIRST_USAGE, acr.TIME_USAGE, acr.RECIPIENT,
        acr.RECIPIENT_ADDRESS, acr.ORIGINATOR, acr.ADDRESS, acr.MESSAGE_TYPE)} == {
        acr.SERVICE: "Service-Information",
        acr.PACKET: "PS-Information",
        acr.SMS: "SMS-Information",
        acr.TRAFFIC: "Traffic-Data-Volumes",
        acr.SERVICE_DATA: "Service-Data-Container",
        acr.FIRST_USAGE: "Time-First-Usage",
        acr.TIME_USAGE: "Time-Usage",
        acr.RECIPIENT: "Recipient-Info",
        acr.RECIPIENT_ADDRESS: "Recipient-Address",
        acr.ORIGINATOR: "Originator-Received-Address",
        acr.ADDRESS: "Address-Data",
        acr.MESSAGE_TYPE: "SM-Message-Type",
    }  # fmt: skip
    assert PACKET
