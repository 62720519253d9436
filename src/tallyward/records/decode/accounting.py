"""What accounting messages of AAA have in common, RADIUS (RFC 2866) and Diameter (RFC 6733): sessions and their usage.

A session's figures are totals since it began, and they come again and again, in one file and in the next. So messages
are gathered by session here, and records/sessions.py tells what each adds to what was counted before. Pure.
"""

import re
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

from tallyward.records.decode.imei import IMEI_BODY
from tallyward.records.decode.issues import FieldError
from tallyward.records.decode.location import NOWHERE, aaa_place
from tallyward.records.decode.observed import Event
from tallyward.records.decode.octet_strings import apn_peer
from tallyward.records.schema import Quality, Service

U32: Final = 0xFFFFFFFF
_NUMBER: Final = re.compile(r"\+?([0-9]{6,15})", re.ASCII)
_NETWORK: Final = re.compile("[0-9]{5,6}", re.ASCII)
_aaa_place: Final = lru_cache(4_096)(aaa_place)
_apn_peer: Final = lru_cache(256)(apn_peer)
_IMEI: Final = re.compile("[0-9]{14,16}", re.ASCII)


class Status(IntEnum):
    """What a message is about; the numbers are those of Acct-Status-Type (RFC 2866 clause 5.1)."""

    START = 1
    STOP = 2
    INTERIM = 3


class Told(NamedTuple):
    """The values of one message, absent ones empty.

    `ts` is when its usage began, `dur` how long it lasted, where it is `timed`: where the message says so. `wide`: its
    octets are counted beyond 32 bits.
    """

    imsi: str = ""
    msisdn: str = ""
    imei: str = ""
    apn: str = ""
    network: str = ""
    rat: int = 0
    place: bytes | None = None
    ts: int = 0
    dur: int = 0
    up: int = 0
    down: int = 0
    timed: bool = True
    wide: bool = True


def usage_of(told: Told, names: dict[str, str]) -> Event:
    """The row of a message's values; raises `FieldError` with the field's name in its protocol, as `names` has it."""
    imsi = _digits(told.imsi, 6, "records.imsi", names["imsi"])
    msisdn = _digits(told.msisdn, 7, "records.msisdn", names["msisdn"])
    if not imsi and not msisdn:
        raise FieldError("records.no_subscriber", names["imsi"])
    place = _aaa_place(told.place) if told.place is not None else NOWHERE
    if place is None:
        raise FieldError("records.cell", names["place"], detail=(told.place or b"").hex())
    serving = told.network or place.mcc + place.mnc
    if serving and not _NETWORK.fullmatch(serving):
        raise FieldError("records.plmn", names["network"], detail=told.network)
    if not 0 <= told.rat <= 255:  # noqa: PLR2004 - one octet
        raise FieldError("records.rat", names["rat"], detail=str(told.rat))
    if not 0 < told.ts <= told.ts + told.dur <= U32:
        raise FieldError("records.start_time", names["ts"], detail=str(told.ts))
    peer = _apn_peer(told.apn) if told.apn else None
    if told.apn and peer is None:
        raise FieldError("records.peer", names["apn"], detail=told.apn)
    return Event(
        imsi=imsi,
        msisdn=msisdn,
        ts=told.ts,
        dur=min(told.dur, U32),
        svc=int(Service.DATA),
        imei_body=_imei(told.imei, names["imei"]),
        peer=peer[0] if peer else 0,
        peer_word=peer[1] if peer else None,
        up=min(told.up, U32),
        dn=min(told.down, U32),
        cell=place.cell,
        plmn=int(serving[:3]) * 1000 + int(serving[3:]) if serving else 0,
        quality=int(Quality.SATURATED) if max(told.up, told.down, told.dur) > U32 else 0,
        rat=told.rat,
    )


def _digits(value: str, least: int, code: str, name: str) -> int:
    if not value:
        return 0
    match = _NUMBER.fullmatch(value)
    if not match or len(match[1]) < least or not int(match[1]):
        raise FieldError(code, name, detail=value)
    return int(match[1])


def _imei(value: str, name: str) -> int:
    if not value:
        return 0
    if not _IMEI.fullmatch(value):
        raise FieldError("records.imei", name, detail=value)
    return int(value[:IMEI_BODY])


class Heard(NamedTuple):
    """One message about a session: when that began, its totals by then, and the row that they would be.

    `end` is the time of the message. `timed` and `wide` are those of `Told`.
    """

    end: int
    dur: int
    up: int
    dn: int
    timed: bool
    wide: bool
    row: Event

    @property
    def begun(self) -> int:
        """When the session began, by this message."""
        return self.end - self.dur


class Sessions:
    """What a file says: messages by session, in the order in which sessions were first met, and rows of their own."""

    def __init__(self) -> None:
        """Nothing is heard yet."""
        self.heard: dict[str, list[Heard]] = {}
        self.alone: list[Event] = []

    def add(self, session: str, told: Told, row: Event) -> None:
        """One more message; `session` is a name that no other session of the operator has at the same time."""
        heard = Heard(told.ts + told.dur, told.dur, told.up, told.down, told.timed, told.wide, row)
        self.heard.setdefault(session, []).append(heard)
