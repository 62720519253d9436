"""Sources of records and what they sent that could not be used."""

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


class SourceRows(Rows[SourceRow]):
    """All sources one may see."""


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
