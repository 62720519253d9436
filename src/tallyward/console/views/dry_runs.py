"""Dry runs as answers."""

from datetime import date
from typing import Annotated

from pydantic import Field

from tallyward.console.views.incidents import BothWhys, EvidenceView, MeasureView
from tallyward.console.views.rules import ProgressName, RuleText
from tallyward.console.views.shared import Answer, EnterpriseRef, Moment, Rows, Wish


class DryRunWish(Wish):
    """A text to be tried on stored days, both ends included."""

    text: RuleText
    since: date
    until: Annotated[date | None, Field(description="the newest stored day if left out")] = None


class DryRunRow(Answer):
    """One dry run as it stands."""

    id: int
    rule: str
    version: str
    days: list[date]
    author: str
    started_at: Moment
    progress: ProgressName
    share: float = Field(description="what is done of it, 0 to 1")
    problem: str | None = Field(description="code of the refusal, where it failed")


class DryRunRows(Rows[DryRunRow]):
    """Dry runs that are remembered, newest first; they are forgotten when the server ends."""


class TriedDay(Answer):
    """One stored day."""

    day: date
    findings: int
    records: int
    seconds: float
    cpu_seconds: float
    complete: bool = Field(description="every card and record was read")


class TriedCard(Answer):
    """A card that was found."""

    card: int
    iccid: str


class TriedSample(Answer):
    """What was observed of one card."""

    day: date
    card: int
    iccid: str
    records: int
    explanation: BothWhys
    measures: list[MeasureView]
    evidence: list[EvidenceView]


class TriedHolder(Answer):
    """Cards found of one enterprise."""

    enterprise: EnterpriseRef
    cards: int


class TriedBlind(Answer):
    """Cards that the rule could not judge for want of an operand, on the day with most of them."""

    operand: str
    cards: int


class TriedAgainst(Answer):
    """The text against the one in use, over the same days."""

    in_use_version: str
    both: int
    only_new: int
    only_in_use: int
    only_new_first: list[TriedCard]
    only_in_use_first: list[TriedCard]
    seconds: float


class DryRunResult(Answer):
    """What the text would have found."""

    cards: int
    findings: int
    first_cards: list[TriedCard] = Field(description="in the order of their ids, at most 200")
    enterprises: list[TriedHolder] = Field(description="those with most cards first, at most 200")
    days: list[TriedDay]
    samples: list[TriedSample]
    unjudged: list[TriedBlind]
    against: TriedAgainst | None = Field(description="null where the text in use finds the same, or there is none")
    records: int
    seconds: float
    cpu_seconds: float
    complete: bool


class DryRunDetail(Answer):
    """One dry run, and its result once it is done."""

    dry_run: DryRunRow
    result: DryRunResult | None
