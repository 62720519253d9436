"""Group lists as ranges of peer codes: an address or number is a range of one.

Prefixes up to `WIDEST_WRITTEN_OUT` addresses are written out peer by peer and looked up, wider ones searched. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from tallyward.kernel.errors import CorruptError
from tallyward.records.schema import TAG_SHIFT, PeerTag

WIDEST_WRITTEN_OUT: Final = 1024
MOST_WRITTEN_OUT: Final = 1_000_000
"""Peers in all; lists beyond that are searched as ranges."""


@dataclass(frozen=True, slots=True)
class Range:
    """Peers `low` to `high`, both included, on list `list`."""

    list: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ListTables:
    """`entries`: (list, peer). `prefixes`: wide; those of a list do not overlap, and hold none of its entries."""

    entries: tuple[tuple[int, int], ...]
    prefixes: tuple[Range, ...]


def ipv4_range(list_id: int, text: str) -> Range:
    """The addresses of `192.0.2.1` or `192.0.2.0/24`; refuses with `detect.list_entry`."""
    try:
        network = IPv4Network(text, strict=False)
    except ValueError:
        raise CorruptError("detect.list_entry", list=list_id, text=text[:60]) from None
    tag = PeerTag.IPV4 << TAG_SHIFT
    return Range(list_id, tag | int(network.network_address), tag | int(network.broadcast_address))


def number_range(list_id: int, text: str) -> Range:
    """One number; refuses with `detect.list_entry`."""
    digits = text.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):  # noqa: PLR2004 - ITU-T E.164's longest
        raise CorruptError("detect.list_entry", list=list_id, text=text[:60])
    code = (PeerTag.NUMBER << TAG_SHIFT) | int(digits)
    return Range(list_id, code, code)


def tables(ranges: Iterable[Range]) -> ListTables:
    """The tables of all lists."""
    entries: list[tuple[int, int]] = []
    prefixes: list[Range] = []
    for one in _merged(ranges):
        size = one.high - one.low + 1
        if size <= WIDEST_WRITTEN_OUT and len(entries) + size <= MOST_WRITTEN_OUT:
            entries += [(one.list, peer) for peer in range(one.low, one.high + 1)]
        else:
            prefixes.append(one)
    return ListTables(tuple(entries), tuple(prefixes))


def _merged(ranges: Iterable[Range]) -> list[Range]:
    """Overlapping and touching ranges of one list as one."""
    lists: defaultdict[int, list[Range]] = defaultdict(list)
    for one in ranges:
        lists[one.list].append(one)
    merged: list[Range] = []
    for list_id, own in sorted(lists.items()):
        kept: list[Range] = []
        for one in sorted(own, key=lambda each: each.low):
            if kept and one.low <= kept[-1].high + 1:
                kept[-1] = Range(list_id, kept[-1].low, max(kept[-1].high, one.high))
            else:
                kept.append(one)
        merged += kept
    return merged
