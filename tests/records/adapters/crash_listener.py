"""An intake of a stream that is meant to be killed: takes messages until it is.

python crash_listener.py RECORDS URL TOKEN [STEP NTH]
"""

import sys
from pathlib import Path

from tallyward.kernel.clock import SystemClock
from tallyward.kernel.ids import EnterpriseId
from tallyward.records.adapters.folder import open_records
from tallyward.records.adapters.jetstream import BusAddress, JetStreamRecords
from tallyward.records.intake_state import IntakeKind, Standing
from tallyward.records.ports import Step, no_step
from tallyward.records.service import RecordsService
from tallyward.records.streaming import StreamIntake
from tests.records.adapters.crash_watcher import Shown
from tests.records.adapters.crash_writer import Fuse
from tests.records.making import small_registry

ACK_SECONDS = 0.4


def listener(records: RecordsService, stream: JetStreamRecords, board: Shown, step: Step = no_step) -> StreamIntake:
    records.add_source("stream", EnterpriseId(4))
    standing = Standing(IntakeKind.STREAM, stream.place, "stream", SystemClock(), board)
    return StreamIntake(
        records,
        stream,
        lambda: next(one for one in records.sources() if one.name == "stream"),
        standing,
        wait_seconds=0.2,
        step=step,
    )


def main() -> None:
    folder, url, token, *fuse = sys.argv[1:]
    step = Fuse(fuse[0], int(fuse[1])) if fuse else no_step
    records = open_records(Path(folder), small_registry, SystemClock(), step=step)
    board = Shown()
    work = listener(records, JetStreamRecords(BusAddress(url, token, ack_seconds=ACK_SECONDS)), board, step)
    while True:
        work.round()
        sys.stdout.write(f"{board.states[-1].doing} {board.states[-1].reason_code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
