"""The situation page: every number of it leads to rows."""

from datetime import date

from pydantic import Field

from tallyward.console.views.shared import Answer, Moment, Words
from tallyward.console.views.sources import SourceRow


class CardTotals(Answer):
    """Cards, and how many are in each real-name state."""

    total: int
    real_name: dict[str, int]


class TerminalTotals(Answer):
    """Terminals, and how many reach the network in each way."""

    total: int
    by_access: dict[str, int]


class RuleTotals(Answer):
    """Incidents of one rule."""

    rule: str
    title: Words
    severity: str
    open: int = Field(description="open, acknowledged or contained")
    total: int


class IncidentTotals(Answer):
    """Incidents of all days."""

    open: int = Field(description="open, acknowledged or contained")
    total: int
    by_state: dict[str, int]
    by_rule: list[RuleTotals]


class RecordTotals(Answer):
    """Usage records of the day, by UTC hour."""

    total: int
    by_hour: list[int] = Field(min_length=24, max_length=24)


class AreaTotals(Answer):
    """One area: cards at home there, and incidents not yet closed whose evidence was recorded there."""

    code: str
    title: Words
    fraud_prone: bool
    cards: int
    incidents: int


class Coverage(Answer):
    """The last traversal: whether all cards were read and all records counted."""

    day: date
    cards_expected: int
    cards_read: int
    cards_unknown: int
    records_in: int = Field(description="records of the day that came in, those refused at intake among them")
    records_used: int
    records_refused: int = Field(description="put aside at intake from files of the day; see the quarantine")
    whitelisted: int = Field(description="findings that opened no incident, since a whitelist entry holds them back")
    at: Moment
    complete: bool = Field(description="the sums match")


class Situation(Answer):
    """The state of everything one may see."""

    day: date = Field(description="the day that `records` and `coverage` speak of")
    cards: CardTotals
    terminals: TerminalTotals
    incidents: IncidentTotals
    records: RecordTotals | None = Field(description="null for those who see one enterprise's cards only")
    areas: list[AreaTotals]
    sources: list[SourceRow]
    coverage: Coverage | None = Field(description="null before the first traversal, or for one enterprise's people")
