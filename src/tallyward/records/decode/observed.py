"""What every decoder gives: one row a charging event with the source's own numbers, before the registry is asked."""

from typing import Final

import pyarrow as pa

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
