"""RADIUS accounting as FreeRADIUS writes it: detail files, text. Pure.

Attributes are those of RFC 2866 and RFC 2869 and of 3GPP TS 29.061 clause 16.4.7. The first line of a record has no
offset from UTC: time is told by Event-Timestamp where it has one, else by Timestamp less the delay.
"""

import re
from functools import lru_cache
from typing import Final

from tallyward.records.decode.accounting import Sessions, Status, Told, usage_of
from tallyward.records.decode.columns import RATS, moment
from tallyward.records.decode.detail_text import MOST_LINE, Record, detail_records, is_detail
from tallyward.records.decode.issues import FieldError, Issues, refuse

MOST_BYTES: Final = 64 << 20
"""Of text, after decompression."""
_MOST_DIGITS: Final = 18
_EPOCH_DIGITS: Final = 10
_OCTETS: Final = re.compile("0x(?:[0-9a-fA-F]{2})+")
_STATUS: Final = {
    "start": Status.START,
    "stop": Status.STOP,
    "interim-update": Status.INTERIM,
    "alive": Status.INTERIM,
    **{str(int(status)): status for status in Status},
}
_NAMES: Final = {
    "imsi": "3GPP-IMSI",
    "msisdn": "Calling-Station-Id",
    "imei": "3GPP-IMEISV",
    "apn": "Called-Station-Id",
    "network": "3GPP-SGSN-MCC-MNC",
    "rat": "3GPP-RAT-Type",
    "place": "3GPP-User-Location-Info",
    "ts": "Event-Timestamp",
}
_SERVERS: Final = ("nas-ip-address", "nas-ipv6-address", "nas-identifier")
_NUMBERS: Final = {
    name.lower(): name
    for name in (
        *("Acct-Session-Time", "Acct-Delay-Time", "Timestamp", "Acct-Input-Octets", "Acct-Input-Gigawords"),
        *("Acct-Output-Octets", "Acct-Output-Gigawords"),
    )
}
_USED: Final = frozenset(
    {"acct-status-type", "acct-session-id", *_SERVERS, *_NUMBERS, *(name.lower() for name in _NAMES.values())}
)
_RATS: Final = RATS | {"hspa-evolution": 5, "eutran-nb-iot": 8}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WRITTEN: Final = re.compile(r"([A-Z][a-z]{2}) +(\d{1,2}) (\d{4}) (\d\d:\d\d:\d\d) (?:UTC|GMT)")


def read_detail(data: bytes, issues: Issues) -> Sessions:
    """The messages of a detail file by session; adds records put aside to `issues`, by line number.

    Raises `RefusalError` for what is no detail file.
    """
    if not is_detail(data[: 4 * MOST_LINE]):
        raise refuse("records.detail_structure", offset=0, sample=data)
    sessions = Sessions()
    for record in detail_records(data, _USED):
        try:
            _take(record, sessions)
        except FieldError as error:
            error.offset = record.at
            issues.add(error.issue(record.line, record.sample))
    return sessions


def _take(record: Record, sessions: Sessions) -> None:
    if not record.whole:
        raise FieldError("records.detail_cut", "")
    said = record.attributes.get("acct-status-type", "")
    status = _STATUS.get(said.lower())
    if status is None and said.lower() in {"accounting-on", "accounting-off", "7", "8"}:
        return  # about a server, not about anybody's session
    if status is None:
        raise FieldError("records.detail_status", "Acct-Status-Type", detail=said)
    if status is Status.START:
        return  # nothing is used yet
    told = _told(record.attributes)
    row = usage_of(told, _NAMES)
    name = record.attributes.get("acct-session-id")
    server = next((found for one in _SERVERS if (found := record.attributes.get(one))), "")
    if name:
        sessions.add(f"radius\n{server}\n{name}\n{row.imsi or row.msisdn}", told, row)
    else:
        sessions.alone.append(row)


def _told(attributes: dict[str, str]) -> Told:
    duration = _whole(attributes, "acct-session-time")
    calling = attributes.get("calling-station-id", "")
    imsi = attributes.get("3gpp-imsi", "")
    return Told(
        imsi=imsi,
        msisdn="" if imsi and not calling.lstrip("+").isdigit() else calling,  # Wi-Fi puts an address there
        imei=attributes.get("3gpp-imeisv", ""),
        apn=attributes.get("called-station-id", ""),
        network=attributes.get("3gpp-sgsn-mcc-mnc", ""),
        rat=_rat(attributes.get("3gpp-rat-type", "")),
        place=_octets(attributes, "3GPP-User-Location-Info"),
        ts=_event_time(attributes) - duration,
        dur=duration,
        up=_octet_count(attributes, "acct-input-octets", "acct-input-gigawords"),
        down=_octet_count(attributes, "acct-output-octets", "acct-output-gigawords"),
        timed="acct-session-time" in attributes,
        wide="acct-input-gigawords" in attributes or "acct-output-gigawords" in attributes,
    )


def _octet_count(attributes: dict[str, str], octets: str, over: str) -> int:
    """Octets of 32 bits and how often they ran over (RFC 2869 clause 5.1); input is what the terminal sent."""
    return _whole(attributes, octets) + (_whole(attributes, over) << 32)


def _whole(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name)
    if value is None:
        return 0
    if not _is_number(value, _MOST_DIGITS):
        raise FieldError("records.number", _NUMBERS[name], detail=value)
    return int(value)


def _is_number(value: str, most: int) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= most


def _octets(attributes: dict[str, str], name: str) -> bytes | None:
    value = attributes.get(name.lower())
    if value is None:
        return None
    if not _OCTETS.fullmatch(value):
        raise FieldError("records.cell", name, detail=value)
    return bytes.fromhex(value[2:])


@lru_cache(256)
def _rat(value: str) -> int:
    if not value:
        return 0
    if re.fullmatch("[0-9]{1,3}", value, re.ASCII):
        return int(value)
    if re.fullmatch("0x[0-9a-fA-F]{2}", value):
        return int(value, 16)
    found = _RATS.get(value.lower())
    if found is None:
        raise FieldError("records.rat", _NAMES["rat"], detail=value)
    return found


def _event_time(attributes: dict[str, str]) -> int:
    """UTC seconds at which the message was about its session."""
    written = attributes.get("event-timestamp", "")
    if _is_number(written, _EPOCH_DIGITS):
        return int(written)
    if written and (found := moment(written) or moment(_iso(written))):
        return found
    if "timestamp" in attributes:
        return _whole(attributes, "timestamp") - _whole(attributes, "acct-delay-time")
    raise FieldError("records.start_time" if written else "records.missing", _NAMES["ts"], detail=written)


def _iso(written: str) -> str:
    """ISO 8601 of a time as the server writes dates, where it writes them in UTC; else empty."""
    match = _WRITTEN.fullmatch(written)
    if not match or match[1] not in _MONTHS:
        return ""
    return f"{match[3]}-{_MONTHS.index(match[1]) + 1:02d}-{int(match[2]):02d}T{match[4]}Z"
