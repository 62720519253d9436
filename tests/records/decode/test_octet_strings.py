import pytest

from tallyward.records.decode.octet_strings import (
    address,
    apn_peer,
    moment,
    network,
    network_number,
    number_peer,
    short_message_address,
    tbcd,
)
from tallyward.records.peers import number_code, tagged
from tallyward.records.schema import PeerTag
from tests.records.decode import cdr_writer
from tests.records.making import DAY_TS


def test_tbcd_gives_digits_and_nothing_else() -> None:
    assert tbcd(bytes.fromhex("64002143658709f1")) == "460012345678901"
    assert tbcd(b"\xff\xff") == ""
    assert tbcd(b"\xa1") is None
    assert tbcd(cdr_writer.tbcd("8601234567890120")) == "8601234567890120"


def test_an_address_may_have_an_octet_of_presentation() -> None:
    assert address(b"\x91" + cdr_writer.tbcd("8613800000000")) == "8613800000000"
    assert address(b"\x21\x81" + cdr_writer.tbcd("10086")) == "10086"
    assert address(b"") is None
    assert address(b"\x91\xaa") is None


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (cdr_writer.sms_number("10086"), "10086"),
        (cdr_writer.sms_number("861064"), "861064"),
        (bytes.fromhex("04d00082"), None),  # letters that ASCII has not
        (b"\x05", None),
        (b"\x09\x91\x21", None),
        (b"\x02\x91\xa1", None),
    ],
)
def test_addresses_of_short_messages(octets: bytes, said: str | None) -> None:
    assert short_message_address(octets) == said


def test_a_sender_of_letters_is_read() -> None:
    septets = 0
    for place, letter in enumerate("Meter"):
        septets |= ord(letter) << (7 * place)
    packed = septets.to_bytes(5, "little")
    assert short_message_address(bytes([9, 0xD0]) + packed) == "Meter"
    assert number_peer("Meter") == (tagged(PeerTag.APN, 0), "meter")


def test_networks_have_two_or_three_digits_of_mnc() -> None:
    assert network(bytes.fromhex("64f000")) == ("460", "00")
    assert network(bytes.fromhex("130062")) == ("310", "260")
    assert network_number(bytes.fromhex("64f000")) == 460000
    assert network(bytes.fromhex("64f0")) is None
    assert network_number(bytes.fromhex("64fa00")) is None
    assert network(cdr_writer.network("234", "015")) == ("234", "015")


@pytest.mark.parametrize(
    ("local", "offset", "seconds"),
    [
        ("260301080000", "+0800", DAY_TS),
        ("260228203000", "-0330", DAY_TS),
        ("000229000000", "+0000", 951_782_400),
        ("991231235959", "+0000", 4_102_444_799),
        ("260229000000", "+0000", None),
        ("261301000000", "+0000", None),
        ("261701000000", "+0000", None),
        ("260301240000", "+0000", None),
        ("260301080000", "+1500", None),
        ("260301080000", "+0860", None),
        ("260301080000", "x0800", None),
        ("2603010800a0", "+0800", None),
    ],
)
def test_time_stamps_are_local_and_carry_their_offset(local: str, offset: str, seconds: int | None) -> None:
    assert moment(cdr_writer.stamp(local, offset)) == seconds


def test_peers_are_numbers_or_words() -> None:
    assert moment(b"") is None
    assert number_peer("10086") == (number_code("10086"), None)
    assert number_peer("12") is None
    assert number_peer("1" * 16) is None
    assert number_peer("") is None
    assert apn_peer("IoT.apn") == (tagged(PeerTag.APN, 0), "iot.apn")
    assert apn_peer("no apn") is None
