import numpy as np
import pyarrow as pa
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tallyward.kernel.actor import EVERYTHING
from tallyward.registry.adapters.staging import Stage, insert_rows
from tallyward.registry.adapters.tables import AreaRow, EnterpriseRow, table_of
from tallyward.registry.block import Rows
from tests.registry.world import World

TABLE = table_of(AreaRow)
NAMES = ("code", "title_en", "title_zh", "fraud_prone", "plmns")
AWKWARD = "tab\tquote\"'\\N 江苏"


def areas(*codes: str) -> Rows:
    """Rows of areas; each name is full of what formats of text stumble over."""
    many = len(codes)
    columns = {
        "code": pa.array(codes, pa.string()),
        "title_en": pa.array([AWKWARD] * many, pa.string()),
        "title_zh": pa.array([""] * many, pa.string()),
        "fraud_prone": pa.array([True] * many, pa.bool_()),
        "plmns": pa.array([""] * many, pa.string()),
    }
    return Rows(columns, np.arange(2, many + 2))


def test_a_stage_holds_the_rows_in_their_order_and_only_the_last_filling(world: World) -> None:
    stage = Stage(TABLE, NAMES)
    with world.sessions.begin(EVERYTHING) as session:
        stage.fill(session, areas("old", "older"))
        stage.fill(session, areas("z", "a", "X"))
        query = select(stage.position, stage.table.c.code, stage.table.c.title_en, stage.table.c.fraud_prone)
        found = session.execute(query.order_by(stage.position)).all()
        assert [tuple(row) for row in found] == [(at, code, AWKWARD, True) for at, code in enumerate("zaX")]
        stage.fill(session, areas())
        assert session.execute(query).all() == []


def test_staged_rows_meet_those_of_the_table_by_their_key(world: World) -> None:
    world.take_all()
    stage = Stage(TABLE, NAMES)
    with world.sessions.begin(EVERYTHING) as session:
        stage.fill(session, areas("n", "X"))
        query = select(stage.position, TABLE.c.title_en).join_from(stage.table, TABLE, stage.same(("code",)))
        assert [tuple(row) for row in session.execute(query)] == [(1, "Zone X")]
        other = Stage(TABLE, NAMES)
        other.fill(session, areas("X"))  # a second import in the same connection
        both = stage.same(("code", "title_en"))
        assert session.execute(select(stage.position).join_from(stage.table, TABLE, both)).all() == []


def test_missing_numbers_and_extra_columns_are_kept(world: World) -> None:
    stage = Stage(table_of(EnterpriseRow), ("code",), extra=("count",))
    rows = Rows({"code": pa.array(["a", "b"]), "count": pa.array([None, 2**40], pa.int64())}, np.array([2, 3]))
    with world.sessions.begin(EVERYTHING) as session:
        stage.fill(session, rows)
        assert session.scalars(select(stage.table.c.count).order_by(stage.position)).all() == [None, 2**40]
        empty = Rows({"code": pa.array(["c"]), "count": pa.array([None], pa.int64())}, np.array([2]))
        stage.fill(session, empty)
        assert [tuple(row) for row in session.execute(select(stage.table))] == [(0, "c", None)]


def test_a_stage_is_seen_by_its_own_connection_only(world: World) -> None:
    stage = Stage(TABLE, NAMES)
    with world.sessions.begin(EVERYTHING) as session:
        stage.fill(session, areas("x"))
        with world.sessions.reading(EVERYTHING) as other:
            lists = {
                "sqlite": "SELECT count(*) FROM sqlite_temp_master",
                "postgresql": "SELECT count(*) FROM pg_tables WHERE schemaname = (SELECT nspname FROM pg_namespace"
                " WHERE oid = pg_my_temp_schema())",
            }
            assert other.execute(text(lists[world.engine.dialect.name])).scalar() == 0


def test_rows_go_straight_in_with_ids_in_turn(sqlite_world: World) -> None:
    with sqlite_world.sessions.begin(EVERYTHING) as session:
        insert_rows(session, TABLE, 7, NAMES, areas("p", "q"))
        found = session.execute(select(TABLE.c.id, TABLE.c.code, TABLE.c.fraud_prone).order_by(TABLE.c.id)).all()
        assert [tuple(row) for row in found] == [(7, "p", True), (8, "q", True)]
    with pytest.raises(IntegrityError), sqlite_world.sessions.begin(EVERYTHING) as session:
        insert_rows(session, TABLE, 9, NAMES, areas("r", "p"))
    assert [area.code for area in sqlite_world.registry.areas()] == ["p", "q"]
