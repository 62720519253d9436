"""Cards as answers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from tallyward.console.look_up import LookUp
from tallyward.console.show.incidents import moment
from tallyward.console.views.cards import (
    CardRecordRow,
    CardRow,
    CardUsage,
    EffectiveLimit,
    FunctionUse,
    ListRef,
)
from tallyward.kernel.ids import AreaId, CardId
from tallyward.records.model import RecordView
from tallyward.registry.model import Card, FunctionLimit, GroupList
from tallyward.registry.profile_schema import LIMIT_FIELDS

FIRST_ENTRIES = 20
"""Entries of a group list that a card's page shows."""


def card_rows(look_up: LookUp, cards: Sequence[Card], open_incidents: Mapping[CardId, int]) -> list[CardRow]:
    """Rows of the list."""
    return [CardRow(**card_fields(look_up, card, open_incidents.get(card.id, 0))) for card in cards]


def card_fields(look_up: LookUp, card: Card, open_incidents: int) -> dict[str, Any]:
    """The fields that list and page share."""
    return {
        "id": card.id,
        "iccid": card.iccid,
        "imsi": card.imsi,
        "msisdn": card.msisdn,
        "card_class": look_up.card_class(card.card_class),
        "holder": look_up.enterprise(card.enterprise),
        "operator": look_up.enterprise(card.operator),
        "real_name": card.real_name.value,
        "fixed": card.fixed,
        "roaming": card.roaming,
        "home_area": look_up.area(card.home_area),
        "cadence": card.cadence.value,
        "incidents_open": open_incidents,
    }


def effective_limits(look_up: LookUp, card: Card) -> list[EffectiveLimit]:
    """Each limit, and who set it: the card's own stands before its class's, which stands before the rule's."""
    card_class = look_up.card_classes.get(card.card_class)
    found = []
    for name in LIMIT_FIELDS:
        own = getattr(card.limits, name)
        of_class = getattr(card_class.limits, name) if card_class else None
        origin = "card" if own is not None else "class" if of_class is not None else None
        found.append(EffectiveLimit(name=name, value=own if own is not None else of_class, origin=origin))
    return found


def functions(card: Card, lists: Mapping[int, GroupList], records: Iterable[RecordView]) -> list[FunctionUse]:
    """What the card may do with each service, and its records of the day."""
    used = Counter(record.service for record in records)
    limits: dict[str, FunctionLimit] = {"data": card.data, "sms": card.sms, "voice": card.voice}
    return [
        FunctionUse(
            service=service,
            mode=limit.mode.name.lower(),
            list=_list(lists.get(limit.list)) if limit.list is not None else None,
            used_today=used[service],
        )
        for service, limit in limits.items()
    ]


def usage(day: date, records: Sequence[RecordView], *, complete: bool) -> CardUsage:
    """What the records of a day add up to."""
    by_hour = Counter(moment(record.ts).hour for record in records)
    return CardUsage(
        day=day,
        records=len(records),
        bytes=sum(record.bytes_up + record.bytes_down for record in records),
        peers=len({record.peer for record in records if record.peer}),
        cells=len({record.cell for record in records if record.cell}),
        imeis=len({record.imei for record in records if record.imei}),
        by_hour=[by_hour[hour] for hour in range(24)],
        complete=complete,
    )


def record_rows(look_up: LookUp, records: Sequence[RecordView]) -> list[CardRecordRow]:
    """Usage records in people's terms."""
    cells = look_up.cells(record.cell for record in records)
    return [
        CardRecordRow(
            at=moment(record.ts),
            service=record.service,
            duration_s=record.duration,
            bytes_up=record.bytes_up,
            bytes_down=record.bytes_down,
            peer=record.peer,
            imei=record.imei or None,
            cell=record.cell_text or cells.get(record.cell),
            area=look_up.area(AreaId(record.area)),
            quality=list(record.quality),
        )
        for record in records
    ]


def _list(found: GroupList | None) -> ListRef | None:
    if found is None:
        return None
    return ListRef(
        code=found.code, entries=len(found.entries), first=[text for _, text in found.entries[:FIRST_ENTRIES]]
    )
