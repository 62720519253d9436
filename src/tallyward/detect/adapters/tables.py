"""Tables of kept rules and of the whitelist. Times are microseconds since the epoch, so both engines compare alike."""

from sqlalchemy import CheckConstraint, Connection, SmallInteger, String, Text, UniqueConstraint, event, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tallyward.registry.adapters.tenant import BIG, TenantRow


class Base(DeclarativeBase):
    """All tables of detection."""


class RuleStateRow(Base):
    """One row: the number of the newest version. Who writes takes it first, so writers take turns."""

    __tablename__ = "rule_state"
    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    changes: Mapped[int] = mapped_column(BIG)
    __table_args__ = (CheckConstraint("id = 1", name="rule_state_one_row"),)


@event.listens_for(RuleStateRow.__table__, "after_create")
def _begin_at_zero(_table: object, connection: Connection, **_options: object) -> None:
    connection.execute(insert(RuleStateRow).values(id=1, changes=0))


class RuleVersionRow(Base):
    """One version of a rule; never changed. Rules hold for every enterprise, so nobody's rows these are."""

    __tablename__ = "rule_version"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    rule: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(BIG)
    action: Mapped[str] = mapped_column(String(16))
    version: Mapped[str] = mapped_column(String(100))
    text: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(100))
    author_enterprise: Mapped[int | None] = mapped_column(BIG)
    at: Mapped[int] = mapped_column(BIG)
    note: Mapped[str] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("rule", "number", name="uq_rule_version_number"),)


class WhitelistRow(TenantRow, Base):
    """One entry; the holder where it speaks of one's cards, the operator whose cards it speaks of."""

    __tablename__ = "whitelist_entry"
    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    rule: Mapped[str | None] = mapped_column(String(64))
    reach: Mapped[str] = mapped_column(String(16))
    target: Mapped[int] = mapped_column(BIG)
    name: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(100))
    author_enterprise: Mapped[int | None] = mapped_column(BIG)
    since: Mapped[int] = mapped_column(BIG)
    until: Mapped[int] = mapped_column(BIG, index=True)
    removed_at: Mapped[int | None] = mapped_column(BIG)
    removed_by: Mapped[str | None] = mapped_column(String(100))
