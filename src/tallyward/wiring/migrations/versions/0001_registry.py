"""The registry and the audit log.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from tallyward.registry.adapters.tenant import row_security

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TENANT = ("group_list", "group_entry", "terminal", "card", "binding", "audit_entry")
ENTERPRISE_SEEN = (
    "id = {who} OR kind = 'operator' OR EXISTS"
    " (SELECT 1 FROM card WHERE card.operator_id = {who} AND card.enterprise_id = enterprise.id)"
)


def code(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    _reference_tables()
    _fleet_tables()
    _binding_tables()
    op.execute("INSERT INTO registry_state (id, version, stamp, numbers) VALUES (1, 0, 0, 0)")
    if op.get_bind().dialect.name == "postgresql":
        _row_security()


def _row_security() -> None:
    for table in TENANT:
        for statement in row_security(table):
            op.execute(statement)
    for statement in row_security("enterprise", ENTERPRISE_SEEN):
        op.execute(statement)


def _reference_tables() -> None:
    op.create_table(
        "area",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", code(64), nullable=False),
        sa.Column("title_en", sa.String(200), nullable=False),
        sa.Column("title_zh", sa.String(200), nullable=False),
        sa.Column("fraud_prone", sa.Boolean(), nullable=False),
        sa.Column("plmns", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("subject", code(200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("enterprise_id", BIG, nullable=True),
        sa.Column("operator_id", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_audit_entry_subject"), "audit_entry", ["subject"], unique=False)
    op.create_table(
        "card_class",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", code(64), nullable=False),
        sa.Column("title_en", sa.String(200), nullable=False),
        sa.Column("title_zh", sa.String(200), nullable=False),
        sa.Column("month_bytes", BIG, nullable=True),
        sa.Column("day_bytes", BIG, nullable=True),
        sa.Column("max_peers", BIG, nullable=True),
        sa.Column("max_cells", BIG, nullable=True),
        sa.Column("max_imeis", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "enterprise",
        sa.Column("id", BIG, nullable=False),
        sa.Column("code", code(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "registry_state",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("stamp", BIG, nullable=False),
        sa.Column("numbers", BIG, nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.PrimaryKeyConstraint("id"),
    )


def _fleet_tables() -> None:
    op.create_table(
        "cell",
        sa.Column("id", BIG, nullable=False),
        sa.Column("cgi", code(40), nullable=False),
        sa.Column("area_id", BIG, nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["area.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cgi"),
    )
    op.create_table(
        "group_list",
        sa.Column("id", BIG, nullable=False),
        sa.Column("enterprise_id", BIG, nullable=False),
        sa.Column("code", code(64), nullable=False),
        sa.Column("operator_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("enterprise_id", "code"),
    )
    op.create_table(
        "terminal",
        sa.Column("id", BIG, nullable=False),
        sa.Column("serial", code(64), nullable=False),
        sa.Column("enterprise_id", BIG, nullable=False),
        sa.Column("usage", sa.String(16), nullable=False),
        sa.Column("access", sa.String(16), nullable=False),
        sa.Column("vendor", sa.String(100), nullable=False),
        sa.Column("model", sa.String(100), nullable=False),
        sa.Column("firmware", sa.String(100), nullable=False),
        sa.Column("imei", code(15), nullable=True),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("gateway_id", BIG, nullable=True),
        sa.Column("operator_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.id"],
        ),
        sa.ForeignKeyConstraint(
            ["gateway_id"],
            ["terminal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("serial"),
    )
    op.create_index("ix_terminal_enterprise", "terminal", ["enterprise_id", "id"], unique=False)
    op.create_index(op.f("ix_terminal_imei"), "terminal", ["imei"], unique=False)
    op.create_index("ix_terminal_operator", "terminal", ["operator_id", "id"], unique=False)
    _card_table()


def _card_table() -> None:
    op.create_table(
        "card",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("iccid", code(20), nullable=False),
        sa.Column("imsi", code(15), nullable=False),
        sa.Column("msisdn", code(15), nullable=True),
        sa.Column("operator_id", BIG, nullable=False),
        sa.Column("enterprise_id", BIG, nullable=False),
        sa.Column("class_id", BIG, nullable=False),
        sa.Column("voice_mode", sa.SmallInteger(), nullable=False),
        sa.Column("voice_list", BIG, nullable=True),
        sa.Column("sms_mode", sa.SmallInteger(), nullable=False),
        sa.Column("sms_list", BIG, nullable=True),
        sa.Column("data_mode", sa.SmallInteger(), nullable=False),
        sa.Column("data_list", BIG, nullable=True),
        sa.Column("roaming", sa.Boolean(), nullable=False),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.Column("home_area", BIG, nullable=True),
        sa.Column("home_cell", BIG, nullable=True),
        sa.Column("real_name", sa.String(16), nullable=False),
        sa.Column("month_bytes", BIG, nullable=True),
        sa.Column("day_bytes", BIG, nullable=True),
        sa.Column("max_peers", BIG, nullable=True),
        sa.Column("max_cells", BIG, nullable=True),
        sa.Column("max_imeis", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"],
            ["card_class.id"],
        ),
        sa.ForeignKeyConstraint(
            ["data_list"],
            ["group_list.id"],
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.id"],
        ),
        sa.ForeignKeyConstraint(
            ["home_area"],
            ["area.id"],
        ),
        sa.ForeignKeyConstraint(
            ["home_cell"],
            ["cell.id"],
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"],
            ["enterprise.id"],
        ),
        sa.ForeignKeyConstraint(
            ["sms_list"],
            ["group_list.id"],
        ),
        sa.ForeignKeyConstraint(
            ["voice_list"],
            ["group_list.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("iccid"),
        sa.UniqueConstraint("imsi"),
        sa.UniqueConstraint("msisdn"),
    )
    op.create_index("ix_card_enterprise", "card", ["enterprise_id", "id"], unique=False)
    op.create_index("ix_card_operator", "card", ["operator_id", "id"], unique=False)


def _binding_tables() -> None:
    op.create_table(
        "group_entry",
        sa.Column("list_id", BIG, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("entry", code(100), nullable=False),
        sa.Column("enterprise_id", BIG, nullable=True),
        sa.Column("operator_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["group_list.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("list_id", "kind", "entry"),
    )
    op.create_table(
        "binding",
        sa.Column("id", BIG, nullable=False),
        sa.Column("card_id", BIG, nullable=False),
        sa.Column("terminal_id", BIG, nullable=False),
        sa.Column("since", BIG, nullable=False),
        sa.Column("until", BIG, nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("enterprise_id", BIG, nullable=True),
        sa.Column("operator_id", BIG, nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name="binding_order"),
        sa.ForeignKeyConstraint(
            ["card_id"],
            ["card.id"],
        ),
        sa.ForeignKeyConstraint(
            ["terminal_id"],
            ["terminal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("card_id", "since"),
    )
    op.create_index(
        "ix_binding_open",
        "binding",
        ["card_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_index("ix_binding_terminal", "binding", ["terminal_id"], unique=False)
