"""Radio cells around the towns of each area, with pairs whose distance is known: just under and just over 50 km."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from tallyward.records.schema import KM_PER_DEGREE
from tallyward.simulate.areas import PLACES
from tallyward.simulate.draws import I64, Draws
from tallyward.simulate.numbering import HOME_MCC, HOME_MNC, HOME_PLMN
from tallyward.simulate.products import RULE_SPAN_KM

TOWN_CELLS: Final = 12
"""Cells of a town, within 5 km of its middle. Number 0 is the middle."""
NEAR_NORTH, NEAR_EAST, FAR_NORTH, FAR_EAST = range(TOWN_CELLS, TOWN_CELLS + 4)
"""Outlying cells of each town: 49.6 km north and east of its middle, 50.4 and 50.6 km north and east of it."""
TOWN_SIZE: Final = TOWN_CELLS + 4

_OUTLYING_KM: Final = {
    NEAR_NORTH: (RULE_SPAN_KM - 0.4, 0.0),
    NEAR_EAST: (0.0, RULE_SPAN_KM - 0.4),
    FAR_NORTH: (RULE_SPAN_KM + 0.4, 0.0),
    FAR_EAST: (0.0, RULE_SPAN_KM + 0.6),
}
_TOWN_MICRO: Final = 42_000  # half the side of a town, in millionths of a degree
_AREA_MICRO: Final = 1_100_000  # towns lie this far around the area's centre, at most


@dataclass(frozen=True, slots=True)
class Cells:
    """All cells; position = (area * towns + town) * TOWN_SIZE + number in the town. Degrees in millionths."""

    towns: int  # of each area
    area: I64
    latitude: I64
    longitude: I64
    plmn: I64
    ids: I64
    """Position to id: from 1, along a Hilbert curve, so cells that lie close have close ids."""
    next: I64
    """Position to that of the next cell of the town along the curve, the one before for the last: a neighbour."""

    def middle(self, area: I64 | int, town: I64 | int) -> I64:
        """Position of the cell in the middle of a town."""
        return np.asarray((np.asarray(area) * self.towns + town) * TOWN_SIZE, dtype=np.int64)

    def cgi(self, position: int) -> str:
        """mcc-mnc-lac-ci in decimal (3GPP TS 23.003 clause 4.3.1)."""
        abroad = PLACES[int(self.area[position])].plmn
        mcc, mnc = abroad or (HOME_MCC, f"{HOME_MNC:02}")
        return f"{mcc}-{mnc}-{4096 + position // TOWN_SIZE}-{1_000_000 + position}"


def unknown_cgi(number: int) -> str:
    """The cgi of a cell that no registry holds."""
    return f"{HOME_MCC}-{HOME_MNC:02}-{64000 + number % 999}-{240_000_000 + number}"


def build_cells(draws: Draws, towns: int) -> Cells:
    """`towns` towns of `TOWN_SIZE` cells in each area."""
    count = len(PLACES) * towns
    town = np.arange(count, dtype=np.int64)
    area = town // towns
    centre = np.array([(place.latitude, place.longitude) for place in PLACES], dtype=np.int64)[area] * 10_000
    middle_lat = centre[:, 0] + draws.below("town latitude", town, 2 * _AREA_MICRO) - _AREA_MICRO
    middle_lon = centre[:, 1] + draws.below("town longitude", town, 2 * _AREA_MICRO) - _AREA_MICRO
    latitude, longitude = _around(draws, middle_lat, middle_lon)
    ids = _along_curve(latitude, longitude)
    return Cells(
        towns=towns,
        area=np.repeat(area, TOWN_SIZE),
        latitude=latitude,
        longitude=longitude,
        plmn=np.array([_plmn(number) for number in range(len(PLACES))], dtype=np.int64)[np.repeat(area, TOWN_SIZE)],
        ids=ids,
        next=_neighbours(ids),
    )


def _plmn(area: int) -> int:
    abroad = PLACES[area].plmn
    return abroad[0] * 1000 + int(abroad[1]) if abroad else HOME_PLMN


def _around(draws: Draws, middle_lat: I64, middle_lon: I64) -> tuple[I64, I64]:
    count = len(middle_lat) * TOWN_SIZE
    cell = np.arange(count, dtype=np.int64)
    number = cell % TOWN_SIZE
    spread = np.where(number == 0, 0, 1)
    latitude = np.repeat(middle_lat, TOWN_SIZE)
    longitude = np.repeat(middle_lon, TOWN_SIZE)
    latitude += spread * (draws.below("cell latitude", cell, 2 * _TOWN_MICRO) - _TOWN_MICRO)
    longitude += spread * (draws.below("cell longitude", cell, 2 * _TOWN_MICRO) - _TOWN_MICRO)
    shrink = np.array([math.cos(math.radians(micro / 1e6)) for micro in middle_lat.tolist()])
    for outlying, (north, east) in _OUTLYING_KM.items():
        latitude[outlying::TOWN_SIZE] = middle_lat + round(north / KM_PER_DEGREE * 1e6)
        # whole ten-thousandths of a degree: no library's last digit of a cosine can show
        longitude[outlying::TOWN_SIZE] = middle_lon + np.round(east / (KM_PER_DEGREE * shrink) * 1e4).astype(int) * 100
    return latitude, longitude


def _along_curve(latitude: I64, longitude: I64) -> I64:
    order = np.argsort(_hilbert(longitude + 180_000_000, latitude + 90_000_000), kind="stable")
    ids = np.empty(len(order), dtype=np.int64)
    ids[order] = np.arange(1, len(order) + 1)
    return ids


def _neighbours(ids: I64) -> I64:
    order = np.argsort(ids.reshape(-1, TOWN_SIZE)[:, :TOWN_CELLS], axis=1)
    following = np.roll(order, -1, axis=1)
    following[:, -1] = order[:, -2]
    found = np.tile(np.arange(TOWN_SIZE, dtype=np.int64), (len(order), 1))
    np.put_along_axis(found, order, following, axis=1)
    return (found + np.arange(len(order), dtype=np.int64)[:, None] * TOWN_SIZE).reshape(-1)


def _hilbert(x: I64, y: I64) -> I64:
    """Distance along a Hilbert curve of order 29 (C. Hamilton, Compact Hilbert Indices, 2006)."""
    x, y = x.copy(), y.copy()
    distance = np.zeros_like(x)
    side = 1 << 28
    while side:
        right, upper = (x & side) > 0, (y & side) > 0
        distance += side * side * ((3 * right) ^ upper)
        flip = right & ~upper
        x, y = (
            np.where(flip, side * 2 - 1 - (x & (side * 2 - 1)), x),
            np.where(flip, side * 2 - 1 - (y & (side * 2 - 1)), y),
        )
        x, y = np.where(upper, x, y), np.where(upper, y, x)
        side >>= 1
    return distance
