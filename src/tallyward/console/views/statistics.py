"""Statistics of the situation page: how the stock of cards develops, and what became of incidents."""

from datetime import date

from pydantic import Field

from tallyward.console.views.shared import Answer, Words


class Named(Answer):
    """One operator, class or area; `code` "" where it is not known."""

    code: str
    title: Words


class CardCount(Named):
    """Cards of it."""

    cards: int


class StepCount(Answer):
    """Cards that joined in a step of time."""

    since: date = Field(description="first day, UTC")
    cards: int


class CardStatistics(Answer):
    """Development (发展类统计): cards of now, and how many of them joined when."""

    since: date
    until: date
    total: int
    undated: int = Field(description="cards from before times of joining were kept")
    real_name: dict[str, int]
    by_operator: list[CardCount]
    by_class: list[CardCount]
    by_area: list[CardCount]
    joined: int = Field(description="cards that joined in the period, by dates that were told")
    assumed: int = Field(description="cards of the period whose date of joining is only assumed: the import's time")
    joined_by_step: list[StepCount]


class TallyFields(Answer):
    """What became of incidents that were observed in the period."""

    new: int
    open: int = Field(description="open, acknowledged or contained")
    resolved: int
    false_positive: int
    false_positive_share: float | None = Field(description="of the closed, 0 to 1; null where none is closed")


class RuleTally(TallyFields):
    """Those of one rule."""

    rule: str
    title: Words


class NamedTally(TallyFields, Named):
    """Those of one operator, class or area."""


class DayCount(Answer):
    """One UTC day: incidents observed, and incidents of the period closed on it."""

    day: date
    new: int
    closed: int


class IncidentStatistics(Answer):
    """Security (安全类统计): incidents observed in a period. Figures are at most `age_seconds` old."""

    since: date
    until: date
    total: TallyFields
    by_rule: list[RuleTally]
    by_operator: list[NamedTally]
    by_class: list[NamedTally]
    by_area: list[NamedTally]
    by_day: list[DayCount]
    seconds_to_act: float | None = Field(description="median from opening until somebody acted; null before that")
    seconds_to_resolve: float | None = Field(description="median from opening until resolved")
    age_seconds: int
