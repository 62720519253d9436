import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.records.schema import tile_of
from tallyward.registry.tiles import along_curve, tiles_of

PLACES = st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=20)


@settings(max_examples=200, deadline=None)
@given(PLACES)
def test_tiles_are_those_of_the_records(places: list[tuple[float, float]]) -> None:
    gx, gy = tiles_of(np.array([place[0] for place in places]), np.array([place[1] for place in places]))
    assert list(zip(gx.tolist(), gy.tolist(), strict=True)) == [tile_of(*place) for place in places]


@settings(max_examples=100, deadline=None)
@given(PLACES)
def test_the_curve_visits_each_place_once(places: list[tuple[float, float]]) -> None:
    order = along_curve(np.array([place[0] for place in places]), np.array([place[1] for place in places]))
    assert sorted(order.tolist()) == list(range(len(places)))


def test_neighbours_on_the_curve_of_a_full_grid_are_neighbours_on_the_ground() -> None:
    side = 64
    step = 360 / 64
    y, x = np.divmod(np.arange(side * side // 2), side)
    latitude, longitude = -90 + (y + 0.5) * step, -180 + (x + 0.5) * step
    order = along_curve(latitude, longitude)
    jumps = [
        math.hypot(*(float(part) for part in pair)) for pair in zip(np.diff(x[order]), np.diff(y[order]), strict=True)
    ]
    assert len(jumps) == side * side // 2 - 1
    assert max(jumps) == 1.0
