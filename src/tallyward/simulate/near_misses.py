"""Clean cards that come near a limit, each in its own way: a rule that is lax by one shows as a false finding."""

from functools import partial
from typing import Final

import numpy as np

from tallyward.registry.model import RealName
from tallyward.simulate.areas import HARMLESS_ABROAD, WATCH_ABROAD, WATCH_HOME
from tallyward.simulate.cells import NEAR_EAST, NEAR_NORTH, TOWN_CELLS
from tallyward.simulate.columns import (
    DATA,
    DAY_BYTES,
    MAX_CELLS,
    MAX_IMEIS,
    MAX_PEERS,
    MONTH_BYTES,
    REAL_NAMES,
    SMS,
    VOICE,
    Cards,
    Days,
    Records,
)
from tallyward.simulate.draws import I64
from tallyward.simulate.faults import in_box, in_middle, one_cell, to_cell, to_outlying
from tallyward.simulate.group_lists import ListForm
from tallyward.simulate.numbering import imeis
from tallyward.simulate.products import RULE_CARDS_PER_IMEI
from tallyward.simulate.roles import Role, Scene

_MOBILE: Final = ("directed-data", "vehicle", "gateway")
_FIXED: Final = ("nb-meter", "pos", "charger", "camera")
_DIRECTED: Final = ("nb-meter", "directed-data", "pos", "vehicle", "charger")
_ANY: Final = (*_DIRECTED, "camera", "gateway")
_HARMLESS: Final = np.array(HARMLESS_ABROAD)
_WATCHED: Final = np.array((*WATCH_ABROAD, WATCH_HOME))


def _nearly_full(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    """90.0 to 99.9 % of the day's volume."""
    thousandths = 900 + scene.draws.below("nearly full", cards.number[at], 100)
    days.volume[at] = cards.limits[DAY_BYTES, at] * thousandths // 1000


def _full(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    """The day's volume to the byte."""
    del scene
    days.volume[at] = cards.limits[DAY_BYTES, at]


def _own_month(cards: Cards, at: I64, scene: Scene) -> None:
    del scene
    cards.own[MONTH_BYTES, at] = 1_000_000
    cards.own[DAY_BYTES, at] = 1_200_000


def _full_month(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    days.volume[at] = cards.limits[MONTH_BYTES, at] - scene.draws.below("month", cards.number[at], 1000)


def _all_cells(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    """As many cells as allowed, no two of them neighbours."""
    del scene
    days.cells[at] = cards.limits[MAX_CELLS, at]
    days.spread[at] = True


def _all_peers(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    """As many peers as allowed, in more records."""
    del scene
    days.records[SMS, at] = 0
    days.records[VOICE, at] = 0
    days.peers[DATA, at] = cards.limits[MAX_PEERS, at]
    days.records[DATA, at] = np.maximum(days.records[DATA, at], cards.limits[MAX_PEERS, at] + 3)


def _all_devices(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    del scene
    days.devices[at] = cards.limits[MAX_IMEIS, at]


def _with_host(cards: Cards, at: I64, scene: Scene) -> None:
    """Seven cards that are bound to nothing, in the terminal of an eighth that is: hosts of even number."""
    del scene
    cards.device[at] = imeis(2 * (cards.turn[at] // _BOX))


def _may_roam(cards: Cards, at: I64, scene: Scene) -> None:
    del scene
    cards.roams[at] = True


def _harmless(records: Records, cards: Cards, at: I64, scene: Scene) -> None:
    to_cell(_HARMLESS[cards.turn[at] % len(_HARMLESS)], records, cards, at, scene)


def _watched(records: Records, cards: Cards, at: I64, scene: Scene) -> None:
    to_cell(_WATCHED[cards.turn[at] % len(_WATCHED)], records, cards, at, scene)


def _lives_watched(cards: Cards, at: I64, scene: Scene) -> None:
    cards.roams[at] = False
    cards.area[at] = WATCH_HOME
    town = scene.draws.below("town", cards.number[at], scene.cells.towns)
    cards.home[at] = scene.cells.middle(WATCH_HOME, town) + cards.home[at] % TOWN_CELLS


def _unnamed(cards: Cards, at: I64, scene: Scene) -> None:
    del scene
    cards.real_name[at] = REAL_NAMES.index(RealName.SUSPENDED)


def _silent(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    del cards, scene
    days.records[:, at] = 0


_BOX: Final = RULE_CARDS_PER_IMEI - 1
_SEVENS: Final = 300_000_000

NEAR_MISSES: Final = (
    Role("host", (), 50, _ANY, bound=True, least=2),  # first of all: its cards are bound to terminals 0, 1, ...
    Role("seven_with_host", (), 70, _ANY, bound=False, group=_BOX, cast=_with_host),
    Role("seven_alone", (), 70, _ANY, bound=False, group=_BOX, cast=partial(in_box, _BOX, _SEVENS)),
    Role("all_devices", (), 200, _ANY, bound=False, act=_all_devices),
    Role("nearly_full", (), 600, _ANY, act=_nearly_full),
    Role("full", (), 100, _ANY, act=_full),
    Role("full_month", (), 100, _ANY, cast=_own_month, act=_full_month),
    Role("all_cells", (), 400, (*_FIXED, "voice-alarm"), act=_all_cells),
    Role("near_north", (), 200, _FIXED, cast=in_middle, act=one_cell, touch=partial(to_outlying, NEAR_NORTH)),
    Role("near_east", (), 200, _FIXED, cast=in_middle, act=one_cell, touch=partial(to_outlying, NEAR_EAST)),
    Role("all_peers", (), 200, ("camera", "gateway"), act=_all_peers),
    Role("all_peers_of_list", (), 200, _DIRECTED, form=ListForm.PREFIX, act=_all_peers),
    Role("roams_harmless", (), 500, _MOBILE, touch=_harmless),
    Role("roams_allowed", (), 100, _MOBILE, cast=_may_roam, touch=_watched),
    Role("lives_watched", (), 100, _ANY, cast=_lives_watched),
    Role("unnamed_silent", (), 200, _ANY, cast=_unnamed, act=_silent),
)
