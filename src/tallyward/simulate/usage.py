"""Records as the intake would store them: rows of `records.schema.USAGE`, with card numbers as card ids."""

import numpy as np
import pyarrow as pa

from tallyward.records.schema import (
    KM_PER_DEGREE,
    TAG_SHIFT,
    TILE_KM,
    UNKNOWN_CELL_BASE,
    USAGE,
    Quality,
)
from tallyward.simulate.areas import PLACES
from tallyward.simulate.cells import Cells
from tallyward.simulate.columns import Cards, Records
from tallyward.simulate.draws import I64
from tallyward.simulate.strangers import Strangers

_MOST_BYTES = (1 << 32) - 1
_INTAKE = 1


def usage_of_cards(cards: Cards, records: Records, cells: Cells) -> pa.Table:
    """Records of known cards."""
    none = np.zeros(len(records), dtype=np.int64)
    return _table(records, cells, card=cards.number[records.card], stranger=none, quality=none)


def usage_of_strangers(strangers: Strangers, cells: Cells) -> pa.Table:
    """Records of unknown cards."""
    records = strangers.records
    none = np.zeros(len(records), dtype=np.int64)
    stranger = (strangers.tag << TAG_SHIFT) + strangers.digits()
    return _table(records, cells, card=none, stranger=stranger[records.card], quality=none + Quality.UNKNOWN_CARD)


def _table(records: Records, cells: Cells, *, card: I64, stranger: I64, quality: I64) -> pa.Table:
    known = (records.cell >= 0) & (records.cell < UNKNOWN_CELL_BASE)
    at = np.where(known, records.cell, 0)
    lost = records.cell >= UNKNOWN_CELL_BASE
    saturated = (records.up > _MOST_BYTES) | (records.down > _MOST_BYTES)
    columns = {
        "card_id": card,
        "ts": records.time,
        "dur": records.duration,
        "svc": records.service,
        "imei": records.imei,
        "peer": records.peer,
        "up": np.minimum(records.up, _MOST_BYTES),
        "dn": np.minimum(records.down, _MOST_BYTES),
        "cell": np.where(known, cells.ids[at], np.where(lost, records.cell, 0)),
        "area": np.where(known, cells.area[at] + 1, _areas_of(records.plmn)),
        "gx": np.where(known, _tiles(cells.longitude, 180)[at], 0),
        "gy": np.where(known, _tiles(cells.latitude, 90)[at], 0),
        "plmn": records.plmn,
        "rat": records.rat,
        "stranger": stranger,
        "src": np.full(len(records), _INTAKE),
        "quality": quality + lost * int(Quality.UNKNOWN_CELL) + saturated * int(Quality.SATURATED),
    }
    order = np.argsort((card << 32) | records.time, kind="stable")  # as segments are: by card, then time
    return pa.table(
        [pa.array(columns[field.name].astype(field.type.to_pandas_dtype())[order]) for field in USAGE], schema=USAGE
    )


def _tiles(micro: I64, shift: int) -> I64:
    """`records.schema.tile_of` for whole columns."""
    return ((micro / 1e6 + shift) * KM_PER_DEGREE / TILE_KM).astype(np.int64) + 1


def _areas_of(plmn: I64) -> I64:
    """Area of the serving network, where it is one abroad."""
    area = np.zeros_like(plmn)
    for number, place in enumerate(PLACES):
        if place.plmn:
            area[plmn == place.plmn[0] * 1000 + int(place.plmn[1])] = number + 1
    return area
