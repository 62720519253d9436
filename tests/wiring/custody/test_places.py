"""Distances between areas never say more than the way is."""

from itertools import product
from math import asin, cos, radians, sin, sqrt

import numpy as np
import pytest

from tallyward.custody.usage_facts import NOWHERE
from tallyward.records.schema import tile_of
from tallyward.registry.directory import CellTable
from tallyward.wiring.custody.places import places_of
from tests.custody.chain import new_machine

STATE = new_machine().state
CELLS = {
    1: [(39.9, 116.4), (40.2, 116.9)],  # Beijing
    2: [(31.2, 121.5)],  # Shanghai
    3: [(43.8, 87.6), (39.5, 76.0)],  # Xinjiang
    4: [(-16.5, 179.9)],  # on both sides of the date line
    5: [(-16.5, -179.9)],
    6: [(69.6, 18.9)],
    7: [(69.6, 33.0)],
    8: [(69.0, -140.0)],  # over the pole
}
"""(latitude, longitude) of cells by area; area 9 has none."""
LAST = 9


def table() -> CellTable:
    rows = [(area, *tile_of(*place)) for area, places in CELLS.items() for place in places]
    area, gx, gy = (np.array(column, np.uint16) for column in zip(*rows, strict=True))
    return CellTable([str(at) for at in range(len(rows))], np.arange(len(rows), dtype=np.uint32), area, gx, gy)


def way(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres along a great circle."""
    (up, over), (up2, over2) = (tuple(map(radians, place)) for place in (one, other))
    half = sin((up2 - up) / 2) ** 2 + cos(up) * cos(up2) * sin((over2 - over) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))


@pytest.mark.parametrize("home", CELLS)
def test_no_distance_is_more_than_the_way(home: int) -> None:
    places = places_of(STATE, table(), {"RES": home}, LAST)
    assert places.km.shape == (1, LAST + 1)
    for area, cells in CELLS.items():
        least = min(way(*pair) for pair in product(CELLS[home], cells))
        assert 0 <= places.km[0, area] <= least
    assert places.km[0, 0] == places.km[0, LAST] == places.km[0, home] == 0


def test_far_is_far_and_the_date_line_is_no_border() -> None:
    places = places_of(STATE, table(), {"RES": 1, "SHOP": 4, "UNIT": 6}, LAST)
    rows = dict(zip(STATE.members_by_number, places.of_member.tolist(), strict=True))
    assert {name: row for name, row in rows.items() if row != NOWHERE} == {"RES": 0, "SHOP": 1, "UNIT": 2}
    assert places.km[0, 2] > 900
    assert places.km[0, 3] > 2_000
    assert places.km[1, 5] < 30
    assert 500 < places.km[2, 7] < 545


def test_where_nobody_has_a_home_nothing_is_far() -> None:
    places = places_of(STATE, table(), {"STRANGER": 1}, LAST)
    assert set(places.of_member.tolist()) == {NOWHERE}
    assert places.km.shape == (0, LAST + 1)
