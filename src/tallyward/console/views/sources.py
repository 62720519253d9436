"""Sources of records and what they sent that could not be used."""

from typing import Literal

from pydantic import Field

from tallyward.console.views.shared import Answer, EnterpriseRef, Moment, Rows, Words


class SourceRow(Answer):
    """One source and how fresh it is."""

    id: int
    name: str
    operator: EnterpriseRef
    format: str | None
    last_at: Moment | None = Field(description="when it last delivered")
    newest_at: Moment | None = Field(description="event time of its newest record")
    files: int
    records: int
    refused: int
    quarantined: int
    duplicates: int = Field(description="records left out because an earlier file had brought them")
    late: int = Field(description="records of a day before yesterday when they came")
    out_of_order: int = Field(description="records older than what the source had brought before")


class SourceRows(Rows[SourceRow]):
    """All sources one may see."""


class IntakeRow(Answer):
    """One continuous intake: what it watches and how it does."""

    kind: Literal["drop", "stream"] = Field(description="files put into a folder, or messages of a stream")
    place: str = Field(description="the folder, or the stream's subject")
    source: str
    doing: Literal["watching", "taking", "stopped", "off"]
    since: Moment = Field(description="when it began to do what it does")
    at: Moment = Field(description="when it last looked")
    waiting: int = Field(description="files or messages")
    waiting_bytes: int
    oldest_at: Moment | None = Field(description="since when the oldest of them waits")
    taken: int
    refused: int
    repeated: int
    failing: int = Field(description="files that can't be read or moved now")
    reason_code: str = Field(description="why it is stopped, or what is wrong with the newest failing file; else empty")
    reason: Words | None
    next_step: Words | None


class IntakeRows(Rows[IntakeRow]):
    """Every continuous intake one may see."""


class SourceRef(Answer):
    """A source as rows name it."""

    id: int
    name: str


class QuarantineRow(Answer):
    """One record or file set aside, with its place and the reason."""

    id: int
    source: SourceRef
    intake: int
    name: str = Field(description="file or batch")
    record_index: int | None
    offset: int | None = Field(description="byte in the file")
    tag_path: str
    field: str
    reason_code: str
    reason: Words
    next_step: Words
    detail: str
    at: Moment
    sample_hex: str


class QuarantineRows(Rows[QuarantineRow]):
    """A page of what was set aside, newest first."""
