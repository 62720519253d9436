"""The day as it arrives: mediation CSV files in arrival order, with records that come late, out of order, or broken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from io import SEEK_END, BytesIO
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from tallyward.records.schema import UNKNOWN_CELL_BASE, SubscriberTag
from tallyward.simulate.cells import unknown_cgi
from tallyward.simulate.columns import NO_CELL, Cards, Records
from tallyward.simulate.draws import I64, U64, part
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.numbering import HOME_PLMN, iccids, imsis, msisdns
from tallyward.simulate.sorted_day import Table, sorted_day
from tallyward.simulate.strangers import Strangers, make_strangers
from tallyward.simulate.traffic import LOCAL_AHEAD, STEPS

_SERVICES: Final = pa.array(["data", "sms", "voice"])
_BLOCK: Final = 50_000
_STRANGERS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file: `data` is CSV text in UTF-8 with `records` good rows; its last record came at `at`, UTC seconds."""

    name: str
    data: bytes
    records: int
    at: int


@dataclass(frozen=True, slots=True)
class _Rows:
    """Records as the network tells them: the card by one of its numbers."""

    number: I64  # of the card
    tag: I64  # SubscriberTag: which of its numbers is given
    at: I64  # UTC second of arrival
    service: I64
    time: I64
    duration: I64
    imei: I64
    peer: I64
    up: I64
    down: I64
    cell: I64
    plmn: I64
    rat: I64


_NARROW: Final = {
    **dict.fromkeys(("tag", "service", "rat"), np.uint8),
    **dict.fromkeys(("number", "at", "time", "duration", "plmn"), np.uint32),
}
_NAMES: Final = tuple(one.name for one in fields(_Rows))
_ROW: Final = np.dtype([(name, _NARROW.get(name, np.int64)) for name in _NAMES])
"""A row as narrow as it fits."""


def arrivals(fleet: Fleet, batches: int, scratch: Path | None = None) -> Iterator[Arrival]:
    """The day in `batches` files of about equal size; the records of unknown cards are among them.

    Records are made by card and come by time. In between they lie on the disk of the folder `scratch`, about 60 bytes
    each, so memory holds one block of cards or one file.
    """
    with sorted_day(_ROW, fleet.scene.start, scratch) as day:
        blocks = (_of_cards(fleet, *fleet.block(first, last)) for first, last in fleet.spans(_BLOCK))
        for rows in chain(blocks, [_of_strangers(fleet, make_strangers(fleet))]):
            day.add(_packed(rows))
        for batch, piece in enumerate(day.pieces(batches)):
            rows = _Rows(**{name: piece[name].astype(np.int64) for name in _NAMES})
            latest = int(rows.at.max(initial=fleet.scene.start))
            yield Arrival(f"huaxun-{fleet.day:%Y%m%d}-{batch + 1:04}.csv", _csv(fleet, rows), len(piece), latest)


def _packed(rows: _Rows) -> Table:
    packed = np.empty(len(rows.at), _ROW)
    for name in _NAMES:
        packed[name] = getattr(rows, name)
    return packed


def _of_cards(fleet: Fleet, cards: Cards, records: Records) -> _Rows:
    number = cards.number[records.card]
    bits = fleet.scene.draws.bits("arrival", number * STEPS + records.step)
    spelled = part(bits, 40, 8)
    tag = np.where(
        spelled < 250, SubscriberTag.IMSI, np.where(spelled < 254, SubscriberTag.MSISDN, SubscriberTag.ICCID)
    )
    return _rows(records, number, tag, _delays(bits, records.duration))


def _of_strangers(fleet: Fleet, strangers: Strangers) -> _Rows:
    records = strangers.records
    bits = fleet.scene.draws.bits("arrival", _STRANGERS + np.arange(len(records), dtype=np.int64))
    return _rows(records, strangers.number[records.card], strangers.tag[records.card], _delays(bits, records.duration))


def _rows(records: Records, number: I64, tag: I64, delay: I64) -> _Rows:
    same = {one.name: getattr(records, one.name) for one in fields(_Rows) if one.name not in {"number", "tag", "at"}}
    return _Rows(number=number, tag=tag, at=records.time + delay, **same)


def _delays(bits: U64, duration: I64) -> I64:
    """Most records come within five minutes of their end, one in twelve within two hours, one in fifty far later."""
    chance = part(bits, 0, 10)
    reach = np.where(chance < 20, 10 * 3600, np.where(chance < 100, 2 * 3600, 300))
    return duration + part(bits, 10, 24) * reach // (1 << 24)


def _csv(fleet: Fleet, rows: _Rows) -> bytes:
    columns = {
        "imsi": _named(rows, SubscriberTag.IMSI, imsis),
        "msisdn": _named(rows, SubscriberTag.MSISDN, msisdns),
        "iccid": _named(rows, SubscriberTag.ICCID, iccids),
        "service": _SERVICES.take(pa.array(rows.service)),
        "start_time": _times(rows),
        "duration": rows.duration,
        "imei": pa.array(rows.imei, mask=rows.imei == 0),
        "peer": _texts(rows.peer, 0, fleet.scene.lists.text),
        "bytes_up": rows.up,
        "bytes_down": rows.down,
        "cell": _texts(rows.cell, NO_CELL, lambda code: cgi_of(fleet, code)),
        "plmn": _texts(rows.plmn, 0, lambda code: f"{code // 1000}{code % 1000:02}"),
        "rat": rows.rat,
    }
    out = BytesIO(",".join(columns).encode() + b"\n")
    out.seek(0, SEEK_END)
    pa_csv.write_csv(pa.table(columns), out, pa_csv.WriteOptions(include_header=False, quoting_style="none"))
    return out.getvalue()


def cgi_of(fleet: Fleet, code: int) -> str:
    """The text of a record's cell."""
    return fleet.scene.cells.cgi(code) if code < UNKNOWN_CELL_BASE else unknown_cgi(code - UNKNOWN_CELL_BASE)


def _named(rows: _Rows, tag: SubscriberTag, tell: Callable[[I64], I64 | list[str]]) -> pa.Array:
    """The numbers of the rows that are named so, null in the others."""
    found = np.flatnonzero(rows.tag == tag)
    place = np.zeros(len(rows.tag), dtype=np.int64)
    place[found] = np.arange(len(found))
    texts = pa.array(tell(rows.number[found])).cast(pa.string())
    return texts.take(pa.array(place, mask=rows.tag != tag)) if len(found) else pa.nulls(len(place), pa.string())


def _texts(codes: I64, absent: int, tell: Callable[[int], str]) -> pa.Array:
    """A text for each code, made once for each different one."""
    different, places = np.unique(codes, return_inverse=True)
    words = pa.array([None if code == absent else tell(code) for code in different.tolist()], pa.string())
    return words.take(pa.array(places))


def _times(rows: _Rows) -> pa.Array:
    """ISO 8601: the local time of China with its offset, and UTC abroad; a text for each different one."""
    different, places = np.unique(rows.time * 2 + (rows.plmn == HOME_PLMN), return_inverse=True)
    home = different % 2 == 1
    local = pa.array(different // 2 + np.where(home, LOCAL_AHEAD, 0), pa.timestamp("s"))
    offsets = pa.array(np.where(home, "+08:00", "Z"))
    return pc.binary_join_element_wise(pc.strftime(local, "%Y-%m-%dT%H:%M:%S"), offsets, "").take(pa.array(places))
