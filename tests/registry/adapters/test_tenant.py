import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, aliased

from tallyward.registry.adapters.tables import BindingRow, CardRow, EnterpriseRow, GroupEntryRow, TerminalRow
from tallyward.registry.adapters.tenant import TenantRow, guard
from tests.registry.world import World


def test_every_kind_of_orm_statement_is_scoped(world: World) -> None:
    world.take_all()
    with world.sessions.begin(world.of("a").scope) as session:
        assert session.scalars(select(CardRow.id).order_by(CardRow.id)).all() == [1, 2]
        assert session.scalar(select(func.count()).select_from(CardRow)) == 2
        assert session.get(CardRow, 3) is None
        other = aliased(CardRow)
        joined = select(CardRow.id, other.id).join(other, other.operator_id == CardRow.operator_id)
        assert {number for row in session.execute(joined) for number in row} == {1, 2}
        inside = select(BindingRow.id).where(BindingRow.card_id.in_(select(CardRow.id)))
        assert len(session.scalars(inside).all()) == 3
        session.execute(update(CardRow).values(real_name="none"))
        session.execute(delete(BindingRow).where(BindingRow.card_id == 3))
    with world.sessions.reading(world.of("b").scope) as session:
        assert session.scalars(select(CardRow.real_name).order_by(CardRow.id)).all() == ["active", "suspended"]
        assert session.scalar(select(func.count()).select_from(BindingRow)) == 1


def test_scopes_do_not_leak_from_one_session_to_the_next(world: World) -> None:
    world.take_all()
    for _ in range(3):
        for code, cards in (("a", [1, 2]), ("b", [3, 4]), ("op2", [4]), ("reg", [])):
            with world.sessions.reading(world.of(code).scope) as session:
                assert session.scalars(select(CardRow.id).order_by(CardRow.id)).all() == cards


def test_a_session_without_a_scope_reads_nothing() -> None:
    class Bare(Session):
        """Guarded, but bound to no scope."""

    guard(Bare)
    with Bare() as session, pytest.raises(KeyError):
        session.execute(select(CardRow))


RAW = ("card", "terminal", "binding", "group_list", "group_entry", "audit_entry")


@pytest.mark.postgres
@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
def test_on_postgresql_even_raw_sql_sees_only_its_own_rows(world: World) -> None:
    world.take_all()
    with world.sessions.begin(world.of("a").scope) as session:
        role = session.execute(text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"))
        assert role.scalar() is False
        a = world.of("a").scope.enterprise
        for table in RAW:
            rows = session.execute(text(f"SELECT enterprise_id, operator_id FROM {table}")).all()
            assert all(a in row for row in rows), table
        assert session.execute(text("SELECT count(*) FROM card")).scalar() == 2
        assert session.execute(text("SELECT code FROM enterprise ORDER BY code")).scalars().all() == ["a", "op", "op2"]
        assert session.execute(text("UPDATE card SET real_name = 'none' WHERE id > 2")).rowcount == 0  # type: ignore[attr-defined]
        assert session.execute(text("DELETE FROM binding WHERE card_id > 2")).rowcount == 0  # type: ignore[attr-defined]


@pytest.mark.postgres
@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
def test_on_postgresql_a_row_cannot_be_given_away_or_taken(world: World) -> None:
    world.take_all()
    b = world.of("b").scope.enterprise
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        world.sessions.begin(world.of("a").scope) as session,
    ):
        session.execute(text(f"UPDATE terminal SET enterprise_id = {b}, operator_id = NULL"))


@pytest.mark.postgres
@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
def test_on_postgresql_a_connection_that_names_nobody_sees_nothing(world: World) -> None:
    world.take_all()
    with world.engine.connect() as connection:
        for table in (*RAW, "enterprise"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
        connection.execute(text("SELECT set_config('tallyward.enterprise', '', true)"))
        assert connection.execute(text("SELECT count(*) FROM card")).scalar() == 0


@pytest.mark.postgres
@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
def test_on_postgresql_every_tenants_table_of_every_room_is_locked(world: World) -> None:
    with world.engine.connect() as connection:
        open_tables = connection.execute(
            text(
                "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                " WHERE c.relkind = 'r' AND a.attname = 'operator_id'"
                " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
            )
        )
        assert open_tables.scalars().all() == []


def test_all_tables_with_a_holder_are_tenants_tables() -> None:
    for mapped in (CardRow, TerminalRow, BindingRow, GroupEntryRow):
        assert issubclass(mapped, TenantRow)
    assert "enterprise_id" not in EnterpriseRow.__table__.c
