"""Tenant isolation, twice: ORM criteria on every engine, and row-level security on PostgreSQL.

A session is bound to a scope. ORM statements then see only rows the scope's enterprise holds or operates; a session
without a scope is refused, so forgetting is a failure and not a leak. Core statements on a table object carry no
criteria (SQLAlchemy adds them for mapped classes only): on PostgreSQL the policies still hold, on SQLite nothing
does, so services use mapped classes, and the few bulk statements run under `EVERYTHING` after checking each row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, event, inspect, or_, text
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria

from tallyward.kernel.actor import EVERYTHING, Scope

BIG = BigInteger().with_variant(Integer, "sqlite")
"""64-bit integer; on SQLite the type that makes a primary key the row id."""

_SETTING = "tallyward.enterprise"
_EVERY = "*"
_SAID = f"current_setting('{_SETTING}', true)"
_WHO = f"nullif(nullif({_SAID}, '{_EVERY}'), '')::bigint"


class Scoped:
    """A mapped class whose rows are not everybody's; `visible_to` says which an enterprise may see."""

    @classmethod
    def visible_to(cls, enterprise: int) -> ColumnElement[bool]:
        """The condition on a row."""
        raise NotImplementedError


class TenantRow(Scoped):
    """Mixin of every tenant's table: the holder of a row, and who operates it (may see it as well)."""

    enterprise_id: Mapped[Any] = mapped_column(BIG, nullable=True)  # Any: tables narrow it to int or int | None
    operator_id: Mapped[Any] = mapped_column(BIG, nullable=True)

    @classmethod
    def visible_to(cls, enterprise: int) -> ColumnElement[bool]:
        """Rows it holds or operates."""
        return or_(cls.enterprise_id == enterprise, cls.operator_id == enterprise)


def bind_scope(session: Session, scope: Scope) -> None:
    """Make the open transaction of a session see what `scope` may see, and nothing else."""
    session.info["scope"] = scope
    if session.get_bind().dialect.name == "postgresql":
        who = _EVERY if scope.enterprise is None else str(scope.enterprise)
        session.execute(text("SELECT set_config(:setting, :who, true)"), {"setting": _SETTING, "who": who})


@contextmanager
def outside_scope(session: Session) -> Iterator[None]:
    """Let the block see every row, for what must be known of all tenants at once, such as the next free id."""
    scope: Scope = session.info["scope"]
    bind_scope(session, EVERYTHING)
    yield
    bind_scope(session, scope)  # not after an error: then the transaction is over


def guard(session_class: type[Session]) -> None:
    """Put the criteria on every ORM statement of a session class."""
    event.listen(session_class, "do_orm_execute", _add_criteria)


def _add_criteria(state: ORMExecuteState) -> None:
    scope: Scope = state.session.info["scope"]  # a session without a scope fails here, on purpose
    if scope.enterprise is None or not (state.is_select or state.is_update or state.is_delete):
        return
    enterprise = int(scope.enterprise)
    # One option a mapped class: a lambda for the mixin can't be analysed, since each class says itself what is visible.
    # And a lambda, no ready condition: that one would speak of the table where a statement joins an alias of it.
    state.statement = state.statement.options(
        *(
            with_loader_criteria(mapped, lambda seen: seen.visible_to(enterprise), include_aliases=True)
            for mapped in _mapped_below(Scoped)
        )
    )


def _mapped_below(parent: type[Scoped]) -> Iterator[type[Scoped]]:
    for child in parent.__subclasses__():
        if inspect(child, raiseerr=False) is not None:
            yield child
        yield from _mapped_below(child)


def row_security(table: str, visible: str | None = None) -> tuple[str, ...]:
    """PostgreSQL statements that put row-level security on a tenant table; for migrations.

    `visible` is the condition on a row in SQL, where `{who}` stands for the enterprise asking; by default holder or
    operator. FORCE: the tables' owner obeys too; a superuser never does, so the platform must not connect as one.
    """
    seen = (visible or "enterprise_id = {who} OR operator_id = {who}").format(who=_WHO)
    rule = f"{_SAID} = '{_EVERY}' OR ({_WHO} IS NOT NULL AND ({seen}))"
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {table} USING ({rule}) WITH CHECK ({rule})",
    )
