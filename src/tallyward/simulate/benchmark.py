"""Segments and profiles of a simulated day, written straight in the platform's own schemas: the benchmark's input.

Cards are made in blocks, so memory does not grow with the fleet. What the registry and the intake would have stored is
stored: ids are card numbers, cells have spatial ids, volumes saturate at 32 bits, records are sorted by card.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tallyward.records.schema import ROW_GROUP, SEGMENT_ENCODING, USAGE
from tallyward.registry.profile_schema import BUCKET_CARDS, PROFILE, PROFILE_ENCODING, ProfileSnapshot
from tallyward.simulate.faults import lost_cells
from tallyward.simulate.fleet import Fleet, build_fleet
from tallyward.simulate.profiles import profile_table, write_reference
from tallyward.simulate.strangers import make_strangers
from tallyward.simulate.truth import card_hits
from tallyward.simulate.usage import usage_of_cards, usage_of_strangers

UNKNOWN_BUCKET: Final = 0xFFFF
DEFAULT_DAY: Final = date(2026, 3, 2)

_BLOCK: Final = 42_000  # cards made at once: about four row groups of records


@dataclass(frozen=True, slots=True)
class BenchmarkData:
    """What was written. `truth_flags` has columns card_id (uint32) and rule (string), sorted by rule, then card."""

    day: date
    records: int
    profile_snapshot: ProfileSnapshot
    segments: tuple[tuple[int, Path, int], ...]
    """(bucket, file, rows); bucket 0xFFFF holds the records of unknown cards."""
    truth_flags: pa.Table
    unknown_cards: int
    unknown_cells: int


def write(folder: Path, cards: int, seed: int, day: date = DEFAULT_DAY, fault_share: float = 1.0) -> BenchmarkData:
    """A day of `cards` cards, two of three bound to a terminal, under `folder`: about 11.5 records a card."""
    folder.mkdir(parents=True, exist_ok=True)
    fleet = build_fleet(cards=cards, terminals=cards * 3 // 4, seed=seed, day=day, names=False, fault_share=fault_share)
    snapshot = write_reference(fleet, folder)
    segments = []
    for bucket in range(cards // BUCKET_CARDS + 1):
        profile, segment = folder / f"profiles-{bucket:05}.parquet", folder / f"segment-{bucket:05}.parquet"
        snapshot.profiles[bucket] = profile
        segments.append((bucket, segment, _write_bucket(fleet, bucket, profile, segment)))
    strangers = make_strangers(fleet)
    unknown = folder / "segment-unknown.parquet"
    pq.write_table(usage_of_strangers(strangers, fleet.scene.cells), unknown, **SEGMENT_ENCODING)
    segments.append((UNKNOWN_BUCKET, unknown, len(strangers.records)))
    return BenchmarkData(
        day=day,
        records=sum(rows for _, _, rows in segments),
        profile_snapshot=snapshot,
        segments=tuple(segments),
        truth_flags=_flags(fleet),
        unknown_cards=len(strangers),
        unknown_cells=len(lost_cells(fleet.cast)),
    )


def _write_bucket(fleet: Fleet, bucket: int, profile: Path, segment: Path) -> int:
    """Profiles and records of one bucket; the number of records."""
    first, last = max(bucket * BUCKET_CARDS, 1), min((bucket + 1) * BUCKET_CARDS - 1, fleet.cards)
    rows = 0
    with (
        pq.ParquetWriter(profile, PROFILE, **PROFILE_ENCODING) as profiles,
        pq.ParquetWriter(segment, USAGE, **SEGMENT_ENCODING) as usage,
    ):
        for start in range(first, last + 1, _BLOCK):
            cards, records = fleet.block(start, min(start + _BLOCK - 1, last))
            profiles.write_table(profile_table(fleet, cards))
            usage.write_table(usage_of_cards(cards, records, fleet.scene.cells), row_group_size=ROW_GROUP)
            rows += len(records)
    return rows


def _flags(fleet: Fleet) -> pa.Table:
    found = card_hits(fleet)
    names = np.repeat(list(found), [len(numbers) for numbers in found.values()])
    return pa.table(
        {"card_id": np.concatenate(list(found.values())).astype(np.uint32), "rule": pa.array(names, pa.string())}
    )
