"""Records of one day, made from what the cards do: exact numbers of peers, cells, devices and bytes a card."""

from typing import Final

import numpy as np

from tallyward.kernel.clock import SECONDS_PER_DAY
from tallyward.registry.model import FunctionMode
from tallyward.simulate.cells import TOWN_CELLS, TOWN_SIZE
from tallyward.simulate.columns import DATA, NO_CELL, NOT_SET, SMS, VOICE, Cards, Days, Records
from tallyward.simulate.draws import I64, U64, Flags, part
from tallyward.simulate.group_lists import open_numbers, open_peers, strange_addresses
from tallyward.simulate.numbering import HOME_PLMN, unlisted_imeis
from tallyward.simulate.products import PRODUCTS, RHYTHMS
from tallyward.simulate.roles import Cast, Scene

STEPS: Final = 4096
"""No card has more records a day."""
_STRIDE: Final = 5  # cells of a town that follow each other in steps of five are no neighbours
OTHER_DEVICES: Final = 200_000_000
"""From here on unlisted devices are those that cards hop to."""
LOCAL_AHEAD: Final = 8 * 3600

_UP: Final = np.array([product.up_share for product in PRODUCTS], dtype=np.int64)
_RAT: Final = np.array([product.rat for product in PRODUCTS], dtype=np.int64)
_RHYTHM: Final = np.array([product.rhythm for product in PRODUCTS], dtype=np.int64)


def _second_of(rhythm: tuple[int, ...]) -> list[int]:
    """1,024 even draws to local seconds of the day, more where the rhythm is stronger."""
    edges = np.cumsum([0, *rhythm]) * 1024 // sum(rhythm)
    return [
        hour * 3600 + (step - int(edges[hour])) * 3600 // max(int(edges[hour + 1] - edges[hour]), 1)
        for step in range(1024)
        for hour in [int(np.searchsorted(edges, step, side="right")) - 1]
    ]


_SECONDS: Final = np.array([_second_of(rhythm) for rhythm in RHYTHMS], dtype=np.int64)


def make_records(cards: Cards, days: Days, cast: Cast, scene: Scene) -> Records:
    """All records of these cards, in the order of the cards."""
    counts = days.records.sum(axis=0)
    first = np.cumsum(counts) - counts
    card = np.repeat(np.arange(len(cards), dtype=np.int64), counts)
    step = np.arange(len(card), dtype=np.int64) - first[card]
    bits = scene.draws.bits("record", cards.number[card] * STEPS + step)
    service, within = _services(days, card, step)
    up, down = _bytes(cards, days, card, service, within, bits)
    cell = _cells(cards, days, card, step, scene)
    records = Records(
        first=first,
        card=card,
        step=step,
        service=service,
        time=_times(cards, card, step, bits, scene.start),
        duration=_durations(service, bits),
        imei=_devices(cards, days, card, step),
        peer=_peers(cards, days, card, service, within, scene),
        up=up,
        down=down,
        cell=cell,
        plmn=scene.cells.plmn[cell],
        rat=_RAT[cards.product][card],
    )
    _omit(records, days.plain[card] & (step > 0), cards, bits)
    for which, role in enumerate(cast.roles):
        at = np.flatnonzero(cards.role == which)
        if role.touch and len(at):
            role.touch(records, cards, at, scene)
    return records


def _services(days: Days, card: I64, step: I64) -> tuple[I64, I64]:
    """Service of each record, and which of its service it is: data first, then SMS, then voice."""
    data_end = days.records[DATA][card]
    sms_end = data_end + days.records[SMS][card]
    service = (step >= data_end).astype(np.int64) + (step >= sms_end)
    return service, step - np.where(service == DATA, 0, np.where(service == SMS, data_end, sms_end))


def _times(cards: Cards, card: I64, step: I64, bits: U64, start: int) -> I64:
    local = _SECONDS[_RHYTHM[cards.product][card], part(bits, 0, 10)] + part(bits, 10, 6)
    time = start + (local - LOCAL_AHEAD) % SECONDS_PER_DAY
    at_midnight = (cards.number % 97 == 0)[card]
    time[at_midnight & (step == 0)] = start
    time[at_midnight & (step == 1)] = start + SECONDS_PER_DAY - 1
    return time


def _durations(service: I64, bits: U64) -> I64:
    data = 10 + part(bits, 16, 10)
    return np.where(service == DATA, data, np.where(service == VOICE, 5 + data // 4, 0))


def _bytes(cards: Cards, days: Days, card: I64, service: I64, within: I64, bits: U64) -> tuple[I64, I64]:
    """The card's volume cut into its data records; the first takes what rounding leaves, so the sum is exact."""
    weight = np.where(service == DATA, 1 + part(bits, 26, 8), 0)
    whole = np.maximum(np.bincount(card, weights=weight, minlength=len(cards)).astype(np.int64), 1)
    volume = days.volume[card] * weight // whole[card]
    ends = np.cumsum(days.records.sum(axis=0))
    running = np.concatenate([[0], np.cumsum(volume)])
    spent = running[ends] - running[ends - days.records.sum(axis=0)]
    leftover = np.flatnonzero((service == DATA) & (within == 0))
    volume[leftover] += (days.volume - spent)[card[leftover]]
    up = volume * _UP[cards.product][card] >> 8
    return up, volume - up


def _cells(cards: Cards, days: Days, card: I64, step: I64, scene: Scene) -> I64:
    """Fixed cards: home and its neighbour, or as many as the day says. Mobile ones: on through towns of their area."""
    home = cards.home[card]
    number = home % TOWN_SIZE
    town = home - number
    visit = np.where(step < days.cells[card], step, 0)
    spread = town + (number + visit * _STRIDE) % TOWN_CELLS
    near = np.where(days.spread[card] | (visit == 0), spread, scene.cells.next[home])
    leg = step * days.cells[card] // np.maximum(days.records.sum(axis=0)[card], 1)
    base = cards.area[card] * scene.cells.towns
    on_road = (base + (town // TOWN_SIZE - base + leg // 2) % scene.cells.towns) * TOWN_SIZE
    on_road += (number + leg * 5) % TOWN_CELLS
    return np.where(cards.fixed[card], near, on_road)


def _devices(cards: Cards, days: Days, card: I64, step: I64) -> I64:
    imei = cards.device[card]
    other = np.flatnonzero((step > 0) & (step < days.devices[card]))
    imei[other] = unlisted_imeis(OTHER_DEVICES + cards.number[card[other]] * 16 + step[other])
    return imei


def _peers(cards: Cards, days: Days, card: I64, service: I64, within: I64, scene: Scene) -> I64:
    number = cards.number[card]
    of_list = cards.lists[service, card]
    regular = days.records[service, card] - days.strays[service, card]
    step = within % np.maximum(days.peers[service, card], 1)
    listed = scene.lists.pool[of_list, (number + step) % scene.lists.size[of_list]]
    stray = within - regular
    open_data = np.where(stray >= 0, strange_addresses(number, stray), open_peers(number * 131, step))
    open_call = open_numbers(number, np.where(stray >= 0, 500 + stray, step))
    free = np.where(service == DATA, open_data, open_call)
    return np.where((of_list != NOT_SET) & (stray < 0), listed, free)


def _omit(records: Records, may: Flags, cards: Cards, bits: U64) -> None:
    """What real records lack: the IMEI of most SMS, now and then an IMEI, a cell, the peer of an undirected card."""
    chance = part(bits, 40, 10)
    directed = cards.modes[records.service, records.card] == FunctionMode.DIRECTED
    records.imei[may & (((records.service == SMS) & (chance < 640)) | (chance < 10))] = 0
    no_cell = may & (chance >= 1014)
    records.cell[no_cell] = NO_CELL
    records.plmn[no_cell] = HOME_PLMN
    records.peer[may & ~directed & (chance >= 700) & (chance < 710)] = 0
