"""The whitelist as answers, and what a person sends to add to it."""

from typing import Annotated

from pydantic import Field

from tallyward.console.views.shared import Answer, EnterpriseRef, Moment, Rows, Wish, Words
from tallyward.detect.whitelist import Reach, Standing


class WhitelistRow(Answer):
    """One entry: findings of a rule on some cards open no incident until it expires."""

    id: int
    rule: str | None = Field(description="null: every rule")
    rule_title: Words | None
    reach: Reach = Field(description="card; enterprise: all cards it holds; card_class")
    target: int = Field(description="id of the card, enterprise or class")
    name: str = Field(description="ICCID of the card, code of the enterprise or class")
    holder: EnterpriseRef | None
    operator: EnterpriseRef | None = Field(description="only cards of this operator; null: of every one")
    reason: str
    author: str | None = Field(description="null: somebody of another enterprise")
    since: Moment
    until: Moment
    standing: Standing
    removed_at: Moment | None
    removed_by: str | None


class WhitelistRows(Rows[WhitelistRow]):
    """Entries one may see, newest first, also those that are expired or removed; at most 1000."""


class NewWhitelistEntry(Wish):
    """An entry to be made."""

    rule: Annotated[str | None, Field(max_length=64, description="null: every rule")] = None
    reach: Reach
    target: Annotated[
        str,
        Field(min_length=1, max_length=64, description="ICCID, IMSI or MSISDN; code of an enterprise; code of a class"),
    ]
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    until: Annotated[Moment, Field(description="at most 366 days from now")]
    operator: Annotated[
        str | None,
        Field(max_length=64, description="for a class named by the platform's own people: whose cards are meant"),
    ] = None
