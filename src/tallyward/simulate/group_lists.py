"""Group lists: which peers the directed cards of an industry user may reach, and peers just off each list."""

from dataclasses import dataclass
from enum import IntEnum
from ipaddress import ip_address
from typing import Final

import numpy as np

from tallyward.records.schema import TAG_SHIFT, PeerTag
from tallyward.registry.model import PeerKind
from tallyward.simulate.draws import I64
from tallyward.simulate.enterprises import FIRMS, FIRST_USER, USERS_PER_PRODUCT
from tallyward.simulate.products import PRODUCTS

POOL: Final = 64
"""Peers known of a list with a prefix; a list of single entries has as many as entries."""

_TAG_IPV4: Final = int(PeerTag.IPV4) << TAG_SHIFT
_TAG_NUMBER: Final = int(PeerTag.NUMBER) << TAG_SHIFT
_TAG_APN: Final = int(PeerTag.APN) << TAG_SHIFT
_TAG_IPV6: Final = int(PeerTag.IPV6) << TAG_SHIFT
_VALUE: Final = (1 << TAG_SHIFT) - 1

OPEN_NET: Final = _TAG_IPV4 | int(ip_address("198.18.0.0"))  # 131,072 addresses that stand for the open internet
_STRANGE_NET: Final = _TAG_IPV4 | int(ip_address("203.0.112.0"))  # 512 addresses that are on no list
STRANGE_APN: Final = ("cmnet", "public.example.apn")


class ListForm(IntEnum):
    """What the entries of a user's data list are."""

    ADDRESSES = 0
    PREFIX = 1
    NAMES = 2  # APNs and IPv6 addresses too; plain addresses where peers have no durable dictionary


@dataclass(frozen=True, slots=True)
class PeerList:
    """One group list: its entries as texts, peers that are on it as tagged codes, and one that just is not."""

    firm: int
    code: str
    entries: tuple[tuple[PeerKind, str], ...]
    members: tuple[int, ...]
    edge: int


class PeerLists:
    """All lists. List number 2u is user u's for data, 2u + 1 for SMS and voice; ids are numbers plus one."""

    def __init__(self, *, names: bool) -> None:
        """`names` allows APN and IPv6 peers, which need the durable dictionary of the records room."""
        self._names: list[str] = []
        users = len(PRODUCTS) * USERS_PER_PRODUCT
        self.lists = tuple(made for user in range(users) for made in (self._net(user, names=names), _numbers(user)))
        self.size: I64 = np.array([len(made.members) for made in self.lists], dtype=np.int64)
        self.pool: I64 = np.array([_cycled(made.members) for made in self.lists], dtype=np.int64)
        self.edge: I64 = np.array([made.edge for made in self.lists], dtype=np.int64)
        self.strange_names: I64 = np.array([self._named(_TAG_APN, text) for text in STRANGE_APN] if names else [])

    def text(self, code: int) -> str:
        """A peer as people and record files write it."""
        tag, value = code & ~_VALUE, code & _VALUE
        if tag == _TAG_IPV4:
            return str(ip_address(value))
        return str(value) if tag == _TAG_NUMBER else self._names[value]

    def _named(self, tag: int, text: str) -> int:
        if text not in self._names:
            self._names.append(text)
        return tag | self._names.index(text)

    def _net(self, user: int, *, names: bool) -> PeerList:
        base = int(ip_address(f"10.{20 + user}.0.0"))
        single = tuple(base + 10 + 3 * step for step in range(6 + user % 4))
        entries = [(PeerKind.IPV4, str(ip_address(address))) for address in single]
        members = [_TAG_IPV4 | address for address in single]
        form = list_form(user)
        if form is ListForm.PREFIX:
            entries.append((PeerKind.IPV4, f"10.{20 + user}.16.0/25"))
            members = [_TAG_IPV4 | (base + 16 * 256 + 1 + step) for step in range(POOL)]
        elif form is ListForm.NAMES and names:
            apn, address = f"iot{user}.example.apn", f"2001:db8:{user + 1:x}::10"
            entries += [(PeerKind.APN, apn), (PeerKind.IPV6, address)]
            members += [self._named(_TAG_APN, apn), self._named(_TAG_IPV6, address)]
        edge = _TAG_IPV4 | (base + 16 * 256 + 128)  # the first address past the prefix
        return PeerList(FIRST_USER + user, f"{_code(user)}-net", tuple(entries), tuple(members), edge)


def _numbers(user: int) -> PeerList:
    numbers = [106_900_000_000 + user * 100 + step for step in range(4)] + [86_400_800_0000 + user]
    entries = tuple((PeerKind.NUMBER, str(number)) for number in numbers)
    edge = 106_900_000_000 + user * 100 + len(numbers)
    members = tuple(_TAG_NUMBER | number for number in numbers)
    return PeerList(FIRST_USER + user, f"{_code(user)}-num", entries, members, _TAG_NUMBER | edge)


def _code(user: int) -> str:
    return FIRMS[FIRST_USER + user].code.removeprefix("iu-")


def _cycled(members: tuple[int, ...]) -> list[int]:
    return [members[step % len(members)] for step in range(POOL)]


def list_form(user: int) -> ListForm:
    """The form of a user's data list: of five users of a product two use addresses, two a prefix, one names."""
    return ListForm(user % USERS_PER_PRODUCT % 3)


def open_peers(keys: I64, steps: I64) -> I64:
    """Peers of the open internet, all different for the steps (below 131,072) of one key."""
    return OPEN_NET | ((keys + steps * 7919) & 0x1FFFF)


def strange_addresses(keys: I64, steps: I64) -> I64:
    """Addresses on no list, all different for the steps (below 512) of one key."""
    return _STRANGE_NET | ((keys + steps * 37) & 0x1FF)


def open_numbers(keys: I64, steps: I64) -> I64:
    """Telephone numbers of people, on no list, all different for the steps (below 1,000) of one key."""
    return _TAG_NUMBER | (8_613_000_000_000 + (keys * 1_000 + steps) % 1_000_000_000)
