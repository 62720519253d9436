"""What every decoder gives: one row a charging event with the source's own numbers, before the registry is asked."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from tallyward.records.decode.imei import with_check_digit

OBSERVED: Final = pa.schema(
    [
        pa.field("imsi", pa.uint64(), nullable=False),  # 0 absent
        pa.field("msisdn", pa.uint64(), nullable=False),
        pa.field("iccid", pa.dictionary(pa.int32(), pa.string())),
        pa.field("ts", pa.uint32(), nullable=False),
        pa.field("dur", pa.uint32(), nullable=False),
        pa.field("svc", pa.uint8(), nullable=False),
        pa.field("imei", pa.uint64(), nullable=False),
        pa.field("peer", pa.uint64(), nullable=False),  # a bare tag where `peer_word` holds the text
        pa.field("peer_word", pa.dictionary(pa.int32(), pa.string())),
        pa.field("up", pa.uint32(), nullable=False),
        pa.field("dn", pa.uint32(), nullable=False),
        pa.field("cell", pa.dictionary(pa.int32(), pa.string())),
        pa.field("plmn", pa.uint32(), nullable=False),
        pa.field("rat", pa.uint8(), nullable=False),
        pa.field("quality", pa.uint16(), nullable=False),
    ]
)


class Event(NamedTuple):
    """One row, for decoders that read record by record. `imei_body` has 14 digits."""

    imsi: int
    msisdn: int
    ts: int
    dur: int
    svc: int
    imei_body: int
    peer: int
    peer_word: str | None
    up: int
    dn: int
    cell: str | None
    plmn: int
    quality: int
    rat: int = 0


def observed_rows(events: Sequence[Event]) -> pa.Table:
    """Observed rows of events, in their order."""
    columns = dict(zip(Event._fields, zip(*events, strict=True), strict=True)) if events else {}
    imeis = with_check_digit(np.array(columns.get("imei_body", ()), np.uint64))
    found: dict[str, object] = {**columns, "imei": imeis, "iccid": [None] * len(events)}
    return pa.table([pa.array(found.get(field.name, ()), field.type) for field in OBSERVED], schema=OBSERVED)
