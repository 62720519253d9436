"""Shapes that several answers carry: both languages, pages of rows, references to enterprises, problems."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, field_validator

from tallyward.kernel.paging import Page
from tallyward.registry.cadence import Cadence

Row = TypeVar("Row")
Seen = TypeVar("Seen")
Value = TypeVar("Value")


def _to_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


Moment: TypeAlias = Annotated[
    datetime,
    AfterValidator(_to_utc),
    PlainSerializer(lambda moment: moment.isoformat().replace("+00:00", "Z"), return_type=str, when_used="json"),
    Field(json_schema_extra={"format": "date-time"}, description="ISO 8601, UTC"),
]


class Answer(BaseModel):
    """What the platform says: no field may be added by accident."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Wish(BaseModel):
    """What a client sends: an unknown field is refused, and so is a zero character, which no database keeps in text."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=4000)

    @field_validator("*")
    @classmethod
    def _no_zero_character(cls, value: Value) -> Value:
        if isinstance(value, str) and "\x00" in value:
            raise ValueError("zero character")
        return value


class Rows(Answer, Generic[Row]):
    """One page of a list, and the cursor of the next one (null at the end)."""

    rows: list[Row]
    next_cursor: str | None = Field(description="give it back as `cursor` for the next page")


def page_fields(page: Page[Seen], show: Callable[[Seen], Row]) -> dict[str, Any]:
    """The fields of a `Rows` answer made from a service's page."""
    return {"rows": [show(row) for row in page.rows], "next_cursor": page.next_cursor}


class CadenceChange(Wish):
    """How soon the records of a card or terminal are to be judged."""

    cadence: Cadence


class Words(Answer):
    """A text in both languages."""

    en: str
    zh_cn: str = Field(serialization_alias="zh-CN")


class EnterpriseRef(Answer):
    """An enterprise as rows name it."""

    id: int
    code: str
    name: str


class Problem(Answer):
    """RFC 9457 problem details, worded in the language of Accept-Language."""

    type: str = Field(description="URN of the code")
    title: str = Field(description="the kind of failure")
    status: int
    detail: str = Field(description="what is wrong, in one sentence")
    code: str = Field(description="stable code `room.reason`")
    next: str = Field(description="what to do about it")
    parameters: dict[str, str | int | float | None]
    fields: list["FieldProblem"] = Field(default=[], description="for `console.request`: each wrong field")


class FieldProblem(Answer):
    """One wrong field of a request."""

    field: str = Field(description="such as body.name or query.limit")
    problem: str
