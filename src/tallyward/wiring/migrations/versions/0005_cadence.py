"""How soon the records of a card or terminal are judged. What was there before stays as it was: live.

Profiles of cards have a column more, so those of the present version are written anew.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("card", "terminal"):
        op.add_column(table, sa.Column("cadence", sa.String(8), server_default="live", nullable=False))
    op.execute("UPDATE registry_state SET version = version + 1 WHERE version > 0")
