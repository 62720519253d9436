"""The rules in force."""

from pydantic import Field

from tallyward.console.views.shared import Answer, Rows, Words


class RuleLimit(Answer):
    """A limit the rule itself sets."""

    name: str
    value: str


class RuleCondition(Answer):
    """One condition as its author wrote it."""

    kind: str = Field(description="record, card, limit, also")
    text: str


class RuleRow(Answer):
    """One rule."""

    id: str
    version: str
    severity: str
    title: Words
    description: Words
    limits: list[RuleLimit]
    conditions: list[RuleCondition]


class RuleRows(Rows[RuleRow]):
    """All rules in force."""
