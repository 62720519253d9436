from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards import peer_ranges
from tallyward.detect.cards.peer_ranges import (
    WIDEST_WRITTEN_OUT,
    ListTables,
    Range,
    ipv4_range,
    number_range,
    tables,
)
from tallyward.kernel.errors import CorruptError
from tallyward.records.schema import TAG_SHIFT, PeerTag

IPV4 = PeerTag.IPV4 << TAG_SHIFT


def lists_of(found: ListTables, peer: int) -> set[int]:
    entries = {one for one, listed in found.entries if listed == peer}
    return entries | {one.list for one in found.prefixes if one.low <= peer <= one.high}


def ranges_of(widest: int) -> st.SearchStrategy[list[Range]]:
    one = st.builds(
        lambda group, low, size: Range(group, low, low + size),
        st.integers(1, 3),
        st.integers(0, 60),
        st.integers(0, widest),
    )
    return st.lists(one, max_size=12)


@pytest.mark.parametrize("written_out", [1, 8, 1_000])
@given(ranges=ranges_of(20))
def test_tables_say_of_every_peer_on_which_lists_it_is(written_out: int, ranges: list[Range]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peer_ranges, "WIDEST_WRITTEN_OUT", written_out)
        found = tables(ranges)
    for peer in range(90):
        assert lists_of(found, peer) == {one.list for one in ranges if one.low <= peer <= one.high}


@given(ranges_of(20))
def test_no_entry_comes_twice_and_no_two_ranges_of_a_list_meet(ranges: list[Range]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peer_ranges, "WIDEST_WRITTEN_OUT", 6)
        found = tables(ranges)
    assert len(set(found.entries)) == len(found.entries)
    for one in found.prefixes:
        assert all(other is one or other.list != one.list or not met(one, other) for other in found.prefixes)
        assert not any(group == one.list and one.low <= peer <= one.high for group, peer in found.entries)


def met(one: Range, other: Range) -> bool:
    return one.low <= other.high + 1 and other.low <= one.high + 1


def test_wide_prefixes_stay_ranges_and_narrow_ones_are_written_out() -> None:
    narrow, wide = ipv4_range(1, "10.0.0.0/22"), ipv4_range(2, "10.0.0.0/21")
    found = tables([narrow, wide])
    assert narrow.high - narrow.low + 1 == WIDEST_WRITTEN_OUT == len(found.entries)
    assert found.prefixes == (wide,)


def test_neighbours_of_one_list_become_one_range() -> None:
    halves = [ipv4_range(1, "10.0.4.0/22"), ipv4_range(1, "10.0.0.0/22")]
    assert tables(halves).prefixes == (ipv4_range(1, "10.0.0.0/21"),)
    assert tables(halves).entries == ()


def test_lists_beyond_all_bounds_are_compared_as_ranges() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peer_ranges, "MOST_WRITTEN_OUT", 3)
        found = tables([Range(1, 10, 11), Range(1, 20, 21), Range(2, 11, 11)])
    assert found.entries == ((1, 10), (1, 11), (2, 11))
    assert found.prefixes == (Range(1, 20, 21),)


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_an_ipv4_prefix_is_its_addresses(address: int, length: int) -> None:
    network = IPv4Network((address, length), strict=False)
    made = ipv4_range(3, f"{IPv4Address(address)}/{length}")
    assert made == Range(3, IPV4 | int(network[0]), IPV4 | int(network[-1]))


def test_an_address_and_a_number_are_ranges_of_one() -> None:
    assert ipv4_range(3, "10.0.0.1") == Range(3, IPV4 | 0x0A000001, IPV4 | 0x0A000001)
    code = (PeerTag.NUMBER << TAG_SHIFT) | 8613800000000
    assert number_range(3, "+8613800000000") == number_range(3, "8613800000000") == Range(3, code, code)


def test_an_address_and_a_number_of_the_same_value_never_meet() -> None:
    found = tables([number_range(1, "1"), ipv4_range(2, "0.0.0.1")])
    assert len({peer for _, peer in found.entries}) == 2


@pytest.mark.parametrize("text", ["", "10.0.0", "10.0.0.256", "10.0.0.0/33", "10.0.0.0/-1", "::1", "a", "010.0.0.1"])
def test_what_is_no_ipv4_prefix_is_refused(text: str) -> None:
    with pytest.raises(CorruptError) as caught:
        ipv4_range(7, text)
    assert (caught.value.code, caught.value.parameters) == ("detect.list_entry", {"list": 7, "text": text})


@pytest.mark.parametrize("text", ["", "+", "++1", "1 2", "12a", "-1", "٣", "²", "1" * 16])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(CorruptError) as caught:
        number_range(7, text)
    assert (caught.value.code, caught.value.parameters["list"]) == ("detect.list_entry", 7)
    assert caught.value.sentence("en") != caught.value.sentence("zh-CN")
