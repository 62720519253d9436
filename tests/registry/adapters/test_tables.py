from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from tallyward.kernel.actor import EVERYTHING
from tallyward.registry.adapters.tables import AreaRow, Base, BindingRow, CardRow, GroupListRow, TerminalRow, table_of
from tallyward.registry.adapters.tenant import TenantRow
from tests.registry.world import World


def tenant_tables() -> Iterator[str]:
    """Names of the tables whose rows have a holder."""
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, TenantRow):
            yield mapper.local_table.name  # type: ignore[attr-defined] # each is a table


def test_the_database_has_the_columns_that_the_code_wants(world: World) -> None:
    found = inspect(world.engine)
    for name, table in Base.metadata.tables.items():
        columns = {column["name"]: column["nullable"] for column in found.get_columns(name)}
        assert columns == {column.name: column.nullable for column in table.columns}, name
        indexes = {index["name"] for index in found.get_indexes(name)}
        assert {index.name for index in table.indexes} <= indexes, name


def test_every_tenants_table_has_holder_and_operator() -> None:
    assert set(tenant_tables()) == {
        "group_list",
        "group_entry",
        "terminal",
        "card",
        "binding",
        "audit_entry",
        "inspection_part",
    }
    for name in tenant_tables():
        assert {"enterprise_id", "operator_id"} <= set(Base.metadata.tables[name].columns.keys())
    assert table_of(AreaRow) is Base.metadata.tables["area"]


NO_ROW = [
    "INSERT INTO binding (id, card_id, terminal_id, since, until, reason) VALUES (99, 1, 1, 1, NULL, '')",
    "INSERT INTO binding (id, card_id, terminal_id, since, until, reason) VALUES (99, 1, 1, 100, 99, '')",
    "INSERT INTO binding (id, card_id, terminal_id, since, until, reason) VALUES (99, 77, 1, 1, 2, '')",
    "INSERT INTO registry_state (id, version, stamp, numbers) VALUES (2, 0, 0, 0)",
    "INSERT INTO area (id, code, title_en, title_zh, fraud_prone, plmns) VALUES (99, 'X', '', '', false, '')",
    "UPDATE card SET iccid = (SELECT iccid FROM card WHERE id = 2) WHERE id = 1",
    "UPDATE card SET imsi = (SELECT imsi FROM card WHERE id = 2) WHERE id = 1",
    "UPDATE card SET home_area = 99 WHERE id = 1",
    "DELETE FROM enterprise WHERE code = 'a'",
]


@pytest.mark.parametrize("statement", NO_ROW)
def test_rows_that_contradict_others_do_not_go_in(sqlite_world: World, statement: str) -> None:
    sqlite_world.take_all()
    with pytest.raises(IntegrityError), sqlite_world.sessions.begin(EVERYTHING) as session:
        session.execute(text(statement))


def test_numbers_sort_by_code_point_on_both_engines(world: World) -> None:
    world.take_all()
    with world.sessions.begin(EVERYTHING) as session:
        for number, code in enumerate(("b", "B", "a-", "a", "_"), start=50):
            session.add(GroupListRow(id=number, enterprise_id=1, code=code))
        session.flush()
        query = select(GroupListRow.code).where(GroupListRow.id >= 50).order_by(GroupListRow.code)
        assert session.scalars(query).all() == ["B", "_", "a", "a-", "b"]


def test_entries_go_with_their_list(world: World) -> None:
    world.take_all()
    with world.sessions.begin(EVERYTHING) as session:
        session.execute(text("UPDATE card SET data_mode = 2, data_list = NULL, sms_mode = 2, sms_list = NULL"))
        session.execute(text("DELETE FROM group_list"))
        assert session.execute(text("SELECT count(*) FROM group_entry")).scalar() == 0


def test_two_terminals_may_share_an_imei_and_a_past_binding_a_card(world: World) -> None:
    world.take_all()
    with world.sessions.begin(EVERYTHING) as session:
        session.execute(text("UPDATE terminal SET imei = '490154203237518'"))
        assert len(session.scalars(select(TerminalRow.id)).all()) == 5
        held = session.scalars(select(BindingRow.until).where(BindingRow.card_id == 2).order_by(BindingRow.since)).all()
        assert [until is None for until in held] == [False, True]
        assert session.scalar(select(CardRow.msisdn).where(CardRow.id == 2)) is None
