"""The day that the benchmarks of cards read: its files, its truth, and how much of the machine a plan may have."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tallyward.detect.cards.peer_ranges import ipv4_range, number_range
from tallyward.kernel.ids import SegmentId
from tallyward.records.model import SegmentRef, Snapshot
from tallyward.registry.model import PeerKind
from tallyward.registry.profile_schema import PROFILE, ProfileSnapshot
from tallyward.simulate import benchmark

THREADS = 2
RULES = ("R1", "R2", "R3", "R4", "R5", "R6", "R7")
NEEDED = ("card_id", "ts", "dur", "svc", "imei", "peer", "up", "dn", "cell", "area", "src")
"""What the scan reads of each record."""

Flags = set[tuple[int, str]]
"""(card, rule) of each card that breaks a rule."""

Prepare = Callable[["Day"], Callable[[], Flags]]
"""The one shape of all plans: connects, reads nothing of the records yet, and gives the function that is measured."""


@dataclass(frozen=True)
class Day:
    """A written day. `memory_mb`: what an engine that can be told its limit is told."""

    folder: Path
    day: date
    records: int
    cards: int
    segments: tuple[tuple[int, Path, int], ...]
    memory_mb: int = 6_400

    @property
    def files(self) -> list[str]:
        """All segments."""
        return [str(path) for _, path, _ in self.segments]

    @property
    def profile_files(self) -> list[str]:
        """The cards' profiles, all buckets."""
        return [str(path) for path in self.profiles.profiles.values()]

    @property
    def profiles(self) -> ProfileSnapshot:
        """The registry's side."""
        buckets = {int(path.stem.split("-")[1]): path for path in self.folder.glob("profiles-*.parquet")}
        names = (self.folder / f"{name}.parquet" for name in ("list_entries", "areas", "cells"))
        return ProfileSnapshot(1, self.cards, buckets, *names)

    def snapshot(self, day: date) -> Snapshot:
        """As the records room would list it."""
        refs = (
            SegmentRef(SegmentId(at), path, day, bucket, rows, 0, 0, "")
            for at, (bucket, path, rows) in enumerate(self.segments)
        )
        return Snapshot(1, day, tuple(refs) if day == self.day else ())

    def entries(self) -> pa.Table:
        """The directed lists as ranges of peers: list_id, low, high, both ends included."""
        ranges = [
            (ipv4_range if entry["kind"] == PeerKind.IPV4 else number_range)(entry["list_id"], entry["text"])
            for entry in pq.read_table(self.profiles.list_entries).to_pylist()
        ]
        columns = {"list_id": [one.list for one in ranges]}
        columns |= {"low": [int(one.low) for one in ranges], "high": [int(one.high) for one in ranges]}
        return pa.table(columns, pa.schema([("list_id", pa.uint32()), ("low", pa.uint64()), ("high", pa.uint64())]))

    def truth(self) -> Flags:
        """(card, rule) of every planted fault of R1 to R7."""
        table = pq.read_table(self.folder / "truth.parquet")
        return set(zip(table["card_id"].to_pylist(), table["rule"].to_pylist(), strict=True))


def write_day(folder: Path, cards: int, seed: int, fault_share: float) -> None:
    """Simulate a day, unless it was written before."""
    note = folder / "day.json"
    if note.is_file() and json.loads(note.read_text(encoding="utf-8")).get("profile") == PROFILE.names:
        return
    print(f"simulating {cards:,} cards under {folder}", file=sys.stderr)
    made = benchmark.write(folder, cards, seed, fault_share=fault_share)
    pq.write_table(made.truth_flags, folder / "truth.parquet")
    told = {
        "day": made.day.isoformat(),
        "records": made.records,
        "profile": PROFILE.names,
        "segments": [[bucket, path.name, rows] for bucket, path, rows in made.segments],
    }
    note.write_text(json.dumps(told), encoding="utf-8")


def read_day(folder: Path, cards: int) -> Day:
    """A day written before."""
    told = json.loads((folder / "day.json").read_text(encoding="utf-8"))
    segments = tuple((bucket, folder / name, rows) for bucket, name, rows in told["segments"])
    return Day(folder, date.fromisoformat(told["day"]), told["records"], cards, segments)
