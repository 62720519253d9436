"""How fast records come in, beside the bare libraries doing the least that could do.

    python benchmarks/intake.py --records 3000000 --json -

Peers: `pyarrow.csv` reading the same text into bare columns; `pyarrow.parquet` writing the same usage records in one
file without sorting, hashing or fsync. Rates are rows a second, once by the wall clock and once by CPU seconds (all
threads); ratios compare CPU seconds: 2.0 means twice the work of the peer. `beside_as_many`: the day and its buckets
hold as many records of the same hours already, each of which is looked at for duplicates; `all_repeated`: every
record is one.
"""

import argparse
import contextlib
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tallyward.kernel.clock import FixedClock
from tallyward.kernel.ids import EnterpriseId
from tallyward.records.adapters.folder import open_records
from tallyward.records.schema import TAG_SHIFT, USAGE, PeerTag

CARDS = 1_000_000
FIRST_IMSI = 460_001_000_000_000
CELLS = 50_000
DAY = 1_795_392_000  # 2026-11-23
HEADER = "imsi,msisdn,iccid,service,start_time,duration,imei,peer,bytes_up,bytes_down,cell,plmn,rat"


class Numbers:
    """A registry of a million consecutive IMSIs, as arrays."""

    version = 1

    def __init__(self) -> None:
        """Number the cells."""
        self._ids = {f"460-00-{cell % 500}-{cell}": cell + 1 for cell in range(CELLS)}
        self._imsis = np.arange(FIRST_IMSI, FIRST_IMSI + CARDS, dtype=np.uint64)

    def cards_by_imsi(self, digits: NDArray[np.uint64]) -> NDArray[np.uint32]:
        """By search in the sorted numbers, as the real one does."""
        at = np.minimum(np.searchsorted(self._imsis, digits), CARDS - 1)
        return np.where(self._imsis[at] == digits, at + 1, 0).astype(np.uint32)

    def cards_by_msisdn(self, digits: NDArray[np.uint64]) -> NDArray[np.uint32]:
        """None."""
        return np.zeros(len(digits), np.uint32)

    def cards_by_iccid(self, iccids: list[str]) -> NDArray[np.uint32]:
        """None."""
        return np.zeros(len(iccids), np.uint32)

    def cells(
        self, cgis: Sequence[str]
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16]]:
        """All in one area."""
        ids = np.array([self._ids.get(cgi, 0) for cgi in cgis], np.uint32)
        ones = np.ones(len(ids), np.uint16)
        return ids, ones, ones, ones

    def area_of_plmn(self, plmn: NDArray[np.uint32]) -> NDArray[np.uint16]:
        """None."""
        return np.zeros(len(plmn), np.uint16)


def usage(count: int, rng: np.random.Generator) -> pa.Table:
    """Usage records of one day in no order."""
    card = rng.integers(1, CARDS + 1, count)
    drawn = {
        "card_id": card,
        "ts": DAY + rng.integers(0, 86_400, count),
        "dur": rng.integers(0, 3_600, count),
        "svc": rng.integers(0, 3, count),
        "imei": 860_000_000_000_000 + card * 10,
        "peer": (int(PeerTag.IPV4) << TAG_SHIFT) | rng.integers(0, 20_000, count),
        "up": rng.integers(0, 1_000_000, count),
        "dn": rng.integers(0, 1_000_000, count),
        "cell": rng.integers(1, CELLS, count),
        "gx": rng.integers(1, 800, count),
        "gy": rng.integers(1, 600, count),
        "plmn": np.full(count, 460_000),
        "rat": np.full(count, 6),
    }
    zeros = np.zeros(count)
    columns = [drawn.get(field.name, zeros).astype(field.type.to_pandas_dtype()) for field in USAGE]
    return pa.table(columns, schema=USAGE)


def text(count: int, rng: np.random.Generator) -> bytes:
    """The mediation CSV of some records."""
    out = io.StringIO()
    out.write(HEADER + "\n")
    drawn = (rng.integers(0, most, count).tolist() for most in (CARDS, 86_400, 20_000, CELLS, 1_000_000))
    for card, second, peer, cell, size in zip(*drawn, strict=True):
        moment = f"2026-11-23T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}+08:00"
        out.write(
            f"{FIRST_IMSI + card},,,data,{moment},{size % 900},{86 * 10**12 + card:014d},"
            f"10.0.{peer // 256}.{peer % 256},{size},{size * 3},460-00-{cell % 500}-{cell},46000,6\n"
        )
    return out.getvalue().encode()


@contextlib.contextmanager
def service() -> Iterator[tuple[Callable[[bytes], object], Callable[[str, pa.Table], object]]]:
    """(take a CSV, take a batch) upon a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = Numbers()
        records = open_records(Path(folder), lambda: numbers, FixedClock(datetime(2026, 11, 23, 12, tzinfo=UTC)))
        source = records.add_source("benchmark", EnterpriseId(1))
        yield (
            lambda data: records.take_bytes(source, "records.csv", data),
            lambda name, batch: records.take_batch(source, name, batch),
        )
        records.close()


def rate(rows: int, work: Callable[[], object]) -> dict[str, float]:
    """Rows a second of one run."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {
        "rows_per_s": round(rows / (time.perf_counter() - wall)),
        "rows_per_cpu_s": round(rows / (time.process_time() - cpu)),
    }


def bare_csv(data: bytes) -> pa.Table:
    """What pyarrow alone makes of the text, on one core."""
    return pacsv.read_csv(pa.py_buffer(data), read_options=pacsv.ReadOptions(use_threads=False))


def bare_parquet(table: pa.Table) -> None:
    """One file, as pyarrow writes it."""
    with tempfile.TemporaryDirectory() as folder:
        pq.write_table(table, Path(folder) / "bare.parquet", compression="zstd")


def measure(records: int) -> dict[str, object]:
    """All rates and ratios."""
    rng = np.random.default_rng(7)
    with service() as (take_csv, take_batch):  # warm: imports, allocators
        take_csv(text(5_000, rng))
        take_batch("warm", usage(5_000, rng))
    rows = usage(records, rng)
    ordered = rows.sort_by([("card_id", "ascending"), ("ts", "ascending")])
    data = text(records // 4, rng)
    found: dict[str, dict[str, float]] = {
        "csv_bare": rate(records // 4, lambda: bare_csv(data)),
        "segments_bare": rate(records, lambda: bare_parquet(rows)),
    }
    with service() as (take_csv, take_batch):
        found["csv"] = rate(records // 4, lambda: take_csv(data))
        found["segments_unsorted"] = rate(records, lambda: take_batch("unsorted", rows))
    with service() as (_, take_batch):
        found["segments_sorted"] = rate(records, lambda: take_batch("sorted", ordered))
    more = usage(records, rng)
    with service() as (_, take_batch):
        take_batch("before", ordered)
        found["segments_beside_as_many"] = rate(records, lambda: take_batch("beside", more))
        found["segments_all_repeated"] = rate(records, lambda: take_batch("repeated", rows))
    return {
        "records": records,
        **found,
        "csv_work_over_bare": ratio(found["csv_bare"], found["csv"]),
        "segments_unsorted_work_over_bare": ratio(found["segments_bare"], found["segments_unsorted"]),
        "beside_as_many_work_over_empty": ratio(found["segments_unsorted"], found["segments_beside_as_many"]),
        "all_repeated_work_over_empty": ratio(found["segments_unsorted"], found["segments_all_repeated"]),
        "segments_sorted_work_over_bare": ratio(found["segments_bare"], found["segments_sorted"]),
    }


def ratio(peer: dict[str, float], ours: dict[str, float]) -> float:
    """CPU seconds of ours over those of the peer."""
    return round(peer["rows_per_cpu_s"] / ours["rows_per_cpu_s"], 2)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=3_000_000)
    options.add_argument("--json", default="-", help="where the figures go; - for standard output")
    chosen = options.parse_args()
    found = json.dumps(measure(chosen.records), indent=2)
    if chosen.json == "-":
        sys.stdout.write(found + "\n")
    else:
        Path(chosen.json).write_text(found + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
