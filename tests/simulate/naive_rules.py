"""The seven rules, straight from their sentences, in plain pandas: slow, and sharing no line with what it checks.

Takes records with texts (peers, cells) and profiles as data frames; gives {rule: set of card ids}.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from math import cos, radians
from typing import Any

import pandas as pd

KM_A_DEGREE = 111.195
SERVICES = ("data", "sms", "voice")
DEFAULTS = {"day_bytes": 2**31, "month_bytes": 30 * 2**30, "max_peers": 64, "max_cells": 4, "max_imeis": 3}
SPAN_KM = 50
CARDS_PER_IMEI = 8


def on_list(peer: str, entries: Iterable[tuple[str, str]]) -> bool:
    for kind, text in entries:
        if kind == "ipv4":
            if "." in peer and peer.replace(".", "").isdigit() and ip_address(peer) in _network(text):
                return True
        elif text == peer:
            return True
    return False


@cache
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text)


def span_km(places: list[tuple[float, float]]) -> float:
    if not places:
        return 0.0
    lats, lons = [lat for lat, _ in places], [lon for _, lon in places]
    middle = (min(lats) + max(lats)) / 2
    return max(max(lats) - min(lats), (max(lons) - min(lons)) * cos(radians(middle))) * KM_A_DEGREE


def limit(profile: Any, name: str) -> int:
    value = getattr(profile, name)
    return DEFAULTS[name] if pd.isna(value) else int(value)


def over(profile: Any, name: str, seen: int) -> bool:
    return seen > limit(profile, name)


def verdicts(
    records: pd.DataFrame,
    profiles: pd.DataFrame,
    lists: Mapping[Any, list[tuple[str, str]]],
    fraud: Collection[Any],
    places: Mapping[Any, tuple[float, float]],
) -> dict[str, set[int]]:
    """Records: card_id, service, imei, peer, bytes, cell, area; an absent value is None, 0 or the empty text."""
    found: dict[str, set[int]] = {f"R{number}": set() for number in range(1, 8)}
    profile_of = {int(row.card_id): row for row in profiles.itertuples()}
    away: dict[int, set[int]] = {}
    of_card: dict[int, list[Any]] = {}
    for record in records[records.card_id > 0].itertuples():
        of_card.setdefault(int(record.card_id), []).append(record)
    for card, own in of_card.items():
        profile = profile_of[card]
        for rule, hit in _one_card(profile, own, lists, fraud, places):
            if hit:
                found[rule].add(card)
        for imei in {record.imei for record in own} - {0, profile.imei_bound}:
            away.setdefault(int(imei), set()).add(card)
    for cards in away.values():
        if len(cards) >= CARDS_PER_IMEI:
            found["R4"] |= cards
    return found


def _one_card(profile: Any, records: list[Any], lists: Any, fraud: Any, places: Any) -> list[tuple[str, bool]]:
    cells = {r.cell for r in records if r.cell}
    known = [places[cell] for cell in cells if cell in places]
    moved = over(profile, "max_cells", len(cells)) or span_km(known) > SPAN_KM
    imeis = {r.imei for r in records if r.imei}
    volume = sum(r.bytes for r in records)
    greedy = over(profile, "day_bytes", volume) or over(profile, "month_bytes", volume)
    return [
        ("R1", any(getattr(profile, f"{r.service}_mode") == 0 for r in records)),
        ("R2", any(_off_list(profile, r, lists) for r in records)),
        ("R3", any(r.area in fraud and r.area != profile.home_area and not profile.roam_ok for r in records)),
        ("R4", over(profile, "max_imeis", len(imeis)) or (bool(profile.imei_bound) and imeis != {profile.imei_bound})),
        ("R5", bool(profile.fixed) and moved),
        ("R6", greedy or over(profile, "max_peers", len({r.peer for r in records if r.peer}))),
        ("R7", not profile.rn_active and bool(records)),
    ]


def _off_list(profile: Any, record: Any, lists: Any) -> bool:
    if getattr(profile, f"{record.service}_mode") != 1 or not record.peer:
        return False
    return not on_list(record.peer, lists[getattr(profile, f"{record.service}_list")])
