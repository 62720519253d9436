"""Incidents as the queue and the panel show them."""

from datetime import date

from pydantic import Field

from tallyward.console.views.shared import Answer, EnterpriseRef, Moment, Rows, Wish, Words
from tallyward.incidents.life_cycle import Event, State


class SubjectView(Answer):
    """What the incident is about; `number` is the card's id for kind `card`."""

    kind: str
    number: str


class CardRef(Answer):
    """A card as incidents name it."""

    id: int
    iccid: str
    msisdn: str | None


class IncidentRow(Answer):
    """One incident in the queue."""

    id: int
    rule: str
    title: Words
    severity: str = Field(description="low, medium, high")
    state: State
    day: date
    subject: SubjectView
    card: CardRef | None
    holder: EnterpriseRef | None
    records: int = Field(description="records that show the fault")
    first_at: Moment
    last_at: Moment
    opened_at: Moment
    changed_at: Moment
    assignee: str | None


class IncidentRows(Rows[IncidentRow]):
    """A page of incidents, newest first."""


class MeasureView(Answer):
    """One compared quantity."""

    name: str
    observed: str
    limit: str
    origin: str = Field(description="who set the limit: card, class, rule, list, area, binding, registry")


class EvidenceView(Answer):
    """One record that shows the fault, kept with the incident."""

    at: Moment
    service: str
    duration_s: int
    bytes_up: int
    bytes_down: int
    peer: str
    imei: str | None
    cell: str | None
    area: str | None = Field(description="code of the area")
    segment: int
    row: int


class WhyView(Answer):
    """Why it was found, and what would make it normal."""

    why: str
    normal: str


class BothWhys(Answer):
    """The explanation in both languages."""

    en: WhyView
    zh_cn: WhyView = Field(serialization_alias="zh-CN")


class HistoryEntry(Answer):
    """One step: found, grown, a change of state, an assignment, a comment."""

    id: int
    at: Moment
    actor: str | None = Field(description="null: somebody of another enterprise")
    kind: str = Field(description="opened, grown, state, assigned, comment")
    event: Event | None
    before: str | None = Field(description="state or assignee before")
    after: str | None
    text: str | None = Field(description="reason or comment")


class AllowedEvent(Answer):
    """An event that the present state takes."""

    event: Event
    to: State
    reason_required: bool


class IncidentDetail(IncidentRow):
    """Everything about one incident."""

    rule_version: str
    explanation: BothWhys
    measures: list[MeasureView]
    evidence: list[EvidenceView]
    history: list[HistoryEntry] = Field(description="oldest first")
    allowed_events: list[AllowedEvent] = Field(description="empty for those who may not act")


class IncidentEventWish(Wish):
    """Move the incident along its life cycle."""

    event: Event
    reason: str | None = Field(default=None, max_length=2000)


class AssigneeWish(Wish):
    """Hand it to a person, or to nobody."""

    name: str | None = Field(max_length=64)


class CommentWish(Wish):
    """Something to remember about this incident."""

    text: str = Field(min_length=1, max_length=4000)
