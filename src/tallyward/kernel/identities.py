"""The numbers by which networks know cards and terminals: ICCID, IMSI, MSISDN, IMEI. Pure checks, one value a call."""

import re
from typing import NewType

from tallyward.kernel.errors import InvalidError

Iccid = NewType("Iccid", str)
"""19 or 20 characters beginning with 89 (ITU-T E.118). IoT cards of Chinese operators carry letters in them."""
Imsi = NewType("Imsi", str)
"""6 to 15 digits: MCC, MNC, MSIN (3GPP TS 23.003 clause 2.2)."""
Msisdn = NewType("Msisdn", str)
"""7 to 15 digits without a plus sign (ITU-T E.164)."""
Imei = NewType("Imei", str)
"""15 digits, the last a Luhn check digit (3GPP TS 23.003 clause 6.2)."""

_ICCID = re.compile(r"89[0-9]{2}[0-9A-Z]{14,15}[0-9]")
_IMSI = re.compile(r"[0-9]{6,15}")
_MSISDN = re.compile(r"[1-9][0-9]{6,14}")
_IMEI = re.compile(r"[0-9]{15}")
_EVEN = str.maketrans("0123456789", "0246813579")


def luhn_digit(body: str) -> int:
    """The check digit (ISO/IEC 7812-1 annex B) that makes the digits `body` whole."""
    doubled = body[::-2].translate(_EVEN)
    return -sum(map(int, doubled + body[-2::-2])) % 10


def iccid(text: str) -> Iccid:
    """A checked ICCID, upper case. All digits: the last must be the Luhn digit of the rest (ITU-T E.118).

    With letters (operators of IoT cards print a letter for the month or the card series) there is no standard check
    digit, so the last digit is taken as it is. Refuses with `kernel.iccid_form` or `kernel.iccid_check_digit`.
    """
    value = text.strip().upper()
    if not _ICCID.fullmatch(value):
        raise InvalidError("kernel.iccid_form", value=value[:40])
    if value.isdigit() and int(value[-1]) != luhn_digit(value[:-1]):
        raise InvalidError("kernel.iccid_check_digit", value=value, expected=luhn_digit(value[:-1]))
    return Iccid(value)


def imsi(text: str) -> Imsi:
    """A checked IMSI; refuses with `kernel.imsi_form`."""
    value = text.strip()
    if not _IMSI.fullmatch(value):
        raise InvalidError("kernel.imsi_form", value=value[:40])
    return Imsi(value)


def msisdn(text: str) -> Msisdn:
    """A checked MSISDN without its plus sign; refuses with `kernel.msisdn_form`."""
    value = text.strip().removeprefix("+")
    if not _MSISDN.fullmatch(value):
        raise InvalidError("kernel.msisdn_form", value=value[:40])
    return Msisdn(value)


def imei(text: str) -> Imei:
    """A checked IMEI; refuses with `kernel.imei_form` or `kernel.imei_check_digit`."""
    value = text.strip()
    if not _IMEI.fullmatch(value):
        raise InvalidError("kernel.imei_form", value=value[:40])
    if int(value[-1]) != luhn_digit(value[:-1]):
        raise InvalidError("kernel.imei_check_digit", value=value, expected=luhn_digit(value[:-1]))
    return Imei(value)
