"""Rules: those in use, their texts and versions, what a text says, what differs."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, model_validator

from tallyward.console.views.shared import Answer, Moment, Rows, Wish, Words

MOST_TEXT = 40_000
RuleText: TypeAlias = Annotated[str, Field(min_length=1, max_length=MOST_TEXT, description="a rule as YAML")]
RuleName: TypeAlias = Annotated[str, Field(min_length=1, max_length=64)]
Note: TypeAlias = Annotated[str, Field(max_length=500, description="why; read by people of one's own enterprise")]


class RuleLimit(Answer):
    """A limit the rule itself sets."""

    name: str
    value: str
    usual: str | None = Field(default=None, description="how it follows from a baseline; `value` where there is none")


class RuleCondition(Answer):
    """One condition as its author wrote it."""

    kind: str = Field(description="record, card, across")
    text: str


class RuleRow(Answer):
    """One rule."""

    id: str
    version: str = Field(description="names what the rule finds; empty where it was retired")
    severity: str
    title: Words
    description: Words
    limits: list[RuleLimit]
    conditions: list[RuleCondition]
    in_use: bool = Field(description="false: it was retired")
    source: str = Field(description="files: shipped, or of the folder given; kept: promoted; platform: of no file")
    number: int | None = Field(description="of the newest kept version; null where none was kept")
    changed_at: Moment | None = Field(description="when the newest kept version was made")


class RuleRows(Rows[RuleRow]):
    """All rules: those in use, those of the platform itself, those that were retired."""

    may_change: bool = Field(description="whether the visitor may try, promote, roll back and retire rules")


class RuleVersion(Answer):
    """One kept version."""

    number: int
    action: str = Field(description="promote, rollback, retire")
    version: str
    has_text: bool = Field(description="false: the text of the rule files, or (retire) none")
    author: str | None = Field(description="null: somebody of another enterprise")
    at: Moment
    note: str
    in_use: bool


class RuleDetail(Answer):
    """One rule with its text and history."""

    rule: RuleRow
    text: str | None = Field(description="the text in use; null for rules of the platform itself and retired ones")
    files_version: str | None = Field(description="version of the files' text; null where no file has the rule")
    versions: list[RuleVersion] = Field(description="newest first, at most 200")
    may_change: bool


class RuleTextAnswer(Answer):
    """A text of a rule."""

    rule: str
    number: int = Field(description="0: of the rule files")
    text: str


class TextWish(Wish):
    """A text to look at."""

    text: RuleText


class RuleProblem(Answer):
    """What is wrong with a text, worded in the language of Accept-Language."""

    code: str
    detail: str
    next: str
    line: int = Field(description="from 1")
    column: int = Field(description="from 1")


class RuleCheck(Answer):
    """What a text is: a rule, or what is wrong with it first."""

    valid: bool
    problems: list[RuleProblem]
    rule: RuleRow | None
    tests: int = Field(description="tests of the rule, all of which it passes")
    in_use_version: str | None = Field(description="of the rule of that id that is in use; null where there is none")


class Side(Wish):
    """A text, or a rule's text in use, or (with `number`) one of its versions, 0 for the files."""

    text: RuleText | None = None
    rule: RuleName | None = None
    number: Annotated[int | None, Field(ge=0, le=2**31 - 1)] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Side":
        if (self.text is None) == (self.rule is None) or (self.text is not None and self.number is not None):
            raise ValueError("either text, or rule with or without number")
        return self


class DiffWish(Wish):
    """Two sides to compare."""

    before: Side
    after: Side


class RuleDifference(Answer):
    """One thing that differs."""

    place: str = Field(description="such as any_of.day.card")
    before: str | None
    after: str | None
    finds: bool = Field(description="it can change what is found")


class RuleDiff(Answer):
    """What differs between two texts."""

    before: str
    after: str
    before_version: str
    after_version: str
    finds_the_same: bool
    differences: list[RuleDifference]


class PromoteWish(Wish):
    """A text to be put in use."""

    text: RuleText
    note: Note = ""
    instead_of: Annotated[
        str | None,
        Field(max_length=100, description="version that one believes in use, empty for none: refused where it is not"),
    ] = None


class RollbackWish(Wish):
    """Which version to go back to."""

    to: Annotated[int, Field(ge=0, le=2**31 - 1, description="number of a kept version; 0: the text of the files")]
    note: Note = ""


class RetireWish(Wish):
    """Why a rule goes out of use."""

    note: Note = ""


ProgressName: TypeAlias = Literal["running", "done", "cancelled", "too_long", "failed"]
