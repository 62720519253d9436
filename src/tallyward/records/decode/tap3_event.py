"""One call event of a transfer batch: its fields gathered by one walk, and what they say. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from tallyward.records.decode.ber_walk import Element, Walk, digits, integer, text
from tallyward.records.decode.imei import IMEI_BODY
from tallyward.records.decode.issues import FieldError
from tallyward.records.decode.observed import Event
from tallyward.records.decode.tap3_tags import Tag, name_of
from tallyward.records.peers import apn_text, number_code, tagged
from tallyward.records.schema import PeerTag, Quality, Service

_U32: Final = 0xFFFFFFFF

SERVICE_OF: Final[dict[int, Service]] = {
    Tag.MobileOriginatedCall: Service.VOICE,  # a short message or data call where its service code says so
    Tag.MobileTerminatedCall: Service.VOICE,
    Tag.SupplServiceEvent: Service.UNKNOWN,
    Tag.ServiceCentreUsage: Service.SMS,
    Tag.GprsCall: Service.DATA,
    Tag.MessagingEvent: Service.SMS,
    Tag.MobileSession: Service.VOICE,
}
"""The call events that are read. Content transactions and location services name no use of a card's functions."""

_START: Final = (
    Tag.CallEventStartTimeStamp,
    Tag.ServiceStartTimestamp,
    Tag.DepositTimeStamp,
    Tag.ChargingTimeStamp,  # of a supplementary service event, which has no other
)
_PEERS: Final[tuple[tuple[Tag, Callable[[bytes, Element], str | None]], ...]] = (
    (Tag.CalledNumber, digits),
    (Tag.SMSDestinationNumber, text),
    (Tag.DialledDigits, text),
    (Tag.CallingNumber, digits),
    (Tag.SMSOriginator, text),
    (Tag.NonChargedNumber, digits),
    (Tag.NonChargedPartyNumber, digits),
)


class Batch(NamedTuple):
    """What all events of a batch share. `offsets`: UTC offset code to seconds. `network`: mcc-mnc, or empty."""

    sender: str
    network: str
    offsets: Mapping[int, int]


class Fields:
    """The first element of each tag within an event; times also by the element that holds them."""

    def __init__(self, walk: Walk, event: Element, depth: int) -> None:
        """Gather those of an event at `depth`; refuses a file whose lengths are broken."""
        self.data = walk.data
        self.event = event
        self._found: dict[int, Element] = {}
        self._of: dict[int, dict[int, Element]] = {}
        self._gather(walk, event, depth)

    def _gather(self, walk: Walk, parent: Element, depth: int) -> None:
        inside: dict[int, Element] = {}
        for child in walk.children(parent, depth):
            inside.setdefault(child.tag, child)
            self._found.setdefault(child.tag, child)
            if child.constructed:
                self._gather(walk, child, depth + 1)
        self._of.setdefault(parent.tag, inside)

    def get(self, tag: Tag, within: Tag | None = None) -> Element | None:
        """The first element of a tag, or the one inside the first `within`."""
        return self._found.get(tag) if within is None else self._of.get(within, {}).get(tag)

    def path(self, *tags: Tag) -> str:
        """A tag path that begins with the event's own tag."""
        return "/".join((name_of(self.event.tag), *(tag.name for tag in tags)))

    def fail(self, code: str, *tags: Tag, detail: str = "") -> FieldError:
        """The error of a field."""
        found = self.get(tags[-1], tags[-2] if len(tags) > 1 else None)
        return FieldError(code, self.path(*tags), found.at if found else self.event.at, detail)


def read_event(fields: Fields, batch: Batch) -> Event:
    """What an event says; raises `FieldError` where a field that matters is missing or broken."""
    imsi = _subscriber(fields, Tag.Imsi, 6, "records.imsi")
    msisdn = _subscriber(fields, Tag.Msisdn, 7, "records.msisdn")
    if not imsi and not msisdn:
        raise fields.fail("records.no_subscriber", Tag.Imsi)
    service = _service(fields)
    up, up_over = _amount(fields, Tag.DataVolumeOutgoing)
    down, down_over = _amount(fields, Tag.DataVolumeIncoming)
    duration, dur_over = _amount(fields, Tag.TotalCallEventDuration)
    peer, word = _peer(fields, service)
    network = batch.network
    return Event(
        imsi=imsi,
        msisdn=msisdn,
        ts=_start(fields, batch),
        dur=duration,
        svc=int(service),
        imei_body=_imei(fields),
        peer=peer,
        peer_word=word,
        up=up,
        dn=down,
        cell=_cell(fields, network or batch.sender),
        plmn=int(network[:3]) * 1000 + int(network[4:]) if network else 0,
        quality=int(Quality.SATURATED) if up_over or down_over or dur_over else 0,
    )


def _subscriber(fields: Fields, tag: Tag, least: int, code: str) -> int:
    found = fields.get(tag)
    if found is None:
        return 0
    value = digits(fields.data, found)
    if value is None or not least <= len(value) <= 15:  # noqa: PLR2004 - digits of the longest E.164 or IMSI
        raise fields.fail(code, tag, detail=fields.data[found.start : found.end].hex())
    return int(value)


def _service(fields: Fields) -> Service:
    """Voice unless the first basic service is a short message (22.003: 2x) or a bearer, which carries data."""
    service = SERVICE_OF[fields.event.tag]
    if service is not Service.VOICE or fields.event.tag == Tag.MobileSession:
        return service
    tele = fields.get(Tag.TeleServiceCode)
    if tele is not None:
        return Service.SMS if (text(fields.data, tele) or "").startswith("2") else Service.VOICE
    return Service.DATA if fields.get(Tag.BearerServiceCode) else Service.VOICE


def _amount(fields: Fields, tag: Tag) -> tuple[int, bool]:
    """(value, whether it saturated) of an optional amount."""
    found = fields.get(tag)
    if found is None:
        return 0, False
    value = integer(fields.data, found)
    if value is None or value < 0:
        raise fields.fail("records.number", tag, detail=str(value))
    return min(value, _U32), value > _U32


def _imei(fields: Fields) -> int:
    found = fields.get(Tag.Imei)
    if found is None:
        return 0
    value = digits(fields.data, found) or ""
    if not IMEI_BODY <= len(value) <= IMEI_BODY + 2:
        raise fields.fail("records.imei", Tag.Imei, detail=fields.data[found.start : found.end].hex())
    return int(value[:IMEI_BODY])


def _peer(fields: Fields, service: Service) -> tuple[int, str | None]:
    if service is Service.DATA and (found := fields.get(Tag.AccessPointNameNI)):
        word = apn_text(text(fields.data, found) or "")
        if word is None:
            raise fields.fail("records.peer", Tag.AccessPointNameNI, detail=fields.data[found.start : found.end].hex())
        return tagged(PeerTag.APN, 0), word
    for tag, read in _PEERS:
        if found := fields.get(tag):
            value = read(fields.data, found)
            code = number_code(value.strip()) if value else None
            if code is not None:
                return code, None
            if value and (word := apn_text(value.strip())):
                return tagged(PeerTag.APN, 0), word  # an alphanumeric sender of a short message
            raise fields.fail("records.peer", tag, detail=fields.data[found.start : found.end].hex())
    return 0, None


def _cell(fields: Fields, network: str) -> str | None:
    """The cell's name: mcc-mnc-lac-ci, or with the sender's TADIG code where its network is not told."""
    area, cell = fields.get(Tag.LocationArea), fields.get(Tag.CellId)
    if area is None or cell is None:
        return None
    numbers = integer(fields.data, area), integer(fields.data, cell)
    if any(number is None or number < 0 for number in numbers):
        raise fields.fail("records.cell", Tag.CellId, detail=f"{numbers[0]}-{numbers[1]}")
    return f"{network}-{numbers[0]}-{numbers[1]}"


def _start(fields: Fields, batch: Batch) -> int:
    holder = next((tag for tag in _START if fields.get(tag)), None)
    if holder is None:
        raise fields.fail("records.missing", _START[0])
    local = fields.get(Tag.LocalTimeStamp, holder)
    if local is None:
        raise fields.fail("records.missing", holder, Tag.LocalTimeStamp)
    seconds = local_seconds(text(fields.data, local) or "")
    if seconds is None:
        raise fields.fail("records.start_time", holder, Tag.LocalTimeStamp, detail=text(fields.data, local) or "")
    coded = fields.get(Tag.UtcTimeOffsetCode, holder)
    code = integer(fields.data, coded) if coded else None
    if code is None or code not in batch.offsets:
        raise fields.fail("records.time_offset", holder, Tag.UtcTimeOffsetCode, detail=str(code))
    found = seconds - batch.offsets[code]
    if not 0 < found <= _U32:
        raise fields.fail("records.start_time", holder, Tag.LocalTimeStamp, detail=text(fields.data, local) or "")
    return found


def local_seconds(value: str) -> int | None:
    """Seconds since the epoch of a local CCYYMMDDHHMMSS, as if it were UTC; None where it is no time."""
    if len(value) != 14 or not value.isdigit():  # noqa: PLR2004
        return None
    try:
        return int(datetime.strptime(value + "+0000", "%Y%m%d%H%M%S%z").timestamp())
    except ValueError:
        return None


def offset_seconds(value: str) -> int | None:
    """Seconds of +hhmm or -hhmm; None where it is no offset."""
    if len(value) != 5 or value[0] not in "+-" or not value[1:].isdigit():  # noqa: PLR2004
        return None
    hours, minutes = int(value[1:3]), int(value[3:])
    if hours > 14 or minutes > 59:  # noqa: PLR2004
        return None
    return (hours * 3600 + minutes * 60) * (1 if value[0] == "+" else -1)
