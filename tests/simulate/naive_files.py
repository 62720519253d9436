"""Reads a simulated folder as an outsider would, with csv and json only, and judges it by the naive rules."""

import csv
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pandas as pd

from tests.simulate.naive_rules import verdicts

MODES = {"none": 0, "directed": 1, "open": 2}
LIMITS = ("day_bytes", "month_bytes", "max_peers", "max_cells", "max_imeis")
Hit = tuple[str, str, str]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def good(row: dict[str, str]) -> bool:
    named = any(row[name] and row[name].isalnum() and row[name].isascii() for name in ("imsi", "msisdn", "iccid"))
    if not named or (row["imsi"] and not row["imsi"].isdigit()) or row["service"] not in {"data", "sms", "voice"}:
        return False
    try:
        datetime.fromisoformat(row["start_time"])
    except ValueError:
        return False
    octets = row["peer"].split(".") if row["peer"][:1].isdigit() and "." in row["peer"] else []
    return int(row["bytes_up"]) >= 0 and all(int(octet) < 256 for octet in octets)


def records_in(folder: Path) -> list[dict[str, str]]:
    return [row for path in sorted((folder / "records").glob("*.csv")) for row in rows(path) if good(row)]


def judged(folder: Path) -> set[Hit]:
    """Every hit: (rule, kind, number)."""
    registry = folder / "registry"
    cards = rows(registry / "cards.csv")
    classes = {row["code"]: row for row in rows(registry / "classes.csv")}
    lists: dict[str, list[tuple[str, str]]] = {}
    for row in rows(registry / "group_lists.csv"):
        lists.setdefault(row["code"], []).append((row["kind"], row["entry"]))
    areas = rows(registry / "areas.csv")
    cells = {row["cgi"]: row for row in rows(registry / "cells.csv")}
    owner = {row[name]: at + 1 for at, row in enumerate(cards) for name in ("imsi", "msisdn", "iccid")}
    records = pd.DataFrame([_record(row, owner, cells, areas) for row in records_in(folder)])
    imeis = {row["serial"]: row["imei"] for row in rows(registry / "terminals.csv")}
    bound = {row["iccid"]: int(imeis[row["serial"]]) for row in rows(registry / "bindings.csv") if not row["until"]}
    found = verdicts(
        records,
        pd.DataFrame([_profile(at + 1, row, classes[row["card_class"]], bound) for at, row in enumerate(cards)]),
        lists,
        {row["code"] for row in areas if row["fraud_prone"] == "true"},
        {cgi: (float(row["latitude"]), float(row["longitude"])) for cgi, row in cells.items()},
    )
    hits = {(rule, "card", cards[card - 1]["iccid"]) for rule, numbers in found.items() for card in numbers}
    hits |= {("R0.unknown_cell", "cell", cell) for cell in records.cell if cell and cell not in cells}
    return hits | {
        ("R0.unknown_card", kind, number) for kind, number in zip(records.kind, records.number, strict=True) if kind
    }


def _record(
    row: dict[str, str], owner: dict[str, int], cells: dict[str, dict[str, str]], areas: Iterable[dict[str, str]]
) -> dict[str, str | int]:
    kind = next(name for name in ("imsi", "msisdn", "iccid") if row[name])
    card = owner.get(row[kind], 0)
    serving = next((area["code"] for area in areas if row["plmn"] and row["plmn"] in area["plmns"].split()), "")
    return {
        "card_id": card,
        "kind": "" if card else kind,
        "number": row[kind],
        "service": row["service"],
        "imei": int(row["imei"] or 0),
        "peer": row["peer"],
        "bytes": int(row["bytes_up"]) + int(row["bytes_down"]),
        "cell": row["cell"],
        "area": cells[row["cell"]]["area"] if row["cell"] in cells else serving,
    }


def _profile(
    card: int, row: dict[str, str], classes: dict[str, str], bound: dict[str, int]
) -> dict[str, str | int | bool | None]:
    limits = {name: row[name] or classes[name] for name in LIMITS}
    return {
        "card_id": card,
        **{f"{name}_mode": MODES[row[name]] for name in ("data", "sms", "voice")},
        **{f"{name}_list": row[f"{name}_list"] for name in ("data", "sms", "voice")},
        "roam_ok": row["roaming"] == "true",
        "home_area": row["home_area"],
        "fixed": row["fixed"] == "true",
        "imei_bound": bound.get(row["iccid"], 0),
        "rn_active": row["real_name"] == "active",
        **{name: int(value) if value else None for name, value in limits.items()},
    }
