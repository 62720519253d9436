"""Near misses are near: measured in the records, not read from what the roles intend."""

from collections.abc import Iterator
from math import cos, radians

import numpy as np
import pytest

from tallyward.records.schema import KM_PER_DEGREE
from tallyward.simulate.columns import DAY_BYTES, MAX_CELLS, MAX_IMEIS, MAX_PEERS, MONTH_BYTES, NOT_SET, Cards, Records
from tallyward.simulate.draws import I64
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.near_misses import NEAR_MISSES


@pytest.fixture(scope="module")
def playing(fleet: Fleet, cards: Cards) -> dict[str, I64]:
    return {role.name: np.flatnonzero(cards.role == number) for number, role in enumerate(fleet.cast.roles)}


def _of(records: Records, at: I64) -> Iterator[tuple[int, I64]]:
    for card in at.tolist():
        yield card, np.flatnonzero(records.card == card)


def _volumes(records: Records, at: I64) -> I64:
    return np.array([(records.up + records.down)[mine].sum() for _, mine in _of(records, at)])


def test_volumes_reach_ninety_percent_and_the_limit_itself(
    cards: Cards, records: Records, playing: dict[str, I64]
) -> None:
    at = playing["nearly_full"]
    share = _volumes(records, at) / cards.limits[DAY_BYTES, at]
    assert share.min() >= 0.899
    assert 0.97 < share.max() < 1
    assert np.array_equal(_volumes(records, playing["full"]), cards.limits[DAY_BYTES, playing["full"]])
    at = playing["full_month"]
    left = cards.limits[MONTH_BYTES, at] - _volumes(records, at)
    assert (left >= 0).all()
    assert (left < 1000).all()


@pytest.mark.parametrize(
    ("role", "column", "limit"),
    [
        ("all_cells", "cell", MAX_CELLS),
        ("all_peers", "peer", MAX_PEERS),
        ("all_peers_of_list", "peer", MAX_PEERS),
        ("all_devices", "imei", MAX_IMEIS),
    ],
)
def test_distinct_values_are_exactly_as_many_as_allowed(
    cards: Cards, records: Records, playing: dict[str, I64], role: str, column: str, limit: int
) -> None:
    values = getattr(records, column)
    for card, mine in _of(records, playing[role]):
        assert len(set(values[mine].tolist())) == cards.limits[limit, card]
        assert len(mine) > cards.limits[limit, card]


@pytest.mark.parametrize("role", ["near_north", "near_east"])
def test_spans_are_just_under_fifty_km(fleet: Fleet, records: Records, playing: dict[str, I64], role: str) -> None:
    cells = fleet.scene.cells
    for _, mine in _of(records, playing[role]):
        lat, lon = cells.latitude[records.cell[mine]] / 1e6, cells.longitude[records.cell[mine]] / 1e6
        east = (lon.max() - lon.min()) * cos(radians(lat.mean()))
        assert 49 < max(lat.max() - lat.min(), east) * KM_PER_DEGREE < 49.95


def test_seven_cards_share_a_device_that_may_be_the_terminal_of_an_eighth(
    cards: Cards, records: Records, playing: dict[str, I64]
) -> None:
    for role, sharing in (("seven_alone", 7), ("seven_with_host", 8)):
        assert len(playing[role])
        for imei in set(cards.device[playing[role]].tolist()):
            seen = set(records.card[records.imei == imei].tolist())
            assert len(seen) == sharing
            assert sum(cards.terminal[card] == NOT_SET for card in seen) == 7


def test_watched_areas_are_visited_with_leave_or_are_home(
    fleet: Fleet, cards: Cards, records: Records, playing: dict[str, I64]
) -> None:
    watched = {34, 35, 36}
    for role in ("roams_allowed", "lives_watched"):
        for card, mine in _of(records, playing[role]):
            areas = set(fleet.scene.cells.area[records.cell[mine]].tolist())
            assert areas & watched
            assert cards.roams[card] or areas & watched == {int(cards.area[card])}
    for _, mine in _of(records, playing["roams_harmless"]):
        assert set(fleet.scene.cells.area[records.cell[mine]].tolist()) & {37, 38, 39, 40}


def test_unregistered_cards_are_silent(records: Records, playing: dict[str, I64]) -> None:
    assert not np.isin(records.card, playing["unnamed_silent"]).any()


def test_about_three_cards_of_a_hundred_come_near(playing: dict[str, I64], cards: Cards) -> None:
    near = sum(len(playing[role.name]) for role in NEAR_MISSES)
    assert 0.025 < near / len(cards) < 0.05
    assert (cards.own != NOT_SET).any()
