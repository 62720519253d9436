"""A writer of accounting files that is meant to be killed: takes file after file, each with the totals so far.

    python crash_sessions.py FOLDER [STEP NTH]

Each file holds an interim of the first half of its sessions and of some that only it has; every third file comes twice,
the second time with a line more at its end.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from tallyward.kernel.ids import EnterpriseId
from tallyward.records.ports import no_step
from tests.records.adapters.crash_writer import Fuse, open_it
from tests.records.decode.detail_writer import record
from tests.records.making import DAY_TS, IMSI

SESSIONS, ONCE = 30, 5
SECONDS, UP, DOWN = 300, 1_000, 77


def message(session: str, imsi: int, interim: int, begun: int = DAY_TS) -> str:
    seconds = SECONDS * (interim + 1)
    return record(
        Acct_Session_Id=f'"{session}"',
        Acct_Status_Type="Interim-Update",
        TGPP_IMSI=f'"{imsi}"',
        Acct_Session_Time=str(seconds),
        Acct_Input_Octets=str(UP * (interim + 1)),
        Acct_Output_Octets=str(DOWN * (interim + 1)),
        Timestamp=str(begun + seconds + 5),
    )


def content(number: int) -> bytes:
    """The file of one interval."""
    lasting = [message(f"L{session}", IMSI + session % 2, number) for session in range(SESSIONS)]
    own = [message(f"{number}-{session}", IMSI, 0, DAY_TS + number) for session in range(ONCE)]
    return "".join(lasting + own).encode()


def offers(number: int) -> Iterator[tuple[str, bytes]]:
    yield f"{number}", content(number)
    if number % 3 == 0:
        yield f"{number}-again", content(number) + b"\n"


def main() -> None:
    folder, *fuse = sys.argv[1:]
    service = open_it(Path(folder), Fuse(fuse[0], int(fuse[1])) if fuse else no_step)
    source = service.add_source("radius", EnterpriseId(1))
    number = max(0, service.sources()[0].files * 3 // 4 - 1)  # the last one again, or one before it
    while True:
        for name, data in offers(number):
            service.take_bytes(source, name, data)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1


if __name__ == "__main__":
    main()
