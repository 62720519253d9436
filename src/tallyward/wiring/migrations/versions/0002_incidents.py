"""Incidents and their history.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

from tallyward.registry.adapters.tenant import row_security

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "incident_counter",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("last", BIG, nullable=False),
        sa.CheckConstraint("id = 1", name="incident_counter_one_row"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO incident_counter (id, last) VALUES (1, 0)")
    _incident_table()
    _step_table()
    if op.get_bind().dialect.name == "postgresql":
        for table in ("incident", "incident_step"):
            for statement in row_security(table):
                op.execute(statement)


def _incident_table() -> None:
    op.create_table(
        "incident",
        sa.Column("id", BIG, nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("rule_version", sa.String(100), nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject_kind", sa.String(16), nullable=False),
        sa.Column("subject_number", sa.String(200), nullable=False),
        sa.Column("card_id", BIG, nullable=False),
        sa.Column("area_id", BIG, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("assignee", sa.String(64), nullable=True),
        sa.Column("assignee_enterprise", BIG, nullable=True),
        sa.Column("records", BIG, nullable=False),
        sa.Column("told_records", BIG, nullable=False),
        sa.Column("first_ts", BIG, nullable=False),
        sa.Column("last_ts", BIG, nullable=False),
        sa.Column("opened_at", BIG, nullable=False),
        sa.Column("changed_at", BIG, nullable=False),
        sa.Column("closed_at", BIG, nullable=True),
        sa.Column("finding", sa.JSON(), nullable=False),
        sa.Column("enterprise_id", BIG, nullable=True),
        sa.Column("operator_id", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("rule", "day", "subject_kind", "subject_number", name="uq_incident_key"),
    )
    for column in ("state", "rule", "day", "card", "enterprise", "operator"):
        name = f"{column}_id" if column in {"card", "enterprise", "operator"} else column
        op.create_index(f"ix_incident_{column}", "incident", [name, "id"], unique=False)


def _step_table() -> None:
    op.create_table(
        "incident_step",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("incident_id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("actor", sa.String(100), nullable=True),
        sa.Column("actor_enterprise", BIG, nullable=True),
        sa.Column("event", sa.String(32), nullable=True),
        sa.Column("before", sa.String(64), nullable=True),
        sa.Column("after", sa.String(64), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("enterprise_id", BIG, nullable=True),
        sa.Column("operator_id", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_incident_step_incident_id"), "incident_step", ["incident_id"], unique=False)
