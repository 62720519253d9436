import pytest

from tallyward.records.decode.cdr_kinds import Kind
from tallyward.records.decode.cdr_parties import peers, services
from tallyward.records.peers import number_code, tagged
from tallyward.records.schema import PeerTag, Service
from tests.records.decode.cdr_writer import KIND, leaf, node, number, pgw, record, sms_number, tbcd
from tests.records.decode.lockstep_making import values_of

PGW, CALL, SMS = KIND["PGWRecord"], KIND["MOCallRecord"], KIND["SGSNSMORecord"]


def read(kind: Kind, records: list[bytes]) -> tuple[list[int], list[int], list[str | None], list[bool]]:
    values = values_of(kind, records)
    service = services(values, kind)
    codes, words = peers(values, service)
    return service.tolist(), codes.tolist(), words.to_pylist(), values.sure.tolist()


def test_access_points_of_data() -> None:
    service, codes, words, sure = read(
        PGW, [pgw(apn="IoT.apn"), pgw(apn="b"), pgw(apn=None), pgw(apn="no apn"), pgw(apn="")]
    )
    assert service == [Service.DATA] * 5
    assert codes[:3] == [tagged(PeerTag.APN, 0), tagged(PeerTag.APN, 0), 0]
    assert words[:3] == ["iot.apn", "b", None]
    assert sure == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("party", "said"),
    [
        (number("8613800000001"), "8613800000001"),
        (number("100"), "100"),
        (b"\x21\x81" + tbcd("10086"), "10086"),
        (number("12"), None),
        (number("1" * 16), None),
        (number("12a4"), None),
        (b"\x21\x81", None),
        (b"\x91", None),
        (b"", None),
    ],
)
def test_numbers_of_calls(party: bytes, said: str | None) -> None:
    _, codes, _, sure = read(CALL, [record(CALL, leaf(5, party)), record(CALL)])
    assert sure == [said is not None, True]
    assert said is None or codes == [number_code(said), 0]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (sms_number("10086"), "10086"),
        (sms_number("861234"), "861234"),
        (b"\x06" + sms_number("10086")[1:], None),  # a digit more is said than there is
        (b"\x09\xd0" + b"\x4d\xb2\xbc\x2c\x07", None),  # letters
        (b"\x00\x91", None),
        (b"\x05", None),
    ],
)
def test_addresses_of_short_messages(address: bytes, said: str | None) -> None:
    service, codes, _, sure = read(SMS, [record(SMS, leaf(18, address)), record(SMS)])
    assert service == [Service.SMS] * 2
    assert sure == [said is not None, True]
    assert said is None or codes == [number_code(said), 0]


@pytest.mark.parametrize(
    ("basic", "service"),
    [
        (leaf(3, b"\x11"), Service.VOICE),
        (leaf(3, b"\x22"), Service.SMS),
        (leaf(2, b"\x17"), Service.DATA),
        (leaf(4, b"\x17"), None),
        (leaf(3, b""), None),
        (leaf(3, b"\x11\x12"), None),
        (b"", None),
    ],
)
def test_basic_services(basic: bytes, service: Service | None) -> None:
    found, _, _, sure = read(CALL, [record(CALL, node(14, basic)), record(CALL)])
    assert sure == [service is not None, True]
    assert found[1] == Service.VOICE
    assert service is None or found[0] == service
