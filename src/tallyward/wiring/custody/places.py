"""How far areas are from where the ledger's members are at home, by the registry's enterprises and cells. Pure."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tallyward.custody.state import State
from tallyward.custody.usage_facts import NOWHERE, Places
from tallyward.records.schema import KM_PER_DEGREE, TILE_KM
from tallyward.registry.directory import CellTable

_ROUND: Final = 360 * KM_PER_DEGREE
_POLE: Final = 90 * KM_PER_DEGREE
_RADIUS: Final = _ROUND / (2 * np.pi)

Columns = NDArray[np.float64]


def places_of(state: State, cells: CellTable, homes: Mapping[str, int], last: int) -> Places:
    """`homes`: areas by codes of enterprises, which are members' names on the ledger too. Regions are ids of areas.

    `last`: the highest of them.

    An area is as large as the box around its cells; two are as far from each other as the longer of the ways between
    their boxes, north to south and east to west, so never farther than they are. What has no cell is near everything.
    """
    areas = sorted({homes[one] for one in state.members_by_number if one in homes})
    row = {area: at for at, area in enumerate(areas)}
    of_member = [row.get(homes.get(one, NOWHERE), NOWHERE) for one in state.members_by_number]
    west, east, south, north = _boxes(cells, last + 1)
    off = _off_equator(south, north)
    km = np.zeros((len(areas), last + 1), np.int32)
    for at, area in enumerate(areas):
        up = np.maximum(south - north[area], south[area] - north)
        over = np.maximum(west - east[area], west[area] - east)
        over = np.minimum(over, _ROUND - np.maximum(east, east[area]) + np.minimum(west, west[area]))
        gap = np.maximum(np.maximum(up, _along(over, np.maximum(off, off[area]))), 0)
        km[at] = np.where(np.isfinite(gap), gap, 0)
    return Places(np.array(of_member, np.int32), km)


def _boxes(cells: CellTable, size: int) -> tuple[Columns, Columns, Columns, Columns]:
    """West, east, south and north sides by area, in km as tiles count them; no numbers where an area has no cell."""
    found = np.full((4, size), np.nan)
    for low, high, tile in ((0, 1, cells.gx), (2, 3, cells.gy)):
        at = tile.astype(np.float64)
        np.fmin.at(found[low], cells.area, (at - 1) * TILE_KM)
        np.fmax.at(found[high], cells.area, at * TILE_KM)
    return found[0], found[1], found[2], found[3]


def _along(over: Columns, off: Columns) -> Columns:
    """The least way between two meridians `over` km apart at the equator, no farther than `off` from it; haversine."""
    half = np.clip(over, 0, _ROUND / 2) / _RADIUS / 2
    way = 2 * _RADIUS * np.arcsin(np.cos(np.minimum(off, np.pi / 2)) * np.sin(half))
    return np.asarray(way, dtype=np.float64)


def _off_equator(south: Columns, north: Columns) -> Columns:
    """The latitude of the side farther from the equator, in radians."""
    return np.radians(np.maximum(np.abs(south - _POLE), np.abs(north - _POLE)) / KM_PER_DEGREE)
