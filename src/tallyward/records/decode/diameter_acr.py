"""Diameter accounting: a file of Accounting-Request messages, one after the other (RFC 6733 clause 9, TS 32.299). Pure.

Messages of the Rf interface carry containers of traffic or of a short message: what was used since the message before,
so each of them gives a row. Messages with totals of their session alone are read as those of RADIUS are, by session. A
message that is sent again counts once.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from tallyward.records.decode.accounting import Sessions, Status, Told, usage_of
from tallyward.records.decode.issues import FieldError, Issues, refuse
from tallyward.records.decode.observed import Event
from tallyward.records.decode.octet_strings import number_peer, tbcd
from tallyward.records.schema import Service

MOST_BYTES: Final = 64 << 20
_HEADER: Final = 20
_ACCOUNTING: Final = 271
_REQUEST, _VENDOR = 0x80, 0x80
_MOST_DEPTH: Final = 8
_MOST_AVPS: Final = 2_000
_TGPP: Final = 10415
_NTP_EPOCH: Final = 2_208_988_800
"""Seconds from 1900, where Time begins (RFC 6733 clause 4.3.1), to 1970."""

SESSION_ID, RECORD_TYPE, RECORD_NUMBER, EVENT_TIME, SESSION_TIME = 263, 480, 485, 55, 46
INPUT, OUTPUT = 363, 364
SUBSCRIPTION, SUBSCRIPTION_TYPE, SUBSCRIPTION_DATA = 443, 450, 444
EQUIPMENT, EQUIPMENT_VALUE = 458, 460
APN = 30
SERVICE, PACKET, SMS = (873, _TGPP), (874, _TGPP), (2000, _TGPP)
NETWORK, RAT, PLACE = (18, _TGPP), (21, _TGPP), (22, _TGPP)
TRAFFIC, SERVICE_DATA = (2046, _TGPP), (2040, _TGPP)
FIRST_USAGE, TIME_USAGE = (2043, _TGPP), (2045, _TGPP)
RECIPIENT, RECIPIENT_ADDRESS, ORIGINATOR, ADDRESS = (2026, _TGPP), (1201, _TGPP), (2027, _TGPP), (897, _TGPP)
MESSAGE_TYPE = (2007, _TGPP)
_GROUPED: Final = frozenset(
    {
        *(SUBSCRIPTION, EQUIPMENT, SERVICE, PACKET, SMS, TRAFFIC, SERVICE_DATA),
        *(RECIPIENT, RECIPIENT_ADDRESS, ORIGINATOR),
    }
)
_E164, _IMSI = 0, 1
_STATUS: Final = {2: Status.START, 3: Status.INTERIM, 4: Status.STOP}
_EVENT: Final = 1
_DELIVERY: Final = 3
_NAMES: Final = {
    "imsi": "Subscription-Id",
    "msisdn": "Subscription-Id",
    "imei": "User-Equipment-Info",
    "apn": "Called-Station-Id",
    "network": "3GPP-SGSN-MCC-MNC",
    "rat": "3GPP-RAT-Type",
    "place": "3GPP-User-Location-Info",
    "ts": "Event-Timestamp",
}

Code = int | tuple[int, int]
"""An AVP's code, with its vendor where it has one."""


class Group(NamedTuple):
    """AVPs of a message or of a grouped AVP, by code in order of appearance."""

    values: dict[Code, list[bytes]]
    groups: dict[Code, list["Group"]]

    def value(self, code: Code) -> bytes | None:
        """The first value."""
        return next(iter(self.values.get(code, ())), None)

    def number(self, code: Code, name: str) -> int:
        """The first value as a whole number of 4 or 8 octets, 0 where absent."""
        found = self.value(code)
        if found is None:
            return 0
        if len(found) not in {4, 8}:
            raise FieldError("records.number", name, detail=found.hex())
        return int.from_bytes(found, "big")

    def text(self, code: Code) -> str:
        """The first value as text, empty where absent."""
        return (self.value(code) or b"").decode("utf-8", "replace").strip()

    def inside(self, *codes: Code) -> list["Group"]:
        """The grouped AVPs at a path."""
        found = [self]
        for code in codes:
            found = [inner for one in found for inner in one.groups.get(code, ())]
        return found


def is_diameter(head: bytes) -> bool:
    """Whether a file begins with an Accounting-Request."""
    if len(head) < _HEADER or head[0] != 1:
        return False
    length, command = int.from_bytes(head[1:4], "big"), int.from_bytes(head[5:8], "big")
    return command == _ACCOUNTING and bool(head[4] & _REQUEST) and length >= _HEADER and length % 4 == 0


def read_acr(data: bytes, issues: Issues) -> Sessions:
    """The messages of a file; adds those put aside to `issues`, counted from 1.

    Raises `RefusalError` where the next message's place is unknown.
    """
    sessions, seen = Sessions(), set[tuple[str, int, int]]()
    for number, (at, end) in enumerate(_messages(data), 1):
        try:
            _take(_message(data, at, end), sessions, seen)
        except FieldError as error:
            error.offset = at if error.offset is None else error.offset
            issues.add(error.issue(number, data[at : at + 64], "ACR/" if error.tag_path else ""))
    return sessions


def _messages(data: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at + 1 : at + 4], "big")
        if data[at] != 1 or length < _HEADER or length % 4 or at + length > len(data):
            raise refuse("records.diameter_structure", offset=at, detail=str(length), sample=data[at : at + 20])
        yield at, at + length
        at += length


def _message(data: bytes, at: int, end: int) -> Group:
    command = int.from_bytes(data[at + 5 : at + 8], "big")
    if command != _ACCOUNTING or not data[at + 4] & _REQUEST:
        raise FieldError("records.diameter_kind", "", detail=str(command))
    return _group(data, at + _HEADER, end, 0)


def _group(data: bytes, at: int, end: int, depth: int) -> Group:
    """The AVPs between two places; those that hold others and are in use are opened."""
    if depth > _MOST_DEPTH:
        raise FieldError("records.ber_too_deep", "", at, str(_MOST_DEPTH))
    found, count = Group({}, {}), 0
    while at < end:
        code, flags = int.from_bytes(data[at : at + 4], "big"), data[at + 4] if at + 4 < end else 0
        length, begin = int.from_bytes(data[at + 5 : at + 8], "big"), at + (12 if flags & _VENDOR else 8)
        count += 1
        if begin > end or length < begin - at or at + length > end or count > _MOST_AVPS:
            raise FieldError("records.avp_length", str(code), at, str(length))
        vendor = int.from_bytes(data[at + 8 : at + 12], "big") if flags & _VENDOR else 0
        key: Code = (code, vendor) if vendor else code
        if key in _GROUPED:
            found.groups.setdefault(key, []).append(_group(data, begin, at + length, depth + 1))
        else:
            found.values.setdefault(key, []).append(data[begin : at + length])
        at += length + -length % 4
    return found


def _take(message: Group, sessions: Sessions, seen: set[tuple[str, int, int]]) -> None:
    kind = message.number(RECORD_TYPE, "Accounting-Record-Type")
    if kind != _EVENT and kind not in _STATUS:
        raise FieldError("records.detail_status", "Accounting-Record-Type", detail=str(kind))
    session = message.text(SESSION_ID)
    once = session, kind, message.number(RECORD_NUMBER, "Accounting-Record-Number")
    if session and once in seen:
        return
    sms = message.inside(SERVICE, SMS)
    containers = message.inside(SERVICE, PACKET, TRAFFIC) or message.inside(SERVICE, PACKET, SERVICE_DATA)
    if sms:
        sessions.alone.append(_short_message(message, sms[0]))
    elif containers:
        sessions.alone.append(usage_of(_told(message, containers), _NAMES))
    elif kind in _STATUS and _STATUS[kind] is not Status.START:
        _take_totals(message, session, sessions)
    elif kind == _EVENT:
        raise FieldError("records.diameter_kind", "Service-Information", detail="EVENT")
    seen.add(once)


def _take_totals(message: Group, session: str, sessions: Sessions) -> None:
    told = _told(message, [])
    row = usage_of(told, _NAMES)
    if session:
        sessions.add(f"diameter\n{session}\n{row.imsi or row.msisdn}", told, row)
    else:
        sessions.alone.append(row)


def _told(message: Group, containers: list[Group]) -> Told:
    """A message's values; amounts are those of its containers, or where it has none the session's totals."""
    packet = next(iter(message.inside(SERVICE, PACKET)), message)
    subscriber = {
        one.number(SUBSCRIPTION_TYPE, "Subscription-Id-Type"): one.text(SUBSCRIPTION_DATA)
        for one in (*message.inside(SUBSCRIPTION), *message.inside(SERVICE, SUBSCRIPTION))
    }
    amounts = containers or [message]
    length = sum(one.number(TIME_USAGE, "Time-Usage") for one in containers)
    at = _time(message.value(EVENT_TIME), "Event-Timestamp")
    if not containers:
        length = message.number(SESSION_TIME, "Acct-Session-Time")
        at -= length
    begun = [_time(value, "Time-First-Usage") for one in containers for value in one.values.get(FIRST_USAGE, ())]
    return Told(
        imsi=subscriber.get(_IMSI, ""),
        msisdn=subscriber.get(_E164, ""),
        imei=_imei(message, packet),
        apn=packet.text(APN) or message.text(APN),
        network=packet.text(NETWORK),
        rat=int.from_bytes(packet.value(RAT) or b"", "big"),
        place=packet.value(PLACE),
        ts=min(begun, default=at),
        dur=length,
        up=sum(one.number(INPUT, "Accounting-Input-Octets") for one in amounts),
        down=sum(one.number(OUTPUT, "Accounting-Output-Octets") for one in amounts),
        timed=bool(containers) or SESSION_TIME in message.values,
    )


def _imei(message: Group, packet: Group) -> str:
    """The digits of the terminal, which come as text or packed."""
    holder = next(iter((*packet.inside(EQUIPMENT), *message.inside(SERVICE, EQUIPMENT))), None)
    value = holder.value(EQUIPMENT_VALUE) if holder else None
    if not value:
        return ""
    return value.decode("ascii") if value.isdigit() else tbcd(value) or value.hex()


def _time(value: bytes | None, name: str) -> int:
    if value is None:
        raise FieldError("records.missing", name)
    if len(value) != 4:  # noqa: PLR2004 - seconds in 32 bits
        raise FieldError("records.start_time", name, detail=value.hex())
    seconds = int.from_bytes(value, "big")
    return seconds - _NTP_EPOCH if seconds >= 1 << 31 else seconds + (1 << 32) - _NTP_EPOCH  # the era after 2036


def _short_message(message: Group, sms: Group) -> Event:
    event = usage_of(_told(message, [Group({}, {})])._replace(apn=""), _NAMES)
    incoming = sms.number(MESSAGE_TYPE, "SM-Message-Type") == _DELIVERY
    holders = sms.inside(ORIGINATOR) if incoming else sms.inside(RECIPIENT, RECIPIENT_ADDRESS)
    said = next((one.text(ADDRESS) for one in holders if one.text(ADDRESS)), "")
    peer = number_peer(said) if said else (0, None)
    if peer is None:
        raise FieldError("records.peer", "Address-Data", detail=said)
    return event._replace(svc=int(Service.SMS), peer=peer[0], peer_word=peer[1])
