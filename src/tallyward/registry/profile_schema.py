"""What `detect` reads of the registry: card profiles and reference tables as Arrow schemas, one Parquet file each.

Profiles are cut into buckets of `BUCKET_CARDS` consecutive card ids, like the usage records, so a bucket of records
meets exactly one file of profiles. A limit that neither card nor class sets is null: the rule's own applies.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

BUCKET_CARDS: Final = 250_000

PROFILE: Final = pa.schema(
    [
        pa.field("card_id", pa.uint32(), nullable=False),
        pa.field("svc_mask", pa.uint8(), nullable=False),  # bit 0 data, 1 SMS, 2 voice: set when the mode is not NONE
        pa.field("data_mode", pa.uint8(), nullable=False),  # FunctionMode
        pa.field("sms_mode", pa.uint8(), nullable=False),
        pa.field("voice_mode", pa.uint8(), nullable=False),
        pa.field("data_list", pa.uint32(), nullable=False),  # group list id, 0 unless DIRECTED
        pa.field("sms_list", pa.uint32(), nullable=False),
        pa.field("voice_list", pa.uint32(), nullable=False),
        pa.field("roam_ok", pa.uint8(), nullable=False),
        pa.field("home_area", pa.uint16(), nullable=False),  # 0 not known
        pa.field("fixed", pa.uint8(), nullable=False),
        pa.field("home_cell", pa.uint32(), nullable=False),  # 0 not known
        pa.field("imei_bound", pa.uint64(), nullable=False),  # 15-digit IMEI as a number; 0 no binding
        pa.field("rn_active", pa.uint8(), nullable=False),
        pa.field("day_bytes", pa.uint64()),
        pa.field("month_bytes", pa.uint64()),
        pa.field("max_peers", pa.uint32()),
        pa.field("max_cells", pa.uint32()),
        pa.field("max_imeis", pa.uint32()),
        pa.field(
            "own_limits", pa.uint8(), nullable=False
        ),  # bit i: LIMIT_FIELDS[i] is the card's own, else its class's
        pa.field("cadence", pa.uint8(), nullable=False),  # rank of what holds for card and terminal, 0 is live
        pa.field("card_class", pa.uint32(), nullable=False),  # id of the card class; what is usual is told by class
    ]
)
CLASS_COLUMN: Final = "card_class"
PROFILE_FORM: Final = 2
"""Grows with each change of the columns: files of another form are written anew, though the registry is the same."""
LIMIT_FIELDS: Final = ("day_bytes", "month_bytes", "max_peers", "max_cells", "max_imeis")

PROFILE_ENCODING: Final[dict[str, Any]] = {"compression": "lz4", "use_dictionary": False}
"""How a file of profiles is written, anew for each registry version: a fifth of the time of zstd with dictionaries, two
thirds of the time to read, twice the size (29 B a card)."""

LIST_ENTRIES: Final = pa.schema(
    [
        pa.field("list_id", pa.uint32(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),  # PeerKind
        pa.field("text", pa.string(), nullable=False),
    ]
)
AREAS: Final = pa.schema(
    [
        pa.field("area", pa.uint16(), nullable=False),
        pa.field("code", pa.string(), nullable=False),
        pa.field("fraud_prone", pa.bool_(), nullable=False),
    ]
)
CELLS: Final = pa.schema(
    [
        pa.field("cell", pa.uint32(), nullable=False),
        pa.field("area", pa.uint16(), nullable=False),
        pa.field("lat", pa.float64(), nullable=False),
        pa.field("lon", pa.float64(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class ProfileSnapshot:
    """Files of one registry version. `profiles` maps a bucket number (card_id // BUCKET_CARDS) to its file."""

    version: int
    cards: int
    profiles: dict[int, Path]
    list_entries: Path
    areas: Path
    cells: Path
