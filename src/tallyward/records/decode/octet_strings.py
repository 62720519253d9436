"""What the octet strings of mobile networks say: numbers in TBCD, addresses, networks, times. Pure; None where broken.

Sources: 3GPP TS 29.002 clause 17.7.8 (TBCD, AddressString), TS 24.008 clause 10.5.4 (party numbers), TS 23.040 clause
9.1.2.5 (addresses of short messages), TS 29.060 clause 7.7 (networks), TS 32.298 clause 5.1.2.2.42 (time stamps).
"""

from datetime import UTC, datetime
from typing import Final

from tallyward.records.peers import apn_text, number_code, tagged
from tallyward.records.schema import PeerTag

TIME_OCTETS: Final = 9
PLMN_OCTETS: Final = 3
MOST_OFFSET_HOURS: Final = 14
_SWAPPED: Final = bytes((octet & 0x0F) << 4 | octet >> 4 for octet in range(256))
_NO_FURTHER_OCTET: Final = 0x80
_ALPHANUMERIC: Final = 5
_SEPTETS: Final = 7


def tbcd(octets: bytes) -> str | None:
    """The digits of a TBCD string, the first one in the low half of its octet; fillers at the end are dropped."""
    found = octets.translate(_SWAPPED).hex().rstrip("f")
    return found if not found or found.isdigit() else None


def address(octets: bytes) -> str | None:
    """The digits of an address or party number behind its octet (or two) of type, plan, presentation, screening."""
    if not octets:
        return None
    return tbcd(octets[1 if octets[0] & _NO_FURTHER_OCTET else 2 :])


def short_message_address(octets: bytes) -> str | None:
    """The digits, or the letters, of the destination or originator of a short message."""
    if len(octets) < 2:  # noqa: PLR2004 - how long it is and of which type
        return None
    if (octets[1] >> 4) & 0x07 == _ALPHANUMERIC:
        return _letters(octets[2:], octets[0] * 4 // _SEPTETS)
    found = octets[2:].translate(_SWAPPED).hex()[: octets[0]]
    return found if len(found) == octets[0] and found.isdigit() else None


def _letters(octets: bytes, count: int) -> str | None:
    """Septets of the default alphabet, where they are such as ASCII has too."""
    bits = int.from_bytes(octets, "little")
    found = bytes((bits >> (at * _SEPTETS)) & 0x7F for at in range(min(count, len(octets) * 8 // _SEPTETS)))
    return found.decode("ascii") if all(chr(octet).isalnum() or octet == ord(" ") for octet in found) else None


def network(octets: bytes) -> tuple[str, str] | None:
    """The digits of MCC and MNC."""
    if len(octets) != PLMN_OCTETS:
        return None
    low, mid, high = octets
    mcc = f"{low & 15:x}{low >> 4:x}{mid & 15:x}"
    mnc = f"{high & 15:x}{high >> 4:x}" + (f"{mid >> 4:x}" if mid >> 4 != 0x0F else "")  # noqa: PLR2004 - filler
    return (mcc, mnc) if (mcc + mnc).isdigit() else None


def network_number(octets: bytes) -> int | None:
    """MCC*1000+MNC."""
    found = network(octets)
    return int(found[0]) * 1000 + int(found[1]) if found else None


def moment(octets: bytes) -> int | None:
    """UTC seconds of YYMMDDhhmmssShhmm: BCD digits of local time and, behind S (+ or -), its offset from UTC."""
    if len(octets) != TIME_OCTETS or octets[6:7] not in {b"+", b"-"}:
        return None
    digits = octets[:6].hex() + octets[7:].hex()
    if not digits.isdigit():
        return None
    year, month, day, hour, minute, second, hours, minutes = (int(digits[at : at + 2]) for at in range(0, 16, 2))
    if hours > MOST_OFFSET_HOURS or minutes > 59:  # noqa: PLR2004
        return None
    try:
        local = int(datetime(2000 + year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
    except ValueError:
        return None
    offset = hours * 3600 + minutes * 60
    return local - offset if octets[6:7] == b"+" else local + offset


def number_peer(value: str) -> tuple[int, str | None] | None:
    """A peer's code and word of digits, or of the letters of an alphanumeric sender."""
    code = number_code(value)
    if code is not None:
        return code, None
    word = None if value.isdigit() else apn_text(value)
    return (tagged(PeerTag.APN, 0), word) if word else None


def apn_peer(value: str) -> tuple[int, str] | None:
    """A peer's code and word of an access point name."""
    word = apn_text(value)
    return (tagged(PeerTag.APN, 0), word) if word else None
