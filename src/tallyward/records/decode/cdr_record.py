"""One charging record read by a plain walk over its tags: the reference for `cdr_lockstep`, and its way out. Pure.

Elements that are not in use are stepped over by their length; what is in them is nobody's business.
"""

from collections.abc import Callable
from typing import Final

from tallyward.records.decode.ber_walk import Element, Walk, integer, text
from tallyward.records.decode.cdr_kinds import CONTEXT, HOLDERS, KIND_OF_TAG, UP_DOWN, Field, Kind
from tallyward.records.decode.imei import IMEI_BODY
from tallyward.records.decode.issues import FieldError, RefusalError
from tallyward.records.decode.location import Place, cell_name, gtp_place
from tallyward.records.decode.observed import Event
from tallyward.records.decode.octet_strings import (
    address,
    apn_peer,
    moment,
    network,
    network_number,
    number_peer,
    short_message_address,
    tbcd,
)
from tallyward.records.schema import Quality, Service

U32: Final = 0xFFFFFFFF
_MOST_DIGITS: Final = 15
_MOST_RAT: Final = 255
_BEARER, _TELESERVICE = CONTEXT | 2, CONTEXT | 3
_SHORT_MESSAGES: Final = 2  # the first digit of their teleservice codes, TS 29.002 clause 17.7.10
_STARTS: Final = (Field.START, Field.SEIZED, Field.RELEASED)


def read_record(walk: Walk, record: Element) -> Event:
    """What a record says; raises `FieldError` where it can't be used."""
    kind = KIND_OF_TAG.get(record.tag)
    if kind is None or not record.constructed:
        name = f"{'UACP'[record.tag >> 24]}{record.tag & 0xFFFFFF}"
        raise FieldError("records.cdr_kind", name, record.at, name)
    try:
        return _Record(walk, record, kind).event()
    except RefusalError as error:  # a broken length inside one record breaks no other
        issue = error.issue
        raise FieldError(issue.code, kind.name, issue.offset, issue.detail) from None


class _Record:
    """The fields of one record."""

    def __init__(self, walk: Walk, record: Element, kind: Kind) -> None:
        """Find them: the first element of each tag in use."""
        self._walk = walk
        self._data = walk.data
        self._record = record
        self._kind = kind
        self._found: dict[Field, Element] = {}
        fields = kind.fields()
        for child in walk.children(record, 0):
            field = fields.get(child.tag)
            if field and child.constructed == (field in HOLDERS):
                self._found.setdefault(field, child)

    def event(self) -> Event:
        """What it says."""
        said = self._integer(Field.TYPE)
        if said != self._kind.record_type:
            raise self._fail("records.cdr_kind", Field.TYPE, f"{self._kind.name} {said}")
        imsi = self._digits(Field.IMSI, tbcd, 6, "records.imsi")
        msisdn = self._digits(Field.MSISDN, address, 7, "records.msisdn")
        if not imsi and not msisdn:
            raise self._fail("records.no_subscriber", Field.IMSI)
        up, down = self._volumes()
        duration = self._integer(Field.DURATION) or 0
        place = self._place()
        service = self._service()
        peer, word = self._peer(service)
        return Event(
            imsi=imsi,
            msisdn=msisdn,
            ts=self._start(),
            dur=min(duration, U32),
            svc=int(service),
            imei_body=self._imei(),
            peer=peer,
            peer_word=word,
            up=min(up, U32),
            dn=min(down, U32),
            cell=place.cell if place else self._named_cell(),
            plmn=self._plmn(place),
            quality=int(Quality.SATURATED) if max(up, down, duration) > U32 else 0,
            rat=self._rat(),
        )

    def _octets(self, field: Field) -> bytes | None:
        found = self._found.get(field)
        return self._data[found.start : found.end] if found else None

    def _fail(self, code: str, field: Field, detail: str | None = None) -> FieldError:
        found = self._found.get(field)
        if detail is None:
            detail = self._data[found.start : found.end].hex() if found else ""
        path = f"{self._kind.name}/{self._kind.name_of(field)}"
        return FieldError(code, path, found.at if found else self._record.at, detail)

    def _integer(self, field: Field) -> int | None:
        found = self._found.get(field)
        if found is None:
            return None
        value = integer(self._data, found)
        if value is None or value < 0:
            raise self._fail("records.number", field)
        return value

    def _digits(self, field: Field, read: Callable[[bytes], str | None], least: int, code: str) -> int:
        octets = self._octets(field)
        if octets is None:
            return 0
        value = read(octets)
        if value is None or not least <= len(value) <= _MOST_DIGITS or not int(value):
            raise self._fail(code, field)
        return int(value)

    def _imei(self) -> int:
        octets = self._octets(Field.IMEI)
        value = tbcd(octets) if octets else ""
        if not value and value is not None:
            return 0  # fillers only: the terminal did not tell it
        if value is None or not IMEI_BODY <= len(value) <= IMEI_BODY + 2:
            raise self._fail("records.imei", Field.IMEI)
        return int(value[:IMEI_BODY])

    def _start(self) -> int:
        field = next((field for field in _STARTS if field in self._found), None)
        if field is None:
            raise self._fail("records.missing", Field.START)
        found = moment(self._octets(field) or b"")
        if found is None or not 0 < found <= U32:
            raise self._fail("records.start_time", field)
        return found

    def _plmn(self, place: Place | None) -> int:
        """The serving network, which the place names too."""
        octets = self._octets(Field.PLMN)
        if octets is None:
            return int(place.mcc) * 1000 + int(place.mnc) if place else 0
        found = network_number(octets)
        if found is None:
            raise self._fail("records.plmn", Field.PLMN)
        return found

    def _rat(self) -> int:
        found = self._integer(Field.RAT) or 0
        if found > _MOST_RAT:
            raise self._fail("records.rat", Field.RAT, str(found))
        return found

    def _place(self) -> Place | None:
        octets = self._octets(Field.PLACE)
        if octets is None:
            return None
        found = gtp_place(octets)
        if found is None:
            raise self._fail("records.cell", Field.PLACE)
        return found

    def _named_cell(self) -> str | None:
        """The cell of area and identity, side by side in the record or in an element of their own."""
        parts = [self._octets(Field.AREA), self._octets(Field.CELL), self._octets(Field.PLMN)]
        if holder := self._found.get(Field.LOCATION):
            inside = {child.tag: child for child in self._walk.children(holder, 1)}
            elements = [inside.get(CONTEXT | number) for number in range(3)]
            parts = [self._data[one.start : one.end] if one else None for one in elements]
        area, cell, serving = parts
        if area is None or cell is None:
            return None
        named = network(serving) if serving is not None else None
        if len(area) != 2 or len(cell) != 2 or (serving is not None and named is None):  # noqa: PLR2004
            raise self._fail("records.cell", Field.LOCATION if holder else Field.CELL)
        return cell_name(named, int.from_bytes(area, "big"), int.from_bytes(cell, "big"))

    def _volumes(self) -> tuple[int, int]:
        """Octets up and down over all containers. Service data counts the same octets again: only where it is alone."""
        field = next((field for field in UP_DOWN if field in self._found), None)
        if field is None:
            return 0, 0
        totals = dict.fromkeys(UP_DOWN[field], 0)
        for container in self._walk.children(self._found[field], 1):
            if not container.constructed:
                raise self._fail("records.number", field)
            for amount in self._walk.children(container, 2):
                if amount.tag in totals:
                    value = integer(self._data, amount)
                    if value is None or value < 0:
                        raise self._fail("records.number", field, str(value))
                    totals[amount.tag] += value
        up, down = totals.values()
        return up, down

    def _service(self) -> Service:
        """Voice unless the basic service is a bearer, which carries data, or a short message."""
        holder = self._found.get(Field.BASIC_SERVICE)
        if holder is None:
            return self._kind.service
        for child in self._walk.children(holder, 1):
            if child.tag == _BEARER:
                return Service.DATA
            if child.tag == _TELESERVICE and self._data[child.start : child.start + 1]:
                return Service.SMS if self._data[child.start] >> 4 == _SHORT_MESSAGES else Service.VOICE
        return self._kind.service

    def _peer(self, service: Service) -> tuple[int, str | None]:
        if service is Service.DATA and (found := self._found.get(Field.APN)):
            peer: tuple[int, str | None] | None = apn_peer(text(self._data, found) or "")
            if peer is None:
                raise self._fail("records.peer", Field.APN)
            return peer
        for field, read in ((Field.NUMBER, address), (Field.SMS_ADDRESS, short_message_address)):
            octets = self._octets(field)
            if octets is not None:
                peer = number_peer((read(octets) or "").strip())
                if peer is None:
                    raise self._fail("records.peer", field)
                return peer
        return 0, None
