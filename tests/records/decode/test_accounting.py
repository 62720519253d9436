import pytest

from tallyward.records.decode.accounting import Heard, Sessions, Told, usage_of
from tallyward.records.decode.issues import FieldError
from tallyward.records.decode.observed import Event
from tallyward.records.peers import tagged
from tallyward.records.schema import PeerTag, Quality
from tests.records.making import DAY_TS

NAMES = {name: name.upper() for name in ("imsi", "msisdn", "imei", "apn", "network", "rat", "place", "ts")}
PLACE = bytes.fromhex("8264f000000a64f00000000014")
GOOD = Told("460001234567890", "+8614412345678", "8601234567890120", "IoT.apn", "46000", 6, PLACE, DAY_TS, 60, 100, 200)


def test_all_values_become_a_row() -> None:
    assert usage_of(GOOD, NAMES) == Event(
        imsi=460001234567890,
        msisdn=8614412345678,
        ts=DAY_TS,
        dur=60,
        svc=0,
        imei_body=86012345678901,
        peer=tagged(PeerTag.APN, 0),
        peer_word="iot.apn",
        up=100,
        dn=200,
        cell="460-00-10-20",
        plmn=460000,
        quality=0,
        rat=6,
    )


def test_absent_values_are_absent_and_large_ones_saturate() -> None:
    bare = usage_of(Told(msisdn="8614412345678", ts=DAY_TS), NAMES)
    assert (bare.imsi, bare.imei_body, bare.peer, bare.cell, bare.plmn, bare.rat) == (0, 0, 0, None, 0, 0)
    assert usage_of(GOOD._replace(network=""), NAMES).plmn == 460000
    assert usage_of(GOOD._replace(place=b"\x77"), NAMES).cell is None
    full = usage_of(GOOD._replace(up=2**40), NAMES)
    assert (full.up, full.quality) == (2**32 - 1, Quality.SATURATED)


@pytest.mark.parametrize(
    ("changed", "code", "name"),
    [
        ({"imsi": "", "msisdn": ""}, "records.no_subscriber", "IMSI"),
        ({"imsi": "46000x"}, "records.imsi", "IMSI"),
        ({"imsi": "0" * 15}, "records.imsi", "IMSI"),
        ({"msisdn": "123456"}, "records.msisdn", "MSISDN"),
        ({"imei": "123"}, "records.imei", "IMEI"),
        ({"apn": "no apn"}, "records.peer", "APN"),
        ({"network": "4600"}, "records.plmn", "NETWORK"),
        ({"rat": 256}, "records.rat", "RAT"),
        ({"place": PLACE[:-1]}, "records.cell", "PLACE"),
        ({"ts": 0}, "records.start_time", "TS"),
        ({"ts": 2**32}, "records.start_time", "TS"),
        ({"ts": 2**32 - 10, "dur": 60}, "records.start_time", "TS"),
    ],
)
def test_what_cannot_be_used_is_named_as_the_protocol_names_it(
    changed: dict[str, object], code: str, name: str
) -> None:
    with pytest.raises(FieldError) as error:
        usage_of(GOOD._replace(**changed), NAMES)  # type: ignore[arg-type]
    assert (error.value.code, error.value.tag_path) == (code, name)


def test_messages_are_gathered_by_session_in_the_order_in_which_these_were_met() -> None:
    sessions, row = Sessions(), usage_of(GOOD, NAMES)
    for name in ("b", "a", "b"):
        sessions.add(name, GOOD, row)
    heard = Heard(DAY_TS + 60, 60, 100, 200, timed=True, wide=True, row=row)
    assert sessions.heard == {"b": [heard] * 2, "a": [heard]}
    assert heard.begun == DAY_TS
    assert list(sessions.heard) == ["b", "a"]
    assert sessions.alone == []
