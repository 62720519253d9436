"""What goes wrong on the way from a network: bad rows in a good file, and a file cut off in transit.

They add no good record and no hit, so the truth of a day stays what it is.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from tallyward.simulate.arrivals import Arrival

BAD_ROWS: Final = (
    b"46004ABC00013386,,,data,2026-03-02T08:11:09+08:00,60,,198.18.3.9,100,100,460-04-4096-1000002,46004,6",
    b"460041200000017,,,data,2026-02-30T08:11:09+08:00,60,,198.18.3.9,100,100,460-04-4096-1000002,46004,6",
    b"460041200000017,,,data,2026-03-02T08:11:09+08:00,60,,198.18.3.900,100,100,460-04-4096-1000002,46004,6",
    b"460041200000017,,,data,2026-03-02T08:11:09+08:00,60,,198.18.3.9,-100,100,460-04-4096-1000002,46004,6",
    b"460041200000017,,,fax,2026-03-02T08:11:09+08:00,60,,198.18.3.9,100,100,460-04-4096-1000002,46004,6",
    b",,,data,2026-03-02T08:11:09+08:00,60,,198.18.3.9,100,100,460-04-4096-1000002,46004,6",
)
"""A letter in an IMSI, the 30th of February, no address, volume below nothing, no such service, nobody's record."""


def with_bad_rows(arrival: Arrival) -> Arrival:
    """The same file with the bad rows among the good ones."""
    lines = arrival.data.split(b"\n")
    for number, row in enumerate(BAD_ROWS):
        lines.insert(1 + (number + 1) * (len(lines) - 2) // (len(BAD_ROWS) + 1), row)
    return replace(arrival, data=b"\n".join(lines))


def broken_file(day: date) -> tuple[str, bytes]:
    """(name, content) of a roaming file of which only the beginning came: a TAP 3 transfer batch (GSMA TD.57).

    Its outer length promises 4,091 octets; the batch control information breaks off within the sender's name.
    """
    head = bytes.fromhex("61820ffb")  # [APPLICATION 1] TransferBatch, 4,091 octets to follow
    control = bytes.fromhex("6481a1") + bytes.fromhex("5f8144") + b"\x05CHNHX" + bytes.fromhex("5f8136") + b"\x05CHN"
    return f"roaming-{day:%Y%m%d}-cut-off.tap", head + control
