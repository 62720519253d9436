"""A small day of records, profiles and reference tables on disk, and the plain-Python verdict on it."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from ipaddress import IPv4Address, ip_network
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tallyward.detect.adapters.duckdb_traversal import DuckDbTraversal, Resources
from tallyward.detect.cards import evaluate
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tallyward.detect.service import CardScan
from tallyward.kernel.ids import SegmentId
from tallyward.records.model import SegmentRef, Snapshot, bucket_of
from tallyward.records.schema import TAG_SHIFT, USAGE, PeerTag, SubscriberTag, tile_of
from tallyward.registry.model import PeerKind
from tallyward.registry.profile_schema import AREAS, CELLS, LIST_ENTRIES, PROFILE, ProfileSnapshot

DAY = date(2026, 3, 9)
START = int(datetime(2026, 3, 9, tzinfo=UTC).timestamp())
Row = dict[str, int | None]

PLAIN_PROFILE: Row = {
    "svc_mask": 7,
    "data_mode": 2,
    "sms_mode": 2,
    "voice_mode": 2,
    "roam_ok": 1,
    "home_area": 1,
    "home_cell": 1,
    "imei_bound": 356938035643809,
    "rn_active": 1,
}
PLAIN_RECORD: Row = {
    "ts": START + 100,
    "dur": 5,
    "svc": 0,
    "imei": 356938035643809,
    "peer": (1 << TAG_SHIFT) | 0x0A000001,
    "up": 1,
    "dn": 1,
    "cell": 1,
    "area": 1,
    "plmn": 460000,
    "rat": 6,
    "src": 3,
}
PLACES = {1: (30.0, 110.0), 2: (30.01, 110.0), 3: (30.0, 110.4), 4: (30.9, 110.0), 5: (60.0, 110.0), 6: (60.0, 110.8)}


@dataclass
class World:
    """One day as a test describes it. Lists map an id to (kind, text) entries; prone are area ids."""

    folder: Path
    profiles: dict[int, Row] = field(default_factory=dict)
    records: list[Row] = field(default_factory=list)
    earlier: list[Row] = field(default_factory=list)
    lists: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    prone: frozenset[int] = frozenset({3})
    places: dict[int, tuple[float, float]] = field(default_factory=lambda: dict(PLACES))
    segments_a_bucket: int = 2
    areas: int = 5

    def card(self, card: int, **profile: int | None) -> int:
        self.profiles[card] = {**PLAIN_PROFILE, **profile}
        return card

    def use(self, card: int, times: int = 1, **record: int) -> None:
        self.records += [{**PLAIN_RECORD, "card_id": card, **record}] * times

    # what the rooms below would hand over

    def snapshot(self, day: date) -> Snapshot:
        rows = self.records if day == DAY else self.earlier
        segments: list[SegmentRef] = []
        for (bucket, _part), own in sorted(self._parts(rows).items()):
            path = self.folder / f"{day}-{bucket}-{len(segments)}.parquet"
            pq.write_table(usage_table(own), path)
            segments.append(SegmentRef(SegmentId(len(segments) + 11), path, day, bucket, len(own), 0, 0, "x"))
        return Snapshot(7, day, tuple(segments))

    def days(self) -> tuple[date, ...]:
        return (date(2026, 2, 28), date(2026, 3, 1), DAY) if self.earlier else (DAY,)

    def peer_codes(self, kind: PeerKind, texts: Sequence[str]) -> NDArray[np.uint64]:
        tag = {PeerKind.APN: PeerTag.APN, PeerKind.IPV6: PeerTag.IPV6}[kind]
        return np.array([(tag << TAG_SHIFT) | len(text) for text in texts], np.uint64)

    def peer_text(self, codes: Iterable[int]) -> list[str]:
        return [f"p{int(code) & 0xFFFF}" for code in codes]

    def stranger_text(self, codes: Iterable[int]) -> list[tuple[SubscriberTag, str]]:
        return [(SubscriberTag(int(code) >> TAG_SHIFT), str(int(code) & 0xFFFFFFFF)) for code in codes]

    def cell_text(self, cells: Iterable[int]) -> list[str]:
        return ["460-0-1-77" if cell == 1 << 31 else "" for cell in cells]

    def profile_snapshot(self) -> ProfileSnapshot:
        buckets: defaultdict[int, list[Row]] = defaultdict(list)
        for card, profile in sorted(self.profiles.items()):
            buckets[bucket_of(card)].append({"card_id": card, **profile})  # type: ignore[arg-type] # a bare int
        paths = {}
        for bucket, rows in buckets.items():
            paths[bucket] = self.folder / f"profile-{bucket}.parquet"
            pq.write_table(filled(rows, PROFILE), paths[bucket])
        entries = [(one, kind, text) for one, own in self.lists.items() for kind, text in own]
        areas = [(area, f"CN-{area}", area in self.prone) for area in range(1, self.areas + 1)]
        cells = [(cell, 1, lat, lon) for cell, (lat, lon) in self.places.items()]
        for name, rows_, schema in (("lists", entries, LIST_ENTRIES), ("areas", areas, AREAS), ("cells", cells, CELLS)):
            columns = list(zip(*rows_, strict=True)) or [()] * len(schema)
            arrays = [pa.array(list(column), one.type) for column, one in zip(columns, schema, strict=True)]
            pq.write_table(pa.table(arrays, schema=schema), self.folder / f"{name}.parquet")
        files = [self.folder / f"{name}.parquet" for name in ("lists", "areas", "cells")]
        return ProfileSnapshot(5, len(self.profiles), paths, *files)

    def scan(self, rules: tuple[Rule, ...], memory_mb: int = 400) -> CardScan:
        traversal = DuckDbTraversal(Resources(memory_mb=memory_mb, threads=2))
        return CardScan(traversal, self, self.profile_snapshot, RuleBook(rules, "book"))

    # the plain-Python verdict

    def on_list(self, group: int, peer: int) -> bool:
        tag, value = peer >> TAG_SHIFT, peer & ((1 << TAG_SHIFT) - 1)
        for kind, text in self.lists.get(group, []):
            if kind == "ipv4" and tag == PeerTag.IPV4 and IPv4Address(value) in ip_network(text):
                return True
            if kind == "number" and tag == PeerTag.NUMBER and int(text) == value:
                return True
            if kind == "apn" and tag == PeerTag.APN and len(text) == value:
                return True
        return False

    def verdicts(self, rules: tuple[Rule, ...]) -> set[tuple[int, str]]:
        """(card, rule) by `evaluate`, for registered cards."""
        found: set[tuple[int, str]] = set()
        for rule, fault in ((one, way) for one in rules for way in one.faults):
            keys: defaultdict[int, set[int]] = defaultdict(set)
            for card, profile in self.profiles.items():
                own = [record for record in self.records if record["card_id"] == card]
                earlier = [record for record in self.earlier if record["card_id"] == card]
                beside = evaluate.World(self.on_list, self.prone, self.places, earlier)
                row = {**dict.fromkeys(PROFILE.names, 0), **no_limits(), **profile}
                if own and evaluate.holds(fault, row, own, beside):
                    found.add((card, rule.id))
                for key in evaluate.keys(fault, row, own, beside):
                    keys[key].add(card)
            if fault.across:
                many = int(fault.across.at_least.default or 0)
                found |= {(card, rule.id) for cards in keys.values() if len(cards) >= many for card in cards}
        return found

    def _parts(self, rows: list[Row]) -> dict[tuple[int, int], list[Row]]:
        parts: defaultdict[tuple[int, int], list[Row]] = defaultdict(list)
        for turn, row in zip(itertools.cycle(range(self.segments_a_bucket)), rows, strict=False):
            parts[(bucket_of(row["card_id"]), turn)].append(row)  # type: ignore[arg-type] # a bare int
        return parts


def no_limits() -> Row:
    return dict.fromkeys(("day_bytes", "month_bytes", "max_peers", "max_cells", "max_imeis"))


def filled(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    columns = {one.name: [row.get(one.name, None if one.nullable else 0) for row in rows] for one in schema}
    return pa.table([pa.array(columns[one.name], one.type) for one in schema], schema=schema)


def usage_table(rows: Sequence[Row]) -> pa.Table:
    """Rows sorted as the store sorts them, with the tiles of their cells."""
    placed = []
    for row in sorted(rows, key=lambda row: (row["card_id"], row["ts"])):
        gx, gy = tile_of(*PLACES[row["cell"]]) if row["cell"] in PLACES else (0, 0)
        placed.append({"gx": gx, "gy": gy, **row})
    return filled(placed, USAGE)
