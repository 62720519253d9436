"""One row a charging event, all columns of fixed width, no text on the hot path.

Peers are tagged: the top 4 bits tell the kind, the low 60 bits the value, so peers of two kinds never meet.
Cells of the registry have ids below `UNKNOWN_CELL_BASE`, in spatial order; a cell that the registry does not know gets
a durable id from there on, so it stays countable, and the quality flag says so. 0 always means absent.
"""

from enum import IntEnum, IntFlag
from typing import Any, Final

import pyarrow as pa

SCHEMA_VERSION: Final = 1

USAGE: Final = pa.schema(
    [
        pa.field("card_id", pa.uint32(), nullable=False),  # 0: unknown card, then `stranger` holds its number
        pa.field("ts", pa.uint32(), nullable=False),  # UTC seconds since the epoch
        pa.field("dur", pa.uint32(), nullable=False),  # seconds
        pa.field("svc", pa.uint8(), nullable=False),  # Service
        pa.field("imei", pa.uint64(), nullable=False),  # 15 digits with check digit as a number
        pa.field("peer", pa.uint64(), nullable=False),  # tagged, see PeerTag
        pa.field("up", pa.uint32(), nullable=False),  # bytes, saturated with a quality flag
        pa.field("dn", pa.uint32(), nullable=False),
        pa.field("cell", pa.uint32(), nullable=False),
        pa.field("area", pa.uint16(), nullable=False),  # of the cell, else of the serving network
        pa.field("gx", pa.uint16(), nullable=False),  # tile of the cell, 0 where it has no coordinates
        pa.field("gy", pa.uint16(), nullable=False),
        pa.field("plmn", pa.uint32(), nullable=False),  # serving network, MCC*1000+MNC; 0 absent
        pa.field("rat", pa.uint8(), nullable=False),  # 3GPP TS 29.274 clause 8.17; 0 absent
        pa.field("stranger", pa.uint64(), nullable=False),  # SubscriberTag + digits, only where card_id is 0
        pa.field("src", pa.uint32(), nullable=False),  # intake (one file or batch) that brought it
        pa.field("quality", pa.uint16(), nullable=False),  # Quality flags
    ]
)


ROW_GROUP: Final = 122_880
"""Records of a Parquet row group."""

SEGMENT_ENCODING: Final[dict[str, Any]] = {
    "compression": "zstd",
    "compression_level": 1,
    # Columns of few values. Dictionaries of IMEIs, peers and cells cost 40 % more time and made the file larger.
    "use_dictionary": ["svc", "area", "gx", "gy", "plmn", "rat", "stranger", "src", "quality"],
    "column_encoding": {"card_id": "DELTA_BINARY_PACKED"},
}
"""How a segment file is written: 15.2 B a record. lz4 takes 20.1 B and half the time to decode; disks are the limit."""


class Service(IntEnum):
    """What was used."""

    DATA = 0
    SMS = 1
    VOICE = 2
    UNKNOWN = 3


class PeerTag(IntEnum):
    """Kind of a peer: the top 4 bits of `peer`."""

    IPV4 = 1  # low 32 bits: the address
    NUMBER = 2  # the digits as a number
    APN = 3  # durable dictionary id
    IPV6 = 4  # durable dictionary id


class SubscriberTag(IntEnum):
    """By which number an unknown card was seen: the top 4 bits of `stranger`."""

    IMSI = 1
    MSISDN = 2
    ICCID = 3  # durable dictionary id: ICCIDs carry letters


class Quality(IntFlag):
    """What is not as it should be about a record that counts all the same."""

    UNKNOWN_CARD = 1
    UNKNOWN_CELL = 2
    SATURATED = 4
    LATE = 8
    NO_TIME_OFFSET = 16


TAG_SHIFT: Final = 60
UNKNOWN_CELL_BASE: Final = 1 << 31

TILE_KM: Final = 5.0
KM_PER_DEGREE: Final = 111.195  # mean, of a sphere of radius 6,371.0 km


def tile_of(latitude: float, longitude: float) -> tuple[int, int]:
    """(gx, gy) of a place, each from 1. A degree of longitude is taken at its widest, at the equator.

    So for two places `(|gx1 - gx2| + 1) * TILE_KM` is never less than their real distance east to west, and likewise
    north to south: a bound on distance that cannot be wrong.
    """
    return int((longitude + 180) * KM_PER_DEGREE / TILE_KM) + 1, int((latitude + 90) * KM_PER_DEGREE / TILE_KM) + 1
