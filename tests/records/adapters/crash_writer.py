"""A writer that is meant to be killed: takes batch after batch and says each number once it is acknowledged.

    python crash_writer.py FOLDER [STEP NTH]

With STEP it kills itself with SIGKILL when the commit reaches that step for the NTH time.
"""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from tallyward.kernel.clock import FixedClock
from tallyward.kernel.ids import EnterpriseId
from tallyward.records.adapters.folder import open_records
from tallyward.records.ports import Step, no_step
from tallyward.records.schema import USAGE
from tallyward.records.service import RecordsService
from tests.records.making import all_rows, small_registry, usage_rows

ROWS = 3_000


def open_it(folder: Path, step: Step = no_step) -> RecordsService:
    return open_records(folder, small_registry, FixedClock(datetime(2026, 3, 1, 20, tzinfo=UTC)), step=step)


def batch(number: int, rows: int = ROWS) -> pa.Table:
    """Rows over two days and two buckets; `dn` tells the batch, `up` the row."""
    table = usage_rows(rows, seed=number, cards=400_000, first_ts=1_772_323_200 - 43_200)
    return table.set_column(USAGE.get_field_index("dn"), USAGE.field("dn"), pa.array(np.full(rows, number, np.uint32)))


def rows_of_batches(service: RecordsService) -> dict[int, int]:
    """How many different records of each batch are in the store; fails where one is there twice."""
    rows = all_rows(service)
    pairs = rows["dn"].to_numpy().astype(np.int64) << 32 | rows["up"].to_numpy()
    assert len(np.unique(pairs)) == len(pairs)
    numbers, counts = np.unique(pairs >> 32, return_counts=True)
    return dict(zip(numbers.tolist(), counts.tolist(), strict=True))


class Fuse:
    """Kills the process at the nth time of a step."""

    def __init__(self, step: str, nth: int) -> None:
        self.step = step
        self.left = nth

    def __call__(self, step: str) -> None:
        if step == self.step:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    folder, *fuse = sys.argv[1:]
    service = open_it(Path(folder), Fuse(fuse[0], int(fuse[1])) if fuse else no_step)
    source = service.add_source("writer", EnterpriseId(1))
    number = max(0, service.sources()[0].files - 1)  # the last one again: it must be a duplicate
    while True:
        if not service.take_batch(source, str(number), batch(number)).duplicate:
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    main()
