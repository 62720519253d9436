"""Small things that many tests of this room need: a registry, CSV lines, usage records, reading back."""

import gzip
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tallyward.records.decode.columns import COLUMNS
from tallyward.records.schema import USAGE
from tallyward.records.service import RecordsService
from tests.records.fake_directory import FakeDirectory

HEADER = ",".join(COLUMNS)
IMSI = 460_001_234_567_890
CARD = 7
FAR_CARD = 600_001  # in bucket 2
DAY = date(2026, 3, 1)
DAY_TS = 1_772_323_200
GOOD = {
    "imsi": str(IMSI),
    "service": "data",
    "start_time": "2026-03-01T08:00:00+08:00",
    "duration": "60",
    "imei": "86012345678901",
    "peer": "10.1.2.3",
    "bytes_up": "100",
    "bytes_down": "200",
    "cell": "460-00-10-20",
    "plmn": "46000",
    "rat": "6",
}


def small_registry() -> FakeDirectory:
    return FakeDirectory(
        imsis={IMSI: CARD, IMSI + 1: FAR_CARD},
        msisdns={8614412345678: 8},
        iccids={"898600A1234567890123": 9},
        cells={"460-00-10-20": (5, 3, 11, 12)},
        plmns={460000: 1, 234015: 9},
    )


def line(**changed: str) -> str:
    """A good line with some fields changed."""
    fields: Mapping[str, str] = GOOD | changed
    return ",".join(fields.get(name, "") for name in COLUMNS)


def csv_of(lines: Iterable[str], header: str = HEADER) -> bytes:
    return ("\n".join([header, *lines]) + "\n").encode()


def gz(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def usage_rows(count: int, seed: int = 1, *, cards: int = 1000, first_ts: int = DAY_TS) -> pa.Table:
    """Usage records of known cards on one day, in no order."""
    rng = np.random.default_rng(seed)
    drawn = {
        "card_id": rng.integers(1, cards + 1, count),
        "ts": first_ts + rng.integers(0, 86_400, count),
        "up": np.arange(count),
        "dn": np.full(count, seed),
    }
    columns = [drawn.get(f.name, np.zeros(count)).astype(f.type.to_pandas_dtype()) for f in USAGE]
    return pa.table(columns, schema=USAGE)


def all_rows(service: RecordsService) -> pa.Table:
    """Every record of the store."""
    segments = [segment for day in service.days() for segment in service.snapshot(day).segments]
    return pa.concat_tables([USAGE.empty_table(), *(_content(segment.path) for segment in segments)])


def _content(path: Path) -> pa.Table:
    with pq.ParquetFile(path) as file:
        return file.read().cast(USAGE)


def shared_data(name: str) -> Path | None:
    """A folder of the real input beside the repository, or None."""
    for above in Path(__file__).resolve().parents:
        if (above / "pyproject.toml").exists():
            found = above.parent / "shared" / "data" / name
            return found if found.exists() else None
    return None
