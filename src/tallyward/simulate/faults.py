"""The planted faults: every rule in several variants, each role saying all the rules its cards fall under.

A fault is planted by what the card is and does (`cast`, `act`), or in single records (`touch`), always so that nothing
else of the card passes a limit, unless the role names that rule too.
"""

from functools import partial
from typing import Final

import numpy as np

from tallyward.records.schema import UNKNOWN_CELL_BASE
from tallyward.registry.model import FunctionMode
from tallyward.simulate.areas import PLACES, WATCH_ABROAD, WATCH_HOME
from tallyward.simulate.cells import FAR_EAST, FAR_NORTH, TOWN_CELLS, TOWN_SIZE
from tallyward.simulate.columns import (
    DATA,
    DAY_BYTES,
    MAX_CELLS,
    MAX_IMEIS,
    MAX_PEERS,
    MONTH_BYTES,
    NO_CELL,
    REAL_NAMES,
    SMS,
    VOICE,
    Cards,
    Days,
    Records,
)
from tallyward.simulate.draws import I64
from tallyward.simulate.group_lists import ListForm
from tallyward.simulate.numbering import imeis, unlisted_imeis
from tallyward.simulate.roles import Cast, Role, Scene
from tallyward.simulate.traffic import OTHER_DEVICES

UNKNOWN_CELL: Final = "R0.unknown_cell"
UNKNOWN_CARD: Final = "R0.unknown_card"

BOXES: Final = 5_000_000_000
"""From here on unlisted devices are those that carry the cards of many."""
_PART: Final = 100_000_000
_MIXED: Final = 200_000_000
_LONE_CELLS: Final = 1_000_000
_CARDS_PER_LOST_CELL: Final = 2
_SATURATING: Final = 5_000_000_000
_ABROAD: Final = np.array(WATCH_ABROAD)
_ABROAD_PLMN: Final = np.array([int(p.plmn[0]) * 1000 + int(p.plmn[1]) for p in PLACES if p.plmn and p.fraud_prone])

_MOBILE: Final = ("directed-data", "vehicle", "gateway")
_FIXED: Final = ("nb-meter", "pos", "charger", "camera")
_NO_VOICE: Final = ("nb-meter", "directed-data", "pos", "camera", "charger", "gateway")
_DIRECTED: Final = ("nb-meter", "directed-data", "pos", "vehicle", "charger")
_ANY: Final = (*_DIRECTED, "camera", "gateway")


def use(service: int, most: int, days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    """1 to `most` records of a service, all with one peer."""
    days.records[service, at] = 1 + scene.draws.below("misuse", cards.number[at], most)
    days.peers[service, at] = 1


def _data_without(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    use(DATA, 4, days, cards, at, scene)
    days.volume[at] = 12_345 + cards.number[at] % 100_000


def _stray(service: int, days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    strays = 1 + scene.draws.below("strays", cards.number[at], 2)
    days.records[service, at] += strays
    days.strays[service, at] = strays


def _to_peer(kind: str, records: Records, cards: Cards, at: I64, scene: Scene) -> None:
    """The first record goes to the address past the list's prefix, or to an access point on no list."""
    lists = scene.lists
    if kind == "name" and len(lists.strange_names):
        peers = lists.strange_names[cards.number[at] % len(lists.strange_names)]
    else:
        peers = lists.edge[cards.lists[DATA, at]]
    records.peer[records.first[at]] = peers


def _stay_home(cards: Cards, at: I64, scene: Scene) -> None:
    del scene
    cards.roams[at] = False


def to_cell(area: int | I64, records: Records, cards: Cards, at: I64, scene: Scene) -> None:
    """The second and third record come from cells of an area."""
    town = scene.draws.below("town away", cards.number[at], scene.cells.towns)
    for step in (1, 2):
        cell = scene.cells.middle(area, town) + (cards.number[at] + step) % TOWN_CELLS
        records.cell[records.first[at] + step] = cell
        records.plmn[records.first[at] + step] = scene.cells.plmn[cell]


def _abroad_cell(records: Records, cards: Cards, at: I64, scene: Scene) -> None:
    to_cell(_ABROAD[cards.turn[at] % 2], records, cards, at, scene)


def _abroad_network(cell: int, records: Records, cards: Cards, at: I64, scene: Scene) -> None:
    """The second record names a network abroad, and no cell or one (from `cell` on) that no registry holds."""
    del scene
    second = records.first[at] + 1
    records.cell[second] = NO_CELL if cell == NO_CELL else cell + cards.turn[at]
    records.plmn[second] = _ABROAD_PLMN[cards.turn[at] % 2]


def in_box(size: int, start: int, cards: Cards, at: I64, scene: Scene) -> None:
    """Groups of `size` cards ride in one device that no registry holds."""
    del scene
    cards.device[at] = unlisted_imeis(BOXES + start + cards.turn[at] // size)


def _partly_in_box(size: int, records: Records, cards: Cards, at: I64, scene: Scene) -> None:
    """Groups of `size` cards show one unlisted IMEI, in their first two records only."""
    del scene
    for step in (0, 1):
        records.imei[records.first[at] + step] = unlisted_imeis(BOXES + _PART + cards.turn[at] // size)


def _replaced(cards: Cards, at: I64, scene: Scene) -> None:
    """A new device that nobody has registered, carrying this card alone."""
    del scene
    cards.device[at] = unlisted_imeis(OTHER_DEVICES + cards.number[at] * 16)


def _exchanged(cards: Cards, at: I64, scene: Scene) -> None:
    """Two cards, each in the terminal of the other: the terminals of a group have numbers side by side."""
    del scene
    cards.device[at] = imeis(cards.terminal[at] + 1 - 2 * (cards.turn[at] % 2))


def _borrow(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    """One record from another device."""
    del cards, scene
    days.devices[at] = 2


def _in_box_of_eight(cards: Cards, at: I64, scene: Scene) -> None:
    """Eight cards bound to nothing in a device that no registry holds, or in the terminal of a host of odd number."""
    del scene
    box = cards.turn[at] // 8
    cards.device[at] = np.where(box % 2 == 0, unlisted_imeis(BOXES + box), imeis(box))


def _hop(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    days.devices[at] = cards.limits[MAX_IMEIS, at] + 1 + scene.draws.below("hops", cards.number[at], 2)


def _own_imeis(cards: Cards, at: I64, scene: Scene) -> None:
    del scene
    cards.own[MAX_IMEIS, at] = 1


def _wander(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    days.cells[at] = cards.limits[MAX_CELLS, at] + 1 + scene.draws.below("wanders", cards.number[at], 2)
    days.records[DATA, at] += 2
    days.spread[at] = True


def in_middle(cards: Cards, at: I64, scene: Scene) -> None:
    """The home cell is the one in the middle of the town."""
    del scene
    cards.home[at] -= cards.home[at] % TOWN_SIZE


def to_outlying(number: int, records: Records, cards: Cards, at: I64, scene: Scene) -> None:
    """The third record comes from an outlying cell of the home town."""
    del scene
    records.cell[records.first[at] + 2] = cards.home[at] // TOWN_SIZE * TOWN_SIZE + number


def one_cell(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    """Home only, but for what the role adds."""
    del cards, scene
    days.cells[at] = 1


def _other_end(records: Records, cards: Cards, at: I64, scene: Scene) -> None:
    """The third record comes from the region that is farthest in the list of regions' centres."""
    away = np.where(cards.area[at] == _FAR_WEST, _FAR_EAST_REGION, _FAR_WEST)
    records.cell[records.first[at] + 2] = scene.cells.middle(away, 0)


_FAR_WEST: Final = [place.code for place in PLACES].index("CN-65")
_FAR_EAST_REGION: Final = [place.code for place in PLACES].index("CN-23")


def _one_byte_over(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    del scene
    days.volume[at] = cards.limits[DAY_BYTES, at] + 1


def _flood(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    tenths = 12 + scene.draws.below("flood", cards.number[at], 18)
    days.volume[at] = cards.limits[DAY_BYTES, at] * tenths // 10


def _own_volume(cards: Cards, at: I64, scene: Scene) -> None:
    del scene
    cards.own[DAY_BYTES, at] = 50_000 + cards.number[at] % 1000


def _own_month(cards: Cards, at: I64, scene: Scene) -> None:
    del scene
    cards.own[DAY_BYTES, at] = 1_500_000
    cards.own[MONTH_BYTES, at] = 1_000_000


def _month_over(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    over = 1 + scene.draws.below("month", cards.number[at], 400_000)
    days.volume[at] = cards.limits[MONTH_BYTES, at] + over


def _fan_out(days: Days, cards: Cards, at: I64, scene: Scene) -> None:
    days.peers[DATA, at] = cards.limits[MAX_PEERS, at] + 1 + scene.draws.below("fan", cards.number[at], 5)
    days.records[DATA, at] = np.maximum(days.records[DATA, at], days.peers[DATA, at])


def _saturate(records: Records, cards: Cards, at: I64, scene: Scene) -> None:
    """One record of more bytes than 32 bits hold."""
    del cards, scene
    records.down[records.first[at]] += _SATURATING


def _set_name(state: str, cards: Cards, at: I64, scene: Scene) -> None:
    del scene
    cards.real_name[at] = [name.value for name in REAL_NAMES].index(state)


def _unknown_cell(records: Records, cards: Cards, at: I64, scene: Scene) -> None:
    """Two cards a cell, one record each."""
    del scene
    records.cell[records.first[at] + 1] = UNKNOWN_CELL_BASE + cards.turn[at] // _CARDS_PER_LOST_CELL


def _no_functions(cards: Cards, at: I64, scene: Scene) -> None:
    _set_name("suspended", cards, at, scene)
    cards.modes[VOICE, at] = FunctionMode.NONE


FAULTS: Final = (
    Role("replaced_device", ("R4",), 40, _ANY, bound=True, cast=_replaced),
    Role("exchanged_devices", ("R4",), 20, _ANY, bound=True, group=2, least=2, cast=_exchanged),
    Role("borrowed_device", ("R4",), 20, _ANY, bound=True, act=_borrow),
    Role("box", ("R4",), 70, _ANY, bound=False, group=8, cast=_in_box_of_eight),
    Role("box_in_part", ("R4",), 40, _ANY, bound=False, group=9, touch=partial(_partly_in_box, 9)),
    Role("box_of_eight", ("R4",), 30, _ANY, bound=False, group=7, cast=partial(in_box, 7, _MIXED)),
    Role("eighth_of_box", ("R4",), 20, _ANY, bound=True, least=2, cast=partial(in_box, 1, _MIXED)),
    Role("device_hop", ("R4",), 40, _ANY, bound=False, act=_hop),
    Role("device_hop_own_limit", ("R4",), 20, _ANY, bound=False, cast=_own_imeis, act=_hop),
    Role("voice_without", ("R1",), 80, _NO_VOICE, act=partial(use, VOICE, 3)),
    Role("sms_without", ("R1",), 60, ("nb-meter", "pos", "camera"), act=partial(use, SMS, 3)),
    Role("data_without", ("R1",), 40, ("voice-alarm",), act=_data_without),
    Role("stray_address", ("R2",), 80, _DIRECTED, act=partial(_stray, DATA)),
    Role("past_prefix", ("R2",), 50, _DIRECTED, form=ListForm.PREFIX, touch=partial(_to_peer, "edge")),
    Role("stray_name", ("R2",), 20, _DIRECTED, form=ListForm.NAMES, touch=partial(_to_peer, "name")),
    Role("stray_sms", ("R2",), 30, ("directed-data", "charger", "voice-alarm"), act=partial(_stray, SMS)),
    Role("stray_call", ("R2",), 30, ("voice-alarm", "vehicle"), act=partial(_stray, VOICE)),
    Role("watch_cell", ("R3",), 60, _MOBILE, cast=_stay_home, touch=_abroad_cell),
    Role("watch_network", ("R3",), 40, _ANY, cast=_stay_home, touch=partial(_abroad_network, NO_CELL)),
    Role("watch_home", ("R3",), 50, _MOBILE, cast=_stay_home, touch=partial(to_cell, WATCH_HOME)),
    Role("watch_fixed", ("R3", "R5"), 20, _FIXED, cast=_stay_home, touch=partial(to_cell, WATCH_HOME)),
    Role(
        "watch_unknown_cell",
        ("R3", UNKNOWN_CELL),
        10,
        _MOBILE,
        cast=_stay_home,
        touch=partial(_abroad_network, UNKNOWN_CELL_BASE + _LONE_CELLS),
    ),
    Role("many_cells", ("R5",), 60, _FIXED, act=_wander),
    Role("far_north", ("R5",), 40, _FIXED, cast=in_middle, act=one_cell, touch=partial(to_outlying, FAR_NORTH)),
    Role("far_east", ("R5",), 40, _FIXED, cast=in_middle, act=one_cell, touch=partial(to_outlying, FAR_EAST)),
    Role("other_end", ("R5",), 30, (*_FIXED, "voice-alarm"), act=one_cell, touch=_other_end),
    Role("one_byte_over", ("R6",), 40, _ANY, act=_one_byte_over),
    Role("flood", ("R6",), 40, _ANY, act=_flood),
    Role("over_own_volume", ("R6",), 30, _ANY, cast=_own_volume, act=_one_byte_over),
    Role("over_month", ("R6",), 30, _ANY, cast=_own_month, act=_month_over),
    Role("saturated", ("R6",), 10, ("vehicle", "camera"), touch=_saturate),
    Role("fan_out", ("R6",), 40, ("camera", "gateway"), act=_fan_out),
    Role("fan_out_on_list", ("R6",), 40, _DIRECTED, form=ListForm.PREFIX, act=_fan_out),
    Role("no_name", ("R7",), 60, _ANY, cast=partial(_set_name, "none")),
    Role("name_requested", ("R7",), 50, _ANY, cast=partial(_set_name, "requested")),
    Role("name_suspended", ("R7",), 60, (*_ANY, "voice-alarm"), cast=partial(_set_name, "suspended")),
    Role("suspended_calls", ("R1", "R7"), 20, _NO_VOICE, cast=_no_functions, act=partial(use, VOICE, 3)),
    Role("unknown_cell", (UNKNOWN_CELL,), 60, _ANY, least=6, touch=_unknown_cell),
)


def lost_cells(cast: Cast) -> list[int]:
    """Every cell, counted from `UNKNOWN_CELL_BASE`, that records name and no registry holds."""
    found: list[int] = []
    for role, count in zip(cast.roles, cast.counts, strict=True):
        if role.name == "unknown_cell":
            found += range(-(-count // _CARDS_PER_LOST_CELL))
        elif UNKNOWN_CELL in role.hits:
            found += range(_LONE_CELLS, _LONE_CELLS + count)
    return found
