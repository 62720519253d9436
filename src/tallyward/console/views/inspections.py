"""Inspections of real-name registration as answers."""

from datetime import date

from pydantic import Field

from tallyward.console.views.shared import Answer, EnterpriseRef, Moment, Rows


class InspectionHead(Answer):
    """One kept inspection, with its sums over the cards that one may see."""

    id: int
    cadence: str = Field(description="daily, weekly or monthly")
    since: date = Field(description="first day, UTC")
    until: date = Field(description="last day, UTC")
    made_at: Moment
    threshold: float = Field(description="least share of registered cards, 0 to 1")
    enterprises: int = Field(description="enterprises with cards that joined")
    failed: int = Field(description="enterprises below the threshold, or with unregistered cards in use")
    joined: int
    registered: int
    unregistered: int
    in_use: int = Field(description="cards that were used while unregistered (rule R7)")
    assumed: int = Field(description="cards of the period whose date of joining is only assumed: the import's time")


class NoticeRow(Answer):
    """What an inspection says of one enterprise."""

    enterprise: EnterpriseRef
    verdict: str = Field(description="met, used (enough registered, but some of the rest in use), below, or nothing")
    joined: int
    registered: int
    unregistered: int
    share: float | None = Field(description="registered of joined, 0 to 1; null where none joined")
    real_name: dict[str, int]
    in_use: int
    undated: int = Field(description="cards from before times of joining were kept: in no period")
    assumed: int = Field(description="cards of the period whose date of joining nobody told: not judged unless asked")
    longest_since: Moment | None = Field(description="when the first of the unregistered joined")


class LateCardRow(Answer):
    """A card without registration."""

    card: int
    iccid: str
    real_name: str
    joined_at: Moment
    days: int = Field(description="whole days from joining to the inspection")
    in_use: bool
    assumed: bool = Field(description="nobody told when it joined: `joined_at` is the time of its import")


class InspectionRows(Rows[InspectionHead]):
    """Kept inspections, newest first."""


class InspectionDetail(Answer):
    """One inspection: its enterprises, the worst first."""

    inspection: InspectionHead
    notices: list[NoticeRow]
    notices_total: int = Field(description="may be more than are listed")


class NoticeDetail(Answer):
    """The notice (通报) on one enterprise."""

    inspection: InspectionHead
    notice: NoticeRow
    operators: list[EnterpriseRef]
    cards: list[LateCardRow] = Field(description="those longest without registration, at most 50")
