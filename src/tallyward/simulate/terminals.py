"""The terminals of a fleet: those that carry a card, and those that speak through a gateway, WiFi or a wire."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from tallyward.registry.model import Access, Usage
from tallyward.simulate.columns import Cards
from tallyward.simulate.draws import I64
from tallyward.simulate.enterprises import FIRMS, FIRST_USER, MAKERS, USERS_PER_PRODUCT
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.numbering import imeis, terminal_models
from tallyward.simulate.products import BY_CODE, PRODUCTS

_GATEWAY: Final = BY_CODE["gateway"]
_JITTER: Final = 4000  # millionths of a degree: a terminal stands within half a kilometre of its cell
_BLOCK: Final = 100_000
_SHORT_RANGE: Final = (Access.LORA, Access.ZIGBEE, Access.BLE)
_OWN_LINE: Final = (Access.WIFI, Access.WIRED, Access.SIGFOX)


@dataclass(frozen=True, slots=True)
class Thing:
    """One terminal. Degrees in millionths, of fixed ones; `gateway` is the serial of the terminal it speaks through."""

    serial: str
    firm: str
    usage: Usage
    access: Access
    vendor: str
    model: str
    firmware: str
    imei: int  # 0: it has none
    home: tuple[int, int] | None
    gateway: str


def serial(number: int) -> str:
    """The serial number of terminal `number`, counted from 0."""
    return f"HX{number:09}"


def things(fleet: Fleet) -> Iterator[Thing]:
    """All terminals in order of their numbers: first those with cards, terminal n with the card of rank n."""
    gateways: dict[int, list[int]] = {}
    for first in range(0, fleet.cellular, _BLOCK):
        ranks = np.arange(first, min(first + _BLOCK, fleet.cellular), dtype=np.int64)
        cards = fleet.numbered(fleet.cast.numbers(ranks))
        for at in np.flatnonzero(cards.product == _GATEWAY).tolist():
            gateways.setdefault(int(cards.user[at]), []).append(first + at)
        yield from _with_cards(fleet, cards, ranks)
    for first in range(fleet.cellular, fleet.terminals, _BLOCK):
        numbers = np.arange(first, min(first + _BLOCK, fleet.terminals), dtype=np.int64)
        yield from _without_cards(fleet, numbers, gateways)


def _with_cards(fleet: Fleet, cards: Cards, numbers: I64) -> Iterator[Thing]:
    draws, cells = fleet.scene.draws, fleet.scene.cells
    numbers_of = imeis(numbers).tolist()
    models = terminal_models(numbers).tolist()
    builds = draws.below("firmware", numbers, 12).tolist()
    latitude = cells.latitude[cards.home] + draws.below("stands north", numbers, 2 * _JITTER) - _JITTER
    longitude = cells.longitude[cards.home] + draws.below("stands east", numbers, 2 * _JITTER) - _JITTER
    for at, number in enumerate(numbers.tolist()):
        product = PRODUCTS[int(cards.product[at])]
        yield Thing(
            serial=serial(number),
            firm=FIRMS[FIRST_USER + int(cards.user[at])].code,
            usage=product.usage,
            access=product.access,
            vendor=_vendor(models[at]),
            model=f"{product.code.upper()}-{models[at] + 1}",
            firmware=_firmware(builds[at]),
            imei=numbers_of[at],
            home=(int(latitude[at]), int(longitude[at])) if cards.fixed[at] else None,
            gateway="",
        )


def _without_cards(fleet: Fleet, numbers: I64, gateways: dict[int, list[int]]) -> Iterator[Thing]:
    """Sensors of the users of gateways: half behind one of their gateways, half on lines of their own."""
    draws, cells = fleet.scene.draws, fleet.scene.cells
    kinds = draws.below("sensor kind", numbers, 6).tolist()
    users = (_GATEWAY * USERS_PER_PRODUCT + draws.below("sensor user", numbers, USERS_PER_PRODUCT)).tolist()
    behind = draws.below("behind", numbers, 1 << 30).tolist()
    places = draws.below("sensor place", numbers, len(cells.area) * 34 // 41).tolist()
    for at, number in enumerate(numbers.tolist()):
        own = gateways.get(users[at], [])
        short = kinds[at] < len(_SHORT_RANGE) and bool(own)
        yield Thing(
            serial=serial(number),
            firm=FIRMS[FIRST_USER + users[at]].code,
            usage=Usage.PRODUCTION,
            access=_SHORT_RANGE[kinds[at]] if short else _OWN_LINE[kinds[at] % len(_OWN_LINE)],
            vendor=_vendor(behind[at] % 10),
            model=f"SENSOR-{1 + behind[at] % 10}",
            firmware=_firmware(behind[at] % 12),
            imei=0,
            home=None if short else (int(cells.latitude[places[at]]), int(cells.longitude[places[at]])),
            gateway=serial(own[behind[at] % len(own)]) if short else "",
        )


def _vendor(model: int) -> str:
    return MAKERS[model % len(MAKERS)][1]


def _firmware(build: int) -> str:
    return f"{1 + build // 6}.{build % 6}.0"
