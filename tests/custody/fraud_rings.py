"""A year of honest trade with planted rings: a leaky shop, a laundering chain, a ring of newcomers, a whitewashed name.

All of it are real signed entries. Honest members have what honest members have: a few rejected papers, a few users who
misuse their cards, a miscounted shelf.
"""

from dataclasses import dataclass, field
from random import Random

from tallyward.custody.reports import StockReport
from tallyward.custody.states import CardState
from tests.custody.market import Market

RESELLERS = tuple(f"RES{one}" for one in range(4))
SHOPS = tuple(f"SHOP{one}" for one in range(12))
LEAKY = ("LEAKY",)
LAUNDERERS = ("WASH1", "WASH2", "WASHSHOP")
NEWCOMERS = ("NEW1", "NEW2", "NEWSHOP")
WHITEWASHED = ("OLDNAME", "NEWNAME")
LINKS = {"OLDNAME": "legal-person-7", "NEWNAME": "legal-person-7"}
HONEST_NEWCOMER = "YOUNG"
PLANTED = (*LEAKY, *LAUNDERERS, *NEWCOMERS, *WHITEWASHED)
HONEST = (*RESELLERS, *SHOPS)
MONTHS = 12


@dataclass
class Year:
    """The market after a year; `misdeeds`: how many incidents each planted member caused."""

    market: Market
    misdeeds: dict[str, int] = field(default_factory=dict)


def year(seed: int = 1, cards: int = 40) -> Year:
    """A year of months, in each of which every shop gets `cards` cards."""
    chance = Random(seed)
    kinds = dict.fromkeys((*RESELLERS, "WASH1", "WASH2"), "reseller")
    kinds |= dict.fromkeys((*SHOPS, *LEAKY, "WASHSHOP", "OLDNAME"), "retail")
    market = Market(kinds)
    found = Year(market)
    for month in range(MONTHS):
        if month == MONTHS - 3:
            market.join("NEW1", "reseller")
            market.join("NEW2", "reseller")
            for shop in ("NEWSHOP", "NEWNAME", HONEST_NEWCOMER):
                market.join(shop, "retail")
        _honest_month(market, chance, month, cards)
        _planted_month(found, month, cards)
        market.pass_days(30)
    market.pass_days(1)
    return found


def _honest_month(market: Market, chance: Random, month: int, cards: int) -> None:
    shops = SHOPS + ((HONEST_NEWCOMER,) if month >= MONTHS - 3 else ())
    market.lot(f"L{month}", cards * len(shops))
    share = cards * len(shops) // len(RESELLERS)
    for at, reseller in enumerate(RESELLERS):
        market.sell(f"L{month}", at * share, at * share + share, "OP", reseller)
    for at, shop in enumerate(shops):
        start = at * cards
        for of, reseller in enumerate(RESELLERS):
            first, end = max(start, of * share), min(start + cards, of * share + share)
            if first < end:
                market.sell(f"L{month}", first, end, reseller, shop)
                market.activate(shop, f"L{month}", first, end, rejected=chance.random() < 0.3)
        if chance.random() < 0.1:
            market.incident("sms_flood", f"L{month}", start, start + 1)
        if chance.random() < 0.05:
            market.incident("stock_in_use", f"L{month}", start, start + 1)
    if month % 3 == 2:
        _honest_counts(market, chance, month)


def _honest_counts(market: Market, chance: Random, month: int) -> None:
    """Every shop counts its cards; sometimes one too many."""
    lots = sorted(f"L{each}" for each in range(month + 1))
    for shop in SHOPS:
        told = tuple((lot, _left(market, shop, lot) + (chance.random() < 0.05)) for lot in lots)
        market.say(StockReport(shop, market.now, told), shop)


def _left(market: Market, member: str, lot: str) -> int:
    """Cards in stock."""
    state = market.machine.state
    number = state.members.rows[member.encode()].number
    spans = state.spans.standing(state.lots.rows[lot.encode()].number)
    return sum(span.end - span.start for span in spans if span.holder == number and span.state < CardState.ACTIVE)


def _planted_month(found: Year, month: int, cards: int) -> None:
    """Each ring sells half of its cards without registration, and the network sees them."""
    rings = {"LEAKY": ("OP", "RES0", "LEAKY"), "WASH": ("OP", "WASH1", "WASH2", "WASHSHOP")}
    if month < MONTHS - 3:
        rings["OLD"] = ("OP", "RES1", "OLDNAME")
    else:
        rings["NEW"] = ("OP", "NEW1", "NEW2", "NEWSHOP")
    market = found.market
    for ring, way in rings.items():
        lot = f"{ring}{month}"
        market.lot(lot, cards)
        market.sell(lot, 0, cards, *way)
        market.activate(way[-1], lot, 0, cards // 2)
        for slot in range(cards // 2, cards, 4):
            market.incident("stock_in_use", lot, slot, slot + 4)
        found.misdeeds[way[-1]] = found.misdeeds.get(way[-1], 0) + cards // 2
