"""Kept versions of rules, and the whitelist.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

from tallyward.registry.adapters.tenant import row_security

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    state = op.create_table(
        "rule_state",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("changes", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint("id = 1", name="rule_state_one_row"),
    )
    op.bulk_insert(state, [{"id": 1, "changes": 0}])
    op.create_table(
        "rule_version",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("author_enterprise", BIG, nullable=True),
        sa.Column("at", BIG, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("rule", "number", name="uq_rule_version_number"),
    )
    op.create_table(
        "whitelist_entry",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("enterprise_id", BIG, nullable=True),
        sa.Column("operator_id", BIG, nullable=True),
        sa.Column("rule", sa.String(64), nullable=True),
        sa.Column("reach", sa.String(16), nullable=False),
        sa.Column("target", BIG, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("author_enterprise", BIG, nullable=True),
        sa.Column("since", BIG, nullable=False),
        sa.Column("until", BIG, nullable=False),
        sa.Column("removed_at", BIG, nullable=True),
        sa.Column("removed_by", sa.String(100), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_whitelist_entry_until"), "whitelist_entry", ["until"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for statement in row_security("whitelist_entry"):
            op.execute(statement)
