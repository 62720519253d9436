"""The incidents' tables. Times of people's changes are microseconds since the epoch, so both engines compare alike."""

from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Connection,
    Date,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    event,
    insert,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tallyward.registry.adapters.tenant import BIG, TenantRow


class Base(DeclarativeBase):
    """All tables of incidents."""


class CounterRow(Base):
    """One row: the number of the newest step. Who writes takes it first, so numbers grow in the order of commits."""

    __tablename__ = "incident_counter"
    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    last: Mapped[int] = mapped_column(BIG)
    __table_args__ = (CheckConstraint("id = 1", name="incident_counter_one_row"),)


@event.listens_for(CounterRow.__table__, "after_create")
def _begin_at_zero(_table: object, connection: Connection, **_options: object) -> None:
    connection.execute(insert(CounterRow).values(id=1, last=0))


class IncidentRow(TenantRow, Base):
    """One incident; holder and operator are the card's, or the operator is that of the source."""

    __tablename__ = "incident"
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    rule: Mapped[str] = mapped_column(String(64))
    rule_version: Mapped[str] = mapped_column(String(100))
    severity: Mapped[str] = mapped_column(String(16))
    day: Mapped[date] = mapped_column(Date)
    subject_kind: Mapped[str] = mapped_column(String(16))
    subject_number: Mapped[str] = mapped_column(String(200))
    card_id: Mapped[int] = mapped_column(BIG)
    area_id: Mapped[int] = mapped_column(BIG)
    state: Mapped[str] = mapped_column(String(16))
    assignee: Mapped[str | None] = mapped_column(String(64))
    assignee_enterprise: Mapped[int | None] = mapped_column(BIG)
    records: Mapped[int] = mapped_column(BIG)
    told_records: Mapped[int] = mapped_column(BIG)
    first_ts: Mapped[int] = mapped_column(BIG)
    last_ts: Mapped[int] = mapped_column(BIG)
    opened_at: Mapped[int] = mapped_column(BIG)
    changed_at: Mapped[int] = mapped_column(BIG)
    closed_at: Mapped[int | None] = mapped_column(BIG)
    finding: Mapped[dict[str, Any]] = mapped_column(JSON)  # measures, evidence, explanation: see finding_json
    __table_args__ = (
        UniqueConstraint("rule", "day", "subject_kind", "subject_number", name="uq_incident_key"),
        Index("ix_incident_state", "state", "id"),
        Index("ix_incident_rule", "rule", "id"),
        Index("ix_incident_day", "day", "id"),
        Index("ix_incident_card", "card_id", "id"),
        Index("ix_incident_enterprise", "enterprise_id", "id"),
        Index("ix_incident_operator", "operator_id", "id"),
    )


class StepRow(TenantRow, Base):
    """One step of an incident's history; holder and operator are the incident's."""

    __tablename__ = "incident_step"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    incident_id: Mapped[int] = mapped_column(BIG, index=True)
    at: Mapped[int] = mapped_column(BIG)
    kind: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str | None] = mapped_column(String(100))
    actor_enterprise: Mapped[int | None] = mapped_column(BIG)
    event: Mapped[str | None] = mapped_column(String(32))
    before: Mapped[str | None] = mapped_column(String(64))
    after: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[str | None] = mapped_column(Text)
