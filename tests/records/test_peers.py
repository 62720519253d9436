import ipaddress

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.records.peers import (
    apn_text,
    ipv4_code,
    ipv6_text,
    number_code,
    peer_text,
    read_peers,
    tagged,
    word_id,
)
from tallyward.records.schema import PeerTag


@given(st.lists(st.ip_addresses(v=4), min_size=1, max_size=20))
def test_columns_and_single_texts_read_ipv4_the_same_way(addresses: list[ipaddress.IPv4Address]) -> None:
    read = read_peers(pa.array([str(a) for a in addresses]))
    assert read.good.all()
    assert read.codes.tolist() == [ipv4_code(str(a)) for a in addresses]
    assert [peer_text(int(code), None) for code in read.codes] == [str(a) for a in addresses]


def test_each_kind_is_told_apart() -> None:
    texts = ["10.0.0.1", "+8613800000000", "10086", "IoT.APN", "2001:DB8:0:0::1", "", None]
    read = read_peers(pa.array(texts, pa.string()))
    assert read.good.all()
    assert [int(code) >> 60 for code in read.codes] == [
        PeerTag.IPV4,
        PeerTag.NUMBER,
        PeerTag.NUMBER,
        PeerTag.APN,
        PeerTag.IPV6,
        0,
        0,
    ]
    assert read.texts.tolist() == [None, None, None, "iot.apn", "2001:db8::1", None, None]
    assert peer_text(int(read.codes[1]), None) == "8613800000000"


@pytest.mark.parametrize(
    "text", ["10.0.0.256", "10.0.0", "1.2.3.4.5", "01.2.3.4", "12", "1" * 16, "a b", ":::", "-x", "中文"]
)
def test_what_is_no_peer_is_told(text: str) -> None:
    assert not read_peers(pa.array([text])).good[0]


def test_single_texts_that_are_no_peer_give_none() -> None:
    assert ipv4_code("10.0.0.256") is None
    assert number_code("٣٤٥٦") is None
    assert ipv6_text("10.0.0.1") is None
    assert apn_text("a" * 101) is None


def test_words_come_from_the_dictionary() -> None:
    code = tagged(PeerTag.APN, 12)
    assert peer_text(code, "iot.apn") == "iot.apn"
    assert peer_text(code, None) == "#12"
    assert word_id(code) == 12
    assert peer_text(0, None) == ""
