"""Credit of the ledger's organisations as the pages show it."""

from typing import Annotated

from pydantic import Field

from tallyward.console.views.shared import Answer, Moment, Rows, Wish, Words

MOST_ASKED = 50
Organisation = Annotated[str, Field(min_length=1, max_length=64)]


class CreditSubject(Answer):
    """An organisation that one may ask about."""

    organisation: str
    name: str
    kind: str
    gone: bool


class CreditSubjects(Answer):
    """About whom one may ask. `asker`: in whose name; null where one is of no organisation of the ledger."""

    begun: bool
    asker: str | None
    rows: list[CreditSubject]


class LostPoints(Answer):
    """Points lost through one entry."""

    entry: int
    points: int


class CreditReason(Answer):
    """What moved a score."""

    code: str
    points: int = Field(description="below zero if lost")
    told: Words
    entries: list[LostPoints] = Field(description="the gravest, at most 20")
    entries_total: int


class CreditAnswer(Answer):
    """A score from 0 to 1000 at a height of the ledger, and the statement of it that is checked offline."""

    organisation: str
    name: str
    asker: str
    may_know_who_asked: bool = Field(description="whether the look-ups of this organisation are open to the visitor")
    score: int
    low: int = Field(description="with `high`: where the truth lies with 90 %")
    high: int
    grade: str
    quota: int = Field(description="cards that it may hold")
    entries: int = Field(description="of the ledger when it was computed")
    root: str = Field(description="of the log at that height, hex")
    at: Moment = Field(description="time of that height's block")
    reasons: list[CreditReason] = Field(description="the gravest first")
    capped_by: int | None = Field(description="entry that proves a forgery or double sale")
    issued: Moment
    expires: Moment
    statement: str = Field(description="CBOR, base64; signed with `log_key`")
    log_key: str


class CreditWish(Wish):
    """Whose credit is asked for."""

    organisations: list[Organisation] = Field(min_length=1, max_length=MOST_ASKED)


class CreditFound(Answer):
    """One answer of several: the credit, or why not."""

    organisation: str
    credit: CreditAnswer | None
    refused: str | None = Field(description="code")
    reason: Words | None


class CreditsFound(Answer):
    """In the order in which it was asked."""

    rows: list[CreditFound]


class LookUpRow(Answer):
    """That somebody was told a score."""

    asker: str
    ground: str = Field(description="operator, regulator, counterparty, own")
    at: Moment
    entries: int
    score: int


class LookUpRows(Rows[LookUpRow]):
    """Who was told, the newest first; at most 500."""
