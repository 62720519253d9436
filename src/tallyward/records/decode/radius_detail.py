"""RADIUS accounting as FreeRADIUS writes it: detail files, text. Pure.

A record is a line with the server's local time, then one indented line `Name = value` for each attribute, then an empty
line. Attributes are those of RFC 2866 and RFC 2869 and of 3GPP TS 29.061 clause 16.4.7. The first line has no offset
from UTC: time is told by Event-Timestamp where it has one, else by Timestamp less the delay.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tallyward.records.decode.accounting import Sessions, Status, Told, usage_of
from tallyward.records.decode.columns import RATS, moment
from tallyward.records.decode.issues import FieldError, Issues, refuse

MOST_BYTES: Final = 64 << 20
"""Of text, after decompression."""
_MOST_LINE: Final = 4_096
_MOST_ATTRIBUTES: Final = 500
_HEAD: Final = re.compile(rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d \d{4}\s*")
_ATTRIBUTE: Final = re.compile(rb"[\t ]+([A-Za-z0-9.:-]+)[\t ]*[:+]?=[\t ]*(.*)", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\([0-7]{3}|.)")
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
_RATS: Final = RATS | {"hspa-evolution": 5, "eutran-nb-iot": 8}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WRITTEN: Final = re.compile(r"([A-Z][a-z]{2}) +(\d{1,2}) (\d{4}) (\d\d:\d\d:\d\d) (?:UTC|GMT)")


@dataclass(slots=True)
class Record:
    """One record: the number of its first line, its place, and its attributes by lower-case name.

    `whole`: it begins with a time, all its lines are attributes, and an empty line or the end of the file follows.
    """

    line: int
    at: int
    sample: bytes
    whole: bool
    attributes: dict[str, str] = field(default_factory=dict)


def is_detail(head: bytes) -> bool:
    """Whether a text begins like a detail file: a line of time, then an attribute."""
    lines = head.lstrip(b"\r\n").split(b"\n", 2)
    return len(lines) > 1 and bool(_HEAD.fullmatch(lines[0])) and bool(_ATTRIBUTE.fullmatch(lines[1]))


def read_detail(data: bytes, issues: Issues) -> Sessions:
    """The messages of a detail file by session; adds records put aside to `issues`, by line number.

    Raises `RefusalError` for what is no detail file.
    """
    if not is_detail(data[: 4 * _MOST_LINE]):
        raise refuse("records.detail_structure", offset=0, sample=data)
    sessions = Sessions()
    for record in _records(data):
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
    duration = _whole(attributes, "Acct-Session-Time")
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
        up=_octet_count(attributes, "Input"),
        down=_octet_count(attributes, "Output"),
        timed="acct-session-time" in attributes,
        wide="acct-input-gigawords" in attributes or "acct-output-gigawords" in attributes,
    )


def _octet_count(attributes: dict[str, str], side: str) -> int:
    """Octets of 32 bits and how often they ran over (RFC 2869 clause 5.1); input is what the terminal sent."""
    return _whole(attributes, f"Acct-{side}-Octets") + (_whole(attributes, f"Acct-{side}-Gigawords") << 32)


def _whole(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name.lower(), "0")
    if not re.fullmatch("[0-9]{1,18}", value, re.ASCII):
        raise FieldError("records.number", name, detail=value)
    return int(value)


def _octets(attributes: dict[str, str], name: str) -> bytes | None:
    value = attributes.get(name.lower())
    if value is None:
        return None
    if not re.fullmatch("0x(?:[0-9a-fA-F]{2})+", value):
        raise FieldError("records.cell", name, detail=value)
    return bytes.fromhex(value[2:])


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
    if re.fullmatch("[0-9]{1,10}", written, re.ASCII):
        return int(written)
    found = moment(written) or moment(_iso(written))
    if found:
        return found
    if "timestamp" in attributes:
        return _whole(attributes, "Timestamp") - _whole(attributes, "Acct-Delay-Time")
    raise FieldError("records.start_time" if written else "records.missing", _NAMES["ts"], detail=written)


def _iso(written: str) -> str:
    """ISO 8601 of a time as the server writes dates, where it writes them in UTC; else empty."""
    match = _WRITTEN.fullmatch(written)
    if not match or match[1] not in _MONTHS:
        return ""
    return f"{match[3]}-{_MONTHS.index(match[1]) + 1:02d}-{int(match[2]):02d}T{match[4]}Z"


def _records(data: bytes) -> Iterator[Record]:
    """The records of a text; a line that is no attribute makes its record broken, not its neighbours."""
    record: Record | None = None
    at = 0
    for number, line in enumerate(io.BytesIO(data), 1):
        place, at = at, at + len(line)
        if not line.strip():
            if record and line.endswith(b"\n"):
                yield record
                record = None
            continue
        begins = bool(_HEAD.fullmatch(line))
        if record and begins:  # the one before was never ended
            record.whole = False
            yield record
        if record is None or begins:
            record = Record(number, place, data[place : place + 64], whole=begins)
        else:
            _add(record, line)
    if record:
        record.whole = record.whole and data.endswith(b"\n")
        yield record


def _add(record: Record, line: bytes) -> None:
    match = _ATTRIBUTE.fullmatch(line) if len(line) <= _MOST_LINE else None
    if match and len(record.attributes) < _MOST_ATTRIBUTES:
        record.attributes.setdefault(match[1].decode("ascii").lower(), _value(match[2].rstrip()))
    else:
        record.whole = False


def _value(octets: bytes) -> str:
    text = octets.decode("utf-8", "replace")
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return _ESCAPE.sub(_unescaped, text[1:-1])
    return text


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 8)) if len(match[1]) == 3 else {"n": "\n", "r": "\r", "t": "\t"}.get(match[1], match[1])  # noqa: PLR2004
