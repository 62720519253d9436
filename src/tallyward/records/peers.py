"""Peers as people write them and as records hold them: an IPv4 or IPv6 address, a number, an APN. Pure.

IPv4 addresses and numbers are their own codes. IPv6 addresses and APNs need a dictionary (`words.py`), so here they
come out as a kind and a canonical text.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tallyward.records.schema import TAG_SHIFT, PeerTag

_OCTET: Final = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4: Final = rf"^{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}$"
_NUMBER: Final = r"^\+?[0-9]{3,15}$"
_APN: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,98}[a-z0-9_])?")
_VALUE: Final = (1 << TAG_SHIFT) - 1


def tagged(tag: PeerTag, value: int) -> int:
    """The code of a peer."""
    return (tag << TAG_SHIFT) | value


def ipv6_text(text: str) -> str | None:
    """The canonical form of an IPv6 address (RFC 5952), or None."""
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        return None


def apn_text(text: str) -> str | None:
    """The canonical form of an access point name, lower case (3GPP TS 23.003 clause 9.1), or None."""
    lower = text.lower()
    return lower if _APN.fullmatch(lower) else None


def ipv4_code(text: str) -> int | None:
    """The code of a dotted IPv4 address, or None."""
    try:
        return tagged(PeerTag.IPV4, int(ipaddress.IPv4Address(text)))
    except ValueError:
        return None


def number_code(text: str) -> int | None:
    """The code of an E.164 number or short code of 3 to 15 digits, or None."""
    if not re.fullmatch(_NUMBER, text, re.ASCII):
        return None
    return tagged(PeerTag.NUMBER, int(text.removeprefix("+")))


@dataclass(frozen=True, slots=True)
class PeerTexts:
    """Peers read from texts. `codes`: whole codes, or the bare tag where `texts` (object array) holds a word.

    `good` is False where a text is no peer. An empty text is a good absent peer, code 0.
    """

    codes: NDArray[np.uint64]
    texts: NDArray[np.object_]
    good: NDArray[np.bool_]


def read_peers(values: pa.StringArray) -> PeerTexts:
    """Read texts, nulls as empty."""
    values = pc.fill_null(values, "")
    size = len(values)
    codes = np.zeros(size, np.uint64)
    texts = np.full(size, None, object)
    good = np.ones(size, np.bool_)
    ipv4 = _mask(pc.match_substring_regex(values, _IPV4))
    if ipv4.any():
        parts = pc.split_pattern(values.filter(pa.array(ipv4)), ".").flatten().cast(pa.uint32()).to_numpy()
        octets = parts.reshape(-1, 4).astype(np.uint64)
        shifts = np.array([24, 16, 8, 0], np.uint64)
        codes[ipv4] = (octets << shifts).sum(axis=1, dtype=np.uint64) | np.uint64(tagged(PeerTag.IPV4, 0))
    number = _mask(pc.match_substring_regex(values, _NUMBER))
    if number.any():
        digits = pc.utf8_ltrim(values.filter(pa.array(number)), "+").cast(pa.uint64()).to_numpy()
        codes[number] = digits | np.uint64(tagged(PeerTag.NUMBER, 0))
    rest = ~ipv4 & ~number & _mask(pc.not_equal(values, ""))
    for at in np.flatnonzero(rest):
        codes[at], texts[at] = _word(values[int(at)].as_py())
        good[at] = texts[at] is not None
    return PeerTexts(codes, texts, good)


def peer_text(code: int, word: str | None) -> str:
    """A peer as people write it; `word` is its dictionary text. Empty for an absent peer."""
    tag, value = code >> TAG_SHIFT, code & _VALUE
    if tag == PeerTag.IPV4:
        return str(ipaddress.IPv4Address(value & 0xFFFFFFFF))
    if tag == PeerTag.NUMBER:
        return str(value)
    if tag in {PeerTag.APN, PeerTag.IPV6}:
        return word if word is not None else f"#{value}"
    return ""


def word_id(code: int) -> int:
    """The dictionary id in a code."""
    return code & _VALUE


def _word(text: str) -> tuple[int, str | None]:
    if ":" in text:
        return tagged(PeerTag.IPV6, 0), ipv6_text(text)
    if all(c in "0123456789." for c in text):
        return 0, None  # a broken IPv4 address must not pass as an APN
    return tagged(PeerTag.APN, 0), apn_text(text)


def _mask(values: pa.BooleanArray) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = values.to_numpy(zero_copy_only=False)
    return found
