"""What the room hands out: segments and snapshots, reports of intakes, quarantine, views of records. Pure values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from tallyward.kernel.catalogue import Language, words
from tallyward.kernel.ids import CardId, EnterpriseId, SegmentId, SourceId
from tallyward.registry.profile_schema import BUCKET_CARDS

UNKNOWN_BUCKET: Final = 0xFFFF
"""The bucket of records whose card the registry does not know."""


def bucket_of(card: CardId) -> int:
    """The bucket that holds a card's records."""
    return card // BUCKET_CARDS if card else UNKNOWN_BUCKET


class Format(StrEnum):
    """How a source writes its records."""

    CSV = "csv"  # docs/mediation-csv.md
    MAPPED = "mapped"  # delimited text of any columns, read by a mapping file
    PARQUET = "parquet"  # the same columns, or the usage schema itself
    TAP3 = "tap3"  # GSMA TD.57, TAP 3.12 transfer batch
    CDR = "cdr"  # 3GPP TS 32.298 in BER, one after the other or in a file of TS 32.297
    RADIUS = "radius"  # detail files of FreeRADIUS
    DIAMETER = "diameter"  # Accounting-Requests, one after the other
    BATCH = "batch"  # Arrow tables handed over in the process
    UNKNOWN = "unknown"  # nothing we know: such a file goes to quarantine


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """One Parquet file of usage records: one day, one bucket, sorted by card_id, then ts. Never changes."""

    id: SegmentId
    path: Path
    day: date
    bucket: int
    rows: int
    min_ts: int
    max_ts: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every segment of one UTC day as of one manifest version: reading it again gives the same records."""

    manifest_version: int
    day: date
    segments: tuple[SegmentRef, ...]

    def bucket(self, number: int) -> tuple[SegmentRef, ...]:
        """The segments of one bucket."""
        return tuple(segment for segment in self.segments if segment.bucket == number)

    def buckets(self) -> tuple[int, ...]:
        """The buckets that hold records, in order; `UNKNOWN_BUCKET` comes last."""
        return tuple(sorted({segment.bucket for segment in self.segments}))

    @property
    def rows(self) -> int:
        """Records of the day."""
        return sum(segment.rows for segment in self.segments)


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What came of one file or batch. `intake` is the `src` of its records.

    `duplicate`: the same content was taken from this source before; the figures are those of that time.
    `quarantined`: its structure is broken, none of its records were taken. `refused` counts records put aside,
    `duplicates` those left out because an earlier intake had brought them. Of the `records` taken, `late` are of a day
    before yesterday, `out_of_order` older than what the source had brought before.
    """

    intake: int
    name: str
    format: Format
    records: int
    refused: int
    duplicate: bool
    first_ts: int | None
    last_ts: int | None
    quarantined: bool
    unknown_cards: int
    unknown_cells: int
    duplicates: int = 0
    late: int = 0
    out_of_order: int = 0


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A record or a whole file put aside. `record_index` counts from 1 and is None for a whole file.

    For text files it is the line number (the header is line 1). `offset` is in bytes from the start of the content.
    """

    id: int
    source: SourceId
    intake: int
    name: str
    record_index: int | None
    offset: int | None
    tag_path: str
    field: str
    reason_code: str
    detail: str
    at: datetime
    sample_hex: str

    def sentence(self, language: Language) -> str:
        """What is wrong, for people."""
        return words(language, f"error.{self.reason_code}.what", **self._blanks())

    def next_step(self, language: Language) -> str:
        """What to do about it."""
        return words(language, f"error.{self.reason_code}.next", **self._blanks())

    def _blanks(self) -> dict[str, str | int | None]:
        return {
            "name": self.name,
            "record": self.record_index,
            "offset": self.offset,
            "field": self.field,
            "detail": self.detail,
            "tag_path": self.tag_path,
        }


@dataclass(frozen=True, slots=True)
class SourceState:
    """A place records come from, and how it does. `newest_ts` is the latest event it brought."""

    id: SourceId
    name: str
    operator: EnterpriseId
    format: Format | None
    last_at: datetime | None
    files: int
    records: int
    refused: int
    quarantined: int
    newest_ts: int | None
    duplicates: int = 0
    late: int = 0
    out_of_order: int = 0


@dataclass(frozen=True, slots=True)
class RecordView:
    """One usage record as people read it. Texts are empty where the record says nothing."""

    ts: int
    duration: int
    service: str
    imei: str
    peer: str
    bytes_up: int
    bytes_down: int
    cell: int
    cell_text: str  # of a cell that the registry does not know: as the record named it
    area: int
    plmn: int
    rat: int
    quality: tuple[str, ...]
    intake: int
    segment: SegmentId
    row: int
