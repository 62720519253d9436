"""A watcher that is meant to be killed: takes files out of a folder until it is.

    python crash_watcher.py RECORDS DROP [STEP NTH]

With STEP it kills itself with SIGKILL when it reaches that step for the NTH time.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tallyward.kernel.clock import SystemClock
from tallyward.kernel.ids import EnterpriseId
from tallyward.records.adapters.drop_folder import WatchedFolder
from tallyward.records.adapters.folder import open_records
from tallyward.records.drop import Settling
from tallyward.records.intake_state import IntakeKind, IntakeState, Standing
from tallyward.records.model import SourceState
from tallyward.records.ports import Step, no_step
from tallyward.records.service import RecordsService
from tallyward.records.watching import DropIntake
from tests.records.adapters.crash_writer import Fuse
from tests.records.making import small_registry


class Shown:
    """A board that remembers."""

    def __init__(self) -> None:
        self.states: list[IntakeState] = []

    def show(self, state: IntakeState) -> None:
        self.states.append(state)


def watcher(
    records: RecordsService,
    drop: Path,
    board: Shown,
    *,
    stays: bool = False,
    settle: float = 0,
    step: Step = no_step,
    source: Callable[[], SourceState] | None = None,
) -> DropIntake:
    def own_source() -> SourceState:
        records.add_source("drop", EnterpriseId(4))
        return next(one for one in records.sources() if one.name == "drop")

    clock = SystemClock()
    standing = Standing(IntakeKind.DROP, str(drop), "drop", clock, board)
    folder = WatchedFolder(drop, stays=stays)
    return DropIntake(records, folder, source or own_source, standing, clock, settling=Settling(settle), step=step)


def main() -> None:
    records_folder, drop, *fuse = sys.argv[1:]
    step = Fuse(fuse[0], int(fuse[1])) if fuse else no_step
    clock = SystemClock()
    records = open_records(Path(records_folder), small_registry, clock, step=step)
    work = watcher(records, Path(drop), Shown(), step=step)
    sys.stdout.write(f"watching since {datetime.now(UTC)}\n")
    sys.stdout.flush()
    while True:
        if not work.round():
            time.sleep(0.01)


if __name__ == "__main__":
    main()
