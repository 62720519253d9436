"""The products an operator of the simulation sells: classes of cards, their limits, and how their terminals behave."""

from dataclasses import dataclass
from typing import Final

from tallyward.registry.model import Access, FunctionMode, Usage, UsageLimits

_NONE, _DIRECTED, _OPEN = FunctionMode.NONE, FunctionMode.DIRECTED, FunctionMode.OPEN

RULE_LIMITS: Final = UsageLimits(month_bytes=30 << 30, day_bytes=2 << 30, max_peers=64, max_cells=4, max_imeis=3)
RULE_SPAN_KM: Final = 50
RULE_CARDS_PER_IMEI: Final = 8
"""What the rules R4 to R6 take where neither card nor class sets a limit."""


@dataclass(frozen=True, slots=True)
class Product:
    """One class of cards. `share` of a thousand cards; `data`, `sms`, `voice` are fewest and most records a day."""

    code: str
    title_en: str
    title_zh: str
    share: int
    limits: UsageLimits
    modes: tuple[FunctionMode, FunctionMode, FunctionMode]  # data, SMS, voice
    data: tuple[int, int]
    sms: tuple[int, int]
    voice: tuple[int, int]
    peers: int  # most distinct data peers on an ordinary day
    fixed: bool
    roaming: int  # cards of a thousand that may roam
    up_share: int  # of 256 bytes, how many go up
    rat: int  # 3GPP TS 29.274 clause 8.17
    access: Access
    usage: Usage
    rhythm: int  # index of RHYTHMS


def _limits(day: int | None, month: int | None, peers: int | None, cells: int | None, imeis: int | None) -> UsageLimits:
    return UsageLimits(month_bytes=month, day_bytes=day, max_peers=peers, max_cells=cells, max_imeis=imeis)


MB: Final = 1_000_000

PRODUCTS: Final = (
    Product(
        "nb-meter", "NB-IoT meter", "NB-IoT 表计卡", 300, _limits(2 * MB, 30 * MB, 6, None, 2),
        (_DIRECTED, _NONE, _NONE), (3, 8), (0, 0), (0, 0), 2, True, 0, 200, 8, Access.NB_IOT, Usage.PUBLIC, 1,
    ),
    Product(
        "directed-data", "Directed data", "定向流量卡", 220, _limits(20 * MB, 300 * MB, 20, None, 2),
        (_DIRECTED, _DIRECTED, _NONE), (6, 16), (0, 2), (0, 0), 3, False, 100, 150, 6, Access.EMTC, Usage.CONSUMER, 2,
    ),
    Product(
        "pos", "Point-of-sale terminal", "POS 机卡", 130, _limits(8 * MB, 120 * MB, 10, 3, 3),
        (_DIRECTED, _NONE, _NONE), (8, 22), (0, 0), (0, 0), 2, True, 0, 140, 6, Access.LTE, Usage.CONSUMER, 3,
    ),
    Product(
        "vehicle", "Vehicle", "车联网卡", 120, _limits(500 * MB, None, 24, None, None), (_DIRECTED, _OPEN, _DIRECTED),
        (10, 26), (0, 1), (0, 1), 4, False, 400, 60, 10, Access.NR, Usage.CONSUMER, 2,
    ),
    Product(
        "camera", "Camera", "视频监控卡", 80, _limits(2000 * MB, 40_000 * MB, 24, 3, 2), (_OPEN, _NONE, _NONE),
        (12, 28), (0, 0), (0, 0), 4, True, 0, 245, 6, Access.LTE, Usage.PUBLIC, 0,
    ),
    Product(
        "charger", "Charging point", "充电桩卡", 80, _limits(10 * MB, 150 * MB, 20, None, None),
        (_DIRECTED, _DIRECTED, _NONE), (6, 16), (0, 1), (0, 0), 2, True, 0, 128, 6, Access.LTE, Usage.PUBLIC, 3,
    ),
    Product(
        "voice-alarm", "Voice alarm", "语音告警卡", 40, _limits(1 * MB, 10 * MB, 6, 4, 2),
        (_NONE, _DIRECTED, _DIRECTED), (0, 0), (1, 3), (0, 2), 0, True, 0, 128, 6, Access.LTE, Usage.PUBLIC, 0,
    ),
    Product(
        "gateway", "Industrial gateway", "工业网关卡", 30, _limits(None, 60_000 * MB, None, None, 3),
        (_OPEN, _OPEN, _NONE), (14, 30), (0, 1), (0, 0), 6, False, 700, 128, 10, Access.NR, Usage.PRODUCTION, 0,
    ),
)  # fmt: skip

BY_CODE: Final = {product.code: number for number, product in enumerate(PRODUCTS)}

RHYTHMS: Final = (
    (1,) * 24,  # round the clock
    (9, 9, 6, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4, 6, 8),  # readings around local midnight
    (1, 1, 1, 1, 1, 2, 5, 9, 10, 7, 6, 6, 7, 6, 6, 6, 7, 10, 10, 8, 6, 4, 3, 2),  # on the road
    (1, 1, 1, 1, 1, 1, 2, 3, 5, 8, 10, 11, 12, 9, 8, 8, 9, 11, 12, 11, 9, 6, 4, 2),  # shops
)
"""How many records of a day fall into each local hour, relative to each other."""
