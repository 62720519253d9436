"""What is usual of each class of cards."""

from datetime import date

from pydantic import Field

from tallyward.console.views.cards import CardClassRef
from tallyward.console.views.shared import Answer, Moment, Words


class ClassBaseline(Answer):
    """One class. `values` is empty where it has too few card-days."""

    card_class: CardClassRef
    card_days: int
    known: bool = Field(description="whether the class has a baseline: it has enough card-days")
    values: dict[str, int] = Field(description="by name: bytes, peers, cells, records or hours, _, p50 to p999")
    hours: list[float] = Field(description="share of records by hour of the UTC day, 0 to 23")


class ClassLimit(Answer):
    """What the limit of a rule is for cards of a class that have none of their own."""

    card_class: CardClassRef
    value: int | float
    origin: str = Field(description="class, baseline, or rule: the rule's own number")


class BaselineUse(Answer):
    """A limit of a rule in use that follows from a baseline: so many times it, and at least so much."""

    rule: str
    title: Words
    limit: str
    baseline: str = Field(description="such as peers_p999")
    times: int | float
    at_least: int
    otherwise: int | float = Field(description="the rule's own number, where a class has no baseline")
    limits: list[ClassLimit] = Field(description="by class, of all classes")


class ClassBaselineRows(Answer):
    """The newest baselines; `version` null before they were first computed."""

    version: str | None
    computed_at: Moment | None
    days: list[date] = Field(description="complete UTC days that were counted")
    card_days: int
    enough: int = Field(description="card-days that a class needs")
    rows: list[ClassBaseline]
    damaged: Words | None = Field(description="what keeps newer ones from being used: these are the last good ones")
    uses: list[BaselineUse] = Field(description="rules in use that take a limit from a baseline")
