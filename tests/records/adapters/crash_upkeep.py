"""Upkeep that is meant to be killed: takes small batches in, joins, expires and sweeps until it is.

python crash_upkeep.py FOLDER [STEP NTH]
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tallyward.kernel.clock import FixedClock
from tallyward.kernel.ids import EnterpriseId
from tallyward.records.adapters.folder import open_records
from tallyward.records.ports import Step, no_step
from tallyward.records.service import RecordsService
from tests.records.adapters.crash_writer import Fuse, batch
from tests.records.making import small_registry

ROWS = 400
START = datetime(2026, 3, 1, 20, tzinfo=UTC)


def open_it(folder: Path, clock: FixedClock, step: Step = no_step) -> RecordsService:
    return open_records(folder, small_registry, clock, step=step)


def main() -> None:
    folder, *fuse = sys.argv[1:]
    clock = FixedClock(START)
    records = open_it(Path(folder), clock, Fuse(fuse[0], int(fuse[1])) if fuse else no_step)
    source = records.add_source("writer", EnterpriseId(1))
    number = max(0, records.sources()[0].files - 1)
    while True:
        for _ in range(9):
            if not records.take_batch(source, str(number), batch(number, ROWS)).duplicate:
                sys.stdout.write(f"{number}\n")
                sys.stdout.flush()
            number += 1
        records.upkeep.compact()
        clock.set(clock.now() + timedelta(seconds=10))
        records.upkeep.sweep(5)


if __name__ == "__main__":
    main()
