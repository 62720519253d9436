"""The accounts' tables. Secrets stand here as digests only. Times are microseconds since the epoch, UTC."""

from sqlalchemy import Boolean, ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tallyward.registry.adapters.tenant import BIG


class Base(DeclarativeBase):
    """All tables of the console."""


class UserRow(Base):
    """A local user. Not a tenant's row: sign-in comes before any scope. The store compares enterprises itself."""

    __tablename__ = "console_user"
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(16))
    enterprise_id: Mapped[int | None] = mapped_column(BIG, index=True)
    language: Mapped[str] = mapped_column(String(8))
    disabled: Mapped[bool] = mapped_column(Boolean)
    must_change_password: Mapped[bool] = mapped_column(Boolean)
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[int] = mapped_column(BIG)
    last_sign_in_at: Mapped[int | None] = mapped_column(BIG)


class SessionRow(Base):
    """A session by the digest of its secret."""

    __tablename__ = "console_session"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(BIG, ForeignKey("console_user.id", ondelete="CASCADE"), index=True)
    since: Mapped[int] = mapped_column(BIG)
    until: Mapped[int] = mapped_column(BIG, index=True)


class TokenRow(Base):
    """An API token by the digest of its secret."""

    __tablename__ = "console_token"
    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(BIG, ForeignKey("console_user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    since: Mapped[int] = mapped_column(BIG)
    until: Mapped[int] = mapped_column(BIG)
    last_used_at: Mapped[int | None] = mapped_column(BIG)
