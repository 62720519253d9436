"""What the registry would export of a fleet: profiles by bucket, lists, areas, cells, in `profile_schema`'s form."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tallyward.registry.cadence import Cadence
from tallyward.registry.model import FunctionMode, RealName
from tallyward.registry.profile_schema import AREAS, CELLS, LIMIT_FIELDS, LIST_ENTRIES, PROFILE, ProfileSnapshot
from tallyward.simulate.areas import PLACES
from tallyward.simulate.cards import CLASS_LIMITS
from tallyward.simulate.columns import DATA, NOT_SET, REAL_NAMES, SMS, VOICE, Cards
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.numbering import imeis


def write_reference(fleet: Fleet, folder: Path) -> ProfileSnapshot:
    """List entries, areas and cells; the profiles of the snapshot are still to be written, bucket by bucket."""
    snapshot = ProfileSnapshot(
        version=1,
        cards=fleet.cards,
        profiles={},
        list_entries=folder / "list_entries.parquet",
        areas=folder / "areas.parquet",
        cells=folder / "cells.parquet",
    )
    pq.write_table(_list_entries(fleet), snapshot.list_entries)
    pq.write_table(_areas(), snapshot.areas)
    pq.write_table(_cells(fleet), snapshot.cells)
    return snapshot


def profile_table(fleet: Fleet, cards: Cards) -> pa.Table:
    """The profiles of some cards. Ids of cards are their numbers, those of lists, areas and classes theirs plus one.

    All are of live cadence: a benchmark measures the most that can be asked.
    """
    allowed = (cards.modes != FunctionMode.NONE).astype(np.int64)
    limits = np.where(cards.own == NOT_SET, CLASS_LIMITS[:, cards.product], cards.own)
    bits = (1 << np.arange(len(LIMIT_FIELDS), dtype=np.int64))[:, None]
    columns = {
        "card_id": cards.number,
        "svc_mask": allowed[DATA] + 2 * allowed[SMS] + 4 * allowed[VOICE],
        "roam_ok": cards.roams,
        "home_area": cards.area + 1,
        "fixed": cards.fixed,
        "home_cell": fleet.scene.cells.ids[cards.home],
        "imei_bound": np.where(cards.terminal == NOT_SET, 0, imeis(cards.terminal)),
        "rn_active": cards.real_name == REAL_NAMES.index(RealName.ACTIVE),
        "cadence": np.full(len(cards), Cadence.LIVE.rank),
        "card_class": cards.product + 1,
        "own_limits": ((cards.own != NOT_SET) * bits).sum(axis=0),
    }
    for service, name in ((DATA, "data"), (SMS, "sms"), (VOICE, "voice")):
        columns[f"{name}_mode"] = cards.modes[service]
        columns[f"{name}_list"] = cards.lists[service] + 1
    arrays = {
        name: pa.array(column.astype(PROFILE.field(name).type.to_pandas_dtype())) for name, column in columns.items()
    }
    for row, name in enumerate(LIMIT_FIELDS):
        kind = PROFILE.field(name).type
        arrays[name] = pa.array(limits[row].astype(kind.to_pandas_dtype()), mask=limits[row] == NOT_SET)
    return pa.table([arrays[name] for name in PROFILE.names], schema=PROFILE)


def _list_entries(fleet: Fleet) -> pa.Table:
    rows = [
        (at + 1, kind.value, text) for at, made in enumerate(fleet.scene.lists.lists) for kind, text in made.entries
    ]
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), LIST_ENTRIES, strict=True)],
        schema=LIST_ENTRIES,
    )


def _areas() -> pa.Table:
    columns = (range(1, len(PLACES) + 1), [place.code for place in PLACES], [place.fraud_prone for place in PLACES])
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, AREAS, strict=True)], schema=AREAS)


def _cells(fleet: Fleet) -> pa.Table:
    cells = fleet.scene.cells
    order = np.argsort(cells.ids)
    columns = (cells.ids, cells.area + 1, cells.latitude / 1e6, cells.longitude / 1e6)
    return pa.table(
        [pa.array(column[order]).cast(field.type) for column, field in zip(columns, CELLS, strict=True)], schema=CELLS
    )
