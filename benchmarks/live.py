"""Records stored durably and judged as they come: rate, and how long a batch takes until it has been judged.

    python benchmarks/live.py --cards 1000000 --json -

A simulated day in the order of time is cut into batches, as many records each as the wanted rate brings in one second.
Each batch is taken in through the records room (segments synced, manifest committed) and judged by all rules before the
next one comes. `p99_ms` is of whole batches. `exact`: who was named equals the planted truth of R1 to R7, nobody
twice for the same fault.
"""

import argparse
import json
import secrets
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from card_day import RULES, read_day, write_day

from tallyward.detect.adapters.live_columns import LiveColumns
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.live import LiveScan
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.ids import EnterpriseId
from tallyward.records.adapters.folder import open_records
from tallyward.records.schema import UNKNOWN_CELL_BASE, USAGE
from tallyward.registry.directory import CardNumbers, CellTable, Directory

_NONE: Any = np.zeros(0, np.uint32)
_WIDE: Any = np.zeros(0, np.uint64)
NOBODY = Directory(
    1, CardNumbers(_NONE, _WIDE, _WIDE, np.zeros(0, "S20")), CellTable((), _NONE, _NONE, _NONE, _NONE), {}
)
"""Usage records name cards by their ids: nobody is looked up."""


def measure(cards: int, seed: int, folder: Path, rate: int) -> dict[str, object]:
    """All figures of one day."""
    where = folder / f"cards-{cards}-seed-{seed}-faults-0.1"
    write_day(where, cards, seed, 0.1)
    day = read_day(where, cards)
    rows = pa.concat_tables([pq.read_table(path) for _, path, _ in day.segments])
    rows = rows.take(pa.array(np.argsort(rows["ts"].to_numpy(), kind="stable"))).select(USAGE.names)
    cells = rows["cell"].to_numpy()
    known = pa.array(
        np.where(cells < UNKNOWN_CELL_BASE, cells, 0), pa.uint32()
    )  # its own dictionary names no strange cell
    rows = rows.set_column(USAGE.get_field_index("cell"), USAGE.field("cell"), known)
    rulebook, profiles = RuleBook.load(), day.profiles
    spent: list[tuple[float, float]] = []
    named: list[tuple[int, str, str]] = []
    with tempfile.TemporaryDirectory(dir=folder) as kept:
        clock = FixedClock(datetime(2026, 3, 2, 12, tzinfo=UTC))
        records = open_records(Path(kept), lambda: NOBODY, clock)
        source = records.add_source("benchmark", EnterpriseId(1))
        live = LiveScan(partial(LiveColumns, seed=secrets.randbits(63)), records, lambda: profiles, lambda: rulebook)
        live.expect(day.day)  # as a server does before the day's first records
        began = time.perf_counter()
        for number, start in enumerate(range(0, rows.num_rows, rate)):
            at = time.perf_counter()
            taken = records.take_batch(source, str(number), rows.slice(start, rate))
            if taken.quarantined or taken.refused:
                raise SystemExit(f"not every record was taken: {taken}")
            stored = time.perf_counter()
            report = live.take(day.day)
            named += [(int(one.card), str(one.rule), part.name) for one in report.findings for part in one.measures]
            spent.append((stored - at, time.perf_counter() - at))
        seconds = time.perf_counter() - began
        again = time.perf_counter()
        replayed = LiveScan(partial(LiveColumns, seed=1), records, lambda: profiles, lambda: rulebook).take(day.day)
        replay = time.perf_counter() - again
        records.close()
    truth = {flag for flag in day.truth() if flag[1] in RULES}
    whole = [one * 1000 for _, one in spent]
    return {
        "cards": cards,
        "records": rows.num_rows,
        "batch": rate,
        "events_per_s": round(rows.num_rows / seconds),
        "p50_ms": round(float(np.percentile(whole, 50))),
        "p99_ms": round(float(np.percentile(whole, 99))),
        "stored_p50_ms": round(float(np.percentile([one * 1000 for one, _ in spent], 50))),
        "exact": {(card, rule) for card, rule, _ in named} == truth and len(named) == len(set(named)),
        "replay_events_per_s": round(replayed.records / replay),
        "replay_same": {(int(one.card), str(one.rule)) for one in replayed.findings} == truth,
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=int, default=300_000, help="records in a batch: what one second brings")
    parser.add_argument("--folder", type=Path, default=Path(".bench"))
    parser.add_argument("--json", help="file for the figures; - is standard output")
    options = parser.parse_args()
    text = json.dumps(measure(options.cards, options.seed, options.folder, options.rate), indent=2)
    if options.json and options.json != "-":
        Path(options.json).write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
