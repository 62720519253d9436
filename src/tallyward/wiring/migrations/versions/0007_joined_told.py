"""Whether a card's date of joining was told by an import file, or assumed to be the time of the import.

Which of the dates of before were told nobody wrote down: they count as assumed until a file tells them again.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("card", sa.Column("joined_told", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index("ix_card_joined", table_name="card")
    columns = ["joined_at", "enterprise_id", "operator_id", "real_name", "joined_told"]
    op.create_index("ix_card_joined", "card", columns, unique=False)
    op.add_column("inspection_part", sa.Column("assumed", BIG, server_default="0", nullable=False))
