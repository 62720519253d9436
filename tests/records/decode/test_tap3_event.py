from typing import Any

import pytest

from tallyward.records.decode.ber_walk import Walk
from tallyward.records.decode.issues import FieldError
from tallyward.records.decode.observed import Event
from tallyward.records.decode.tap3_event import (
    Batch,
    Fields,
    local_seconds,
    offset_seconds,
    read_event,
)
from tallyward.records.decode.tap3_tags import Tag
from tallyward.records.peers import number_code, tagged
from tallyward.records.schema import PeerTag, Quality, Service
from tests.records.decode.tap_writer import bcd, gprs, leaf, node, stamp, voice
from tests.records.making import DAY_TS

BATCH = Batch("CHNCM", "460-00", {1: 8 * 3600, 2: -(3 * 3600 + 1800)})


def read(data: bytes, batch: Batch = BATCH) -> Event:
    walk = Walk(data)
    return read_event(Fields(walk, walk.element(0, len(data)), 0), batch)


def fault(data: bytes) -> FieldError:
    with pytest.raises(FieldError) as error:
        read(data)
    return error.value


def test_a_gprs_call_gives_all_its_fields() -> None:
    assert read(gprs()) == Event(
        imsi=460001234567890,
        msisdn=0,
        ts=DAY_TS,
        dur=60,
        svc=Service.DATA,
        imei_body=86012345678901,
        peer=tagged(PeerTag.APN, 0),
        peer_word="iot.apn",
        up=100,
        dn=200,
        cell="460-00-10-20",
        plmn=460000,
        quality=0,
    )


def test_the_cell_is_named_by_the_sender_where_its_network_is_not_known() -> None:
    event = read(gprs(), Batch("CHNCM", "", BATCH.offsets))
    assert (event.cell, event.plmn) == ("CHNCM-10-20", 0)


@pytest.mark.parametrize(
    ("tag", "number", "said", "tele", "service", "peer"),
    [
        (Tag.MobileOriginatedCall, Tag.CalledNumber, bcd("8613800000000"), "11", Service.VOICE, "8613800000000"),
        (Tag.MobileOriginatedCall, Tag.DialledDigits, "10086", "11", Service.VOICE, "10086"),
        (Tag.MobileOriginatedCall, Tag.SMSDestinationNumber, "13800000000", "22", Service.SMS, "13800000000"),
        (Tag.MobileTerminatedCall, Tag.CallingNumber, bcd("8613800000001"), "11", Service.VOICE, "8613800000001"),
        (Tag.MobileTerminatedCall, Tag.SMSOriginator, "13800000001", "21", Service.SMS, "13800000001"),
        (Tag.MessagingEvent, Tag.NonChargedPartyNumber, bcd("13800000002"), "", Service.SMS, "13800000002"),
        (Tag.MobileSession, Tag.NonChargedPartyNumber, bcd("13800000003"), "", Service.VOICE, "13800000003"),
    ],
)
def test_calls_and_messages_name_their_peer(
    tag: Tag, number: Tag, said: bytes | str, tele: str, service: Service, peer: str
) -> None:
    event = read(voice(tag, number, said, tele=tele))
    assert (event.svc, event.peer) == (service, number_code(peer))


def test_an_alphanumeric_sender_is_a_word() -> None:
    assert read(voice(Tag.MobileTerminatedCall, Tag.SMSOriginator, "Bank24", tele="21")).peer_word == "bank24"


def test_a_bearer_call_carries_data() -> None:
    event = node(
        Tag.MobileOriginatedCall,
        leaf(Tag.Imsi, bcd("460001234567890")),
        stamp(Tag.CallEventStartTimeStamp),
        leaf(Tag.BearerServiceCode, "20"),
    )
    assert read(event).svc == Service.DATA


@pytest.mark.parametrize(
    ("tag", "time"),
    [
        (Tag.ServiceCentreUsage, Tag.DepositTimeStamp),
        (Tag.SupplServiceEvent, Tag.ChargingTimeStamp),
        (Tag.MessagingEvent, Tag.ServiceStartTimestamp),
    ],
)
def test_events_of_each_kind_know_their_time(tag: Tag, time: Tag) -> None:
    event = read(node(tag, leaf(Tag.Msisdn, bcd("8614412345678")), node(Tag.SupplServiceUsed, stamp(time, code=2))))
    assert event.ts == DAY_TS + (8 * 60 + 210) * 60
    assert event.msisdn == 8614412345678


def test_the_start_of_the_call_goes_before_other_times() -> None:
    other = stamp(Tag.ChargingTimeStamp, "20200101000000", 2)
    assert (
        read(node(Tag.GprsCall, leaf(Tag.Imsi, bcd("460001")), other, stamp(Tag.CallEventStartTimeStamp))).ts == DAY_TS
    )


def test_volumes_that_do_not_fit_saturate_and_say_so() -> None:
    event = read(
        node(
            Tag.GprsCall,
            leaf(Tag.Imsi, bcd("460001234567890")),
            stamp(Tag.CallEventStartTimeStamp),
            leaf(Tag.DataVolumeIncoming, 2**40),
        )
    )
    assert (event.dn, event.quality) == (2**32 - 1, Quality.SATURATED)


IMSI = leaf(Tag.Imsi, bcd("460001234567890"))
START = stamp(Tag.CallEventStartTimeStamp)


@pytest.mark.parametrize(
    ("inside", "code", "path"),
    [
        ((START,), "records.no_subscriber", "GprsCall/Imsi"),
        ((leaf(Tag.Imsi, b"\x46\xab"), START), "records.imsi", "GprsCall/Imsi"),
        ((leaf(Tag.Msisdn, b"\x12"), START), "records.msisdn", "GprsCall/Msisdn"),
        ((IMSI,), "records.missing", "GprsCall/CallEventStartTimeStamp"),
        (
            (IMSI, node(Tag.CallEventStartTimeStamp)),
            "records.missing",
            "GprsCall/CallEventStartTimeStamp/LocalTimeStamp",
        ),
        (
            (IMSI, stamp(Tag.CallEventStartTimeStamp, "20260230080000")),
            "records.start_time",
            "GprsCall/CallEventStartTimeStamp/LocalTimeStamp",
        ),
        (
            (IMSI, stamp(Tag.CallEventStartTimeStamp, "19690101000000")),
            "records.start_time",
            "GprsCall/CallEventStartTimeStamp/LocalTimeStamp",
        ),
        (
            (IMSI, stamp(Tag.CallEventStartTimeStamp, code=9)),
            "records.time_offset",
            "GprsCall/CallEventStartTimeStamp/UtcTimeOffsetCode",
        ),
        ((IMSI, START, leaf(Tag.DataVolumeIncoming, -2)), "records.number", "GprsCall/DataVolumeIncoming"),
        ((IMSI, START, leaf(Tag.Imei, b"\x86")), "records.imei", "GprsCall/Imei"),
        ((IMSI, START, leaf(Tag.AccessPointNameNI, "a b")), "records.peer", "GprsCall/AccessPointNameNI"),
        ((IMSI, START, leaf(Tag.CalledNumber, b"\xab")), "records.peer", "GprsCall/CalledNumber"),
        ((IMSI, START, leaf(Tag.LocationArea, 1), leaf(Tag.CellId, -1)), "records.cell", "GprsCall/CellId"),
    ],
)
def test_a_broken_field_is_named_by_its_path(inside: tuple[bytes, ...], code: str, path: str) -> None:
    error = fault(node(Tag.GprsCall, *inside))
    assert (error.code, error.tag_path) == (code, path)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("+0800", 28_800), ("-0330", -12_600), ("+0000", 0), ("+1500", None), ("+0060", None), ("0800", None), ("", None)],
)
def test_offsets_are_hours_and_minutes(text: str, seconds: int | None) -> None:
    assert offset_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "2026030108000", "20261301080000", "2026030108000x", "20260301240000"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert local_seconds(text) is None


def test_the_epoch_is_zero() -> None:
    moments: dict[str, Any] = {"19700101000000": 0, "20260301000000": DAY_TS}
    assert {text: local_seconds(text) for text in moments} == moments
