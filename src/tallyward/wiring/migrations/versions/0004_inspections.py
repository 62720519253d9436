"""When a card joined, and kept inspections of real-name registration.

Cards that were there before have no time of joining: nobody wrote it down, so it stays unknown.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

from tallyward.registry.adapters.tenant import row_security

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("card", sa.Column("joined_at", BIG, nullable=True))
    op.create_index("ix_card_joined", "card", ["joined_at", "enterprise_id", "operator_id", "real_name"], unique=False)
    op.create_index("ix_card_stock", "card", ["operator_id", "class_id", "home_area", "real_name"], unique=False)
    op.create_table(
        "inspection",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("cadence", sa.String(8), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cadence", "since"),
    )
    op.create_table(
        "inspection_part",
        sa.Column("inspection_id", BIG, nullable=False),
        sa.Column("enterprise_id", BIG, nullable=False),
        sa.Column("operator_id", BIG, nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("in_use", BIG, nullable=False),
        sa.Column("undated", BIG, nullable=False),
        sa.Column("longest_since", BIG, nullable=True),
        sa.Column("late", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"]),
        sa.ForeignKeyConstraint(["operator_id"], ["enterprise.id"]),
        sa.PrimaryKeyConstraint("inspection_id", "enterprise_id", "operator_id"),
    )
    op.create_index("ix_inspection_part_enterprise", "inspection_part", ["enterprise_id"], unique=False)
    op.create_index("ix_inspection_part_operator", "inspection_part", ["operator_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for statement in row_security("inspection_part"):
            op.execute(statement)
