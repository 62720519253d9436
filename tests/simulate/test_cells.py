from math import cos, radians

import numpy as np
import pytest

from tallyward.records.schema import KM_PER_DEGREE
from tallyward.simulate.areas import PLACES
from tallyward.simulate.cells import (
    FAR_EAST,
    FAR_NORTH,
    NEAR_EAST,
    NEAR_NORTH,
    TOWN_CELLS,
    TOWN_SIZE,
    Cells,
    build_cells,
    unknown_cgi,
)
from tallyward.simulate.draws import Draws


@pytest.fixture(scope="module")
def cells() -> Cells:
    return build_cells(Draws(5), 4)


def _km(cells: Cells, one: int, other: int) -> tuple[float, float]:
    north = abs(int(cells.latitude[one] - cells.latitude[other])) / 1e6 * KM_PER_DEGREE
    shrink = cos(radians(int(cells.latitude[one] + cells.latitude[other]) / 2e6))
    return north, abs(int(cells.longitude[one] - cells.longitude[other])) / 1e6 * KM_PER_DEGREE * shrink


def test_outlying_cells_are_just_under_and_just_over_fifty_km(cells: Cells) -> None:
    for middle in range(0, len(cells.ids), TOWN_SIZE):
        assert 49 < _km(cells, middle, middle + NEAR_NORTH)[0] < 49.9
        assert 49 < _km(cells, middle, middle + NEAR_EAST)[1] < 49.9
        assert 50.2 < _km(cells, middle, middle + FAR_NORTH)[0] < 51
        assert 50.2 < _km(cells, middle, middle + FAR_EAST)[1] < 51


def test_towns_are_small(cells: Cells) -> None:
    for middle in range(0, len(cells.ids), TOWN_SIZE):
        assert max(max(_km(cells, middle, middle + number)) for number in range(TOWN_CELLS)) < 5


def test_ids_are_dense_and_follow_space(cells: Cells) -> None:
    assert sorted(cells.ids.tolist()) == list(range(1, len(cells.ids) + 1))
    order = np.argsort(cells.ids)
    steps = np.abs(np.diff(cells.latitude[order])) + np.abs(np.diff(cells.longitude[order]))
    assert np.median(steps) < 100_000  # a tenth of a degree: within a town


def test_neighbours_are_other_cells_of_the_town_with_close_ids(cells: Cells) -> None:
    regular = np.flatnonzero(np.arange(len(cells.ids)) % TOWN_SIZE < TOWN_CELLS)
    beside = cells.next[regular]
    assert (beside // TOWN_SIZE == regular // TOWN_SIZE).all()
    assert (beside % TOWN_SIZE < TOWN_CELLS).all()
    assert (beside != regular).all()
    assert np.median(np.abs(cells.ids[beside] - cells.ids[regular])) == 1


def test_names_are_different_and_say_the_network(cells: Cells) -> None:
    names = [cells.cgi(position) for position in range(len(cells.ids))]
    assert len(set(names)) == len(names)
    assert unknown_cgi(3) not in names
    for name, plmn in zip(names, cells.plmn.tolist(), strict=True):
        mcc, mnc, _, _ = name.split("-")
        assert int(mcc) * 1000 + int(mnc) == plmn


def test_cells_lie_around_their_areas_centre(cells: Cells) -> None:
    for position in range(0, len(cells.ids), 7):
        place = PLACES[int(cells.area[position])]
        assert abs(int(cells.latitude[position]) - place.latitude * 10_000) < 1_700_000
