"""The registry's tables. Numbers of networks are text: they have leading zeros, and people search by their beginning.

Times are whole seconds since the epoch (audit: microseconds), so both engines store and compare them alike. Text that
is searched by prefix or kept unique sorts by code point on both engines. Ids are allotted by us, dense from 1, in turn
(`state.take_turn`); only the audit log leaves that to the engine.
"""

from datetime import date
from typing import Any, cast

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ColumnElement,
    Date,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    exists,
    false,
    or_,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tallyward.registry.adapters.tenant import BIG, Scoped, TenantRow
from tallyward.registry.cadence import Cadence
from tallyward.registry.model import EnterpriseKind


def _code(length: int) -> String:
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def _refers(table: str) -> Any:  # noqa: ANN401 - a column of any type
    return mapped_column(BIG, ForeignKey(f"{table}.id"))


class Base(DeclarativeBase):
    """All tables of the registry."""


def table_of(mapped: type[Base]) -> Table:
    """The table of a mapped class, for statements without tenant criteria."""
    return cast("Table", mapped.__table__)


class StateRow(Base):
    """One row: counters that grow with each change, and the lock under which the registry's writers take turns."""

    __tablename__ = "registry_state"
    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    version: Mapped[int] = mapped_column(BIG)
    stamp: Mapped[int] = mapped_column(BIG)  # drawn with each change: tells version 7 of a restored copy from another 7
    numbers: Mapped[int] = mapped_column(BIG)  # grows when numbers of cards, cells or areas may have changed
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class EnterpriseRow(Scoped, Base):
    """An enterprise sees itself, every operator, and those that hold cards it operates."""

    __tablename__ = "enterprise"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(_code(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    area_id: Mapped[int | None] = mapped_column(BIG)  # no foreign key: SQLite adds none to a table that is there

    @classmethod
    def visible_to(cls, enterprise: int) -> ColumnElement[bool]:
        """Itself, operators, and holders of its cards."""
        holds = exists().where(CardRow.operator_id == enterprise, CardRow.enterprise_id == cls.id)
        return or_(cls.id == enterprise, cls.kind == EnterpriseKind.OPERATOR.value, holds)


class CardClassRow(Base):
    """A product; everybody's."""

    __tablename__ = "card_class"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(_code(64), unique=True)
    title_en: Mapped[str] = mapped_column(String(200))
    title_zh: Mapped[str] = mapped_column(String(200))
    month_bytes: Mapped[int | None] = mapped_column(BIG)
    day_bytes: Mapped[int | None] = mapped_column(BIG)
    max_peers: Mapped[int | None] = mapped_column(BIG)
    max_cells: Mapped[int | None] = mapped_column(BIG)
    max_imeis: Mapped[int | None] = mapped_column(BIG)


class AreaRow(Base):
    """A region; everybody's. `plmns` are MCC+MNC digits, separated by blanks."""

    __tablename__ = "area"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(_code(64), unique=True)
    title_en: Mapped[str] = mapped_column(String(200))
    title_zh: Mapped[str] = mapped_column(String(200))
    fraud_prone: Mapped[bool] = mapped_column(Boolean)
    plmns: Mapped[str] = mapped_column(Text)


class CellRow(Base):
    """A radio cell; everybody's."""

    __tablename__ = "cell"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    cgi: Mapped[str] = mapped_column(_code(40), unique=True)
    area_id: Mapped[int] = _refers("area")
    latitude: Mapped[float] = mapped_column(Float)
    longitude: Mapped[float] = mapped_column(Float)


class GroupListRow(TenantRow, Base):
    """A list of peers."""

    __tablename__ = "group_list"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    enterprise_id: Mapped[int] = _refers("enterprise")
    code: Mapped[str] = mapped_column(_code(64))
    __table_args__ = (UniqueConstraint("enterprise_id", "code"),)


class GroupEntryRow(TenantRow, Base):
    """One entry of a list; holder and operator are the list's."""

    __tablename__ = "group_entry"
    list_id: Mapped[int] = mapped_column(BIG, ForeignKey("group_list.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    entry: Mapped[str] = mapped_column(_code(100), primary_key=True)


class TerminalRow(TenantRow, Base):
    """A terminal. `operator_id` is the operator of the card it was bound to last."""

    __tablename__ = "terminal"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    serial: Mapped[str] = mapped_column(_code(64), unique=True)
    enterprise_id: Mapped[int] = _refers("enterprise")
    usage: Mapped[str] = mapped_column(String(16))
    access: Mapped[str] = mapped_column(String(16))
    vendor: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(100))
    firmware: Mapped[str] = mapped_column(String(100))
    imei: Mapped[str | None] = mapped_column(_code(15), index=True)  # cheap clones share IMEIs: not unique
    fixed: Mapped[bool] = mapped_column(Boolean)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    gateway_id: Mapped[int | None] = _refers("terminal")
    cadence: Mapped[str] = mapped_column(String(8), server_default=Cadence.LIVE.value)
    __table_args__ = (
        Index("ix_terminal_enterprise", "enterprise_id", "id"),
        Index("ix_terminal_operator", "operator_id", "id"),
    )


class CardRow(TenantRow, Base):
    """An IoT card."""

    __tablename__ = "card"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    iccid: Mapped[str] = mapped_column(_code(20), unique=True)
    imsi: Mapped[str] = mapped_column(_code(15), unique=True)
    msisdn: Mapped[str | None] = mapped_column(_code(15), unique=True)
    operator_id: Mapped[int] = _refers("enterprise")
    enterprise_id: Mapped[int] = _refers("enterprise")
    class_id: Mapped[int] = _refers("card_class")
    voice_mode: Mapped[int] = mapped_column(SmallInteger)
    voice_list: Mapped[int | None] = _refers("group_list")
    sms_mode: Mapped[int] = mapped_column(SmallInteger)
    sms_list: Mapped[int | None] = _refers("group_list")
    data_mode: Mapped[int] = mapped_column(SmallInteger)
    data_list: Mapped[int | None] = _refers("group_list")
    roaming: Mapped[bool] = mapped_column(Boolean)
    fixed: Mapped[bool] = mapped_column(Boolean)
    home_area: Mapped[int | None] = _refers("area")
    home_cell: Mapped[int | None] = _refers("cell")
    real_name: Mapped[str] = mapped_column(String(16))
    cadence: Mapped[str] = mapped_column(String(8), server_default=Cadence.LIVE.value)
    joined_at: Mapped[int | None] = mapped_column(BIG)  # null: it was here before the registry kept the time
    joined_told: Mapped[bool] = mapped_column(Boolean, server_default=false())  # else assumed: when it was imported
    month_bytes: Mapped[int | None] = mapped_column(BIG)
    day_bytes: Mapped[int | None] = mapped_column(BIG)
    max_peers: Mapped[int | None] = mapped_column(BIG)
    max_cells: Mapped[int | None] = mapped_column(BIG)
    max_imeis: Mapped[int | None] = mapped_column(BIG)
    __table_args__ = (
        Index("ix_card_enterprise", "enterprise_id", "id"),
        Index("ix_card_operator", "operator_id", "id"),
        Index("ix_card_stock", "operator_id", "class_id", "home_area", "real_name"),
        Index("ix_card_joined", "joined_at", "enterprise_id", "operator_id", "real_name", "joined_told"),
    )


class BindingRow(TenantRow, Base):
    """A card in a terminal; holder and operator are the card's. A card rides in one terminal at a time."""

    __tablename__ = "binding"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    card_id: Mapped[int] = _refers("card")
    terminal_id: Mapped[int] = _refers("terminal")
    since: Mapped[int] = mapped_column(BIG)
    until: Mapped[int | None] = mapped_column(BIG)
    reason: Mapped[str] = mapped_column(String(200))
    __table_args__ = (
        UniqueConstraint("card_id", "since"),
        Index(
            "ix_binding_open",
            "card_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index("ix_binding_terminal", "terminal_id"),
        CheckConstraint("until IS NULL OR until >= since", name="binding_order"),
    )


class AuditRow(TenantRow, Base):
    """One entry of the audit log; `operator_id` is the enterprise of the one who acted."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    at: Mapped[int] = mapped_column(BIG)  # microseconds since the epoch, UTC
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(_code(200), index=True)
    detail: Mapped[str] = mapped_column(Text)  # a JSON object


class InspectionRow(Base):
    """One kept inspection; its figures are the tenants' parts."""

    __tablename__ = "inspection"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    cadence: Mapped[str] = mapped_column(String(8))
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    made_at: Mapped[int] = mapped_column(BIG)
    threshold: Mapped[float] = mapped_column(Float)
    __table_args__ = (UniqueConstraint("cadence", "since"),)


class InspectionPartRow(TenantRow, Base):
    """What one inspection found of the cards that an enterprise holds of one operator."""

    __tablename__ = "inspection_part"
    inspection_id: Mapped[int] = mapped_column(BIG, ForeignKey("inspection.id", ondelete="CASCADE"), primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(BIG, ForeignKey("enterprise.id"), primary_key=True)
    operator_id: Mapped[int] = mapped_column(BIG, ForeignKey("enterprise.id"), primary_key=True)
    states: Mapped[dict[str, int]] = mapped_column(JSON)  # cards joined, by real-name state
    in_use: Mapped[int] = mapped_column(BIG)
    undated: Mapped[int] = mapped_column(BIG)
    assumed: Mapped[int] = mapped_column(BIG, server_default="0")
    longest_since: Mapped[int | None] = mapped_column(BIG)
    late: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # the cards longest without registration
    __table_args__ = (
        Index("ix_inspection_part_enterprise", "enterprise_id"),
        Index("ix_inspection_part_operator", "operator_id"),
    )
