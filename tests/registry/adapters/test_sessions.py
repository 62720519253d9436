from contextlib import suppress

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.exc import DBAPIError

from tallyward.kernel.actor import EVERYTHING
from tallyward.kernel.errors import UnavailableError
from tallyward.registry.adapters.database import open_engine
from tallyward.registry.adapters.sessions import scoped_sessions
from tallyward.registry.adapters.tables import CardRow, EnterpriseRow
from tests.registry.world import World


def test_a_block_is_one_transaction(world: World) -> None:
    world.take_all()
    with suppress(ZeroDivisionError), world.sessions.begin(EVERYTHING) as session:
        session.execute(update(CardRow).values(real_name="requested"))
        session.add(EnterpriseRow(id=99, code="half", name="Half", kind="vendor"))
        session.flush()
        _ = 1 / 0
    with world.sessions.begin(EVERYTHING) as session:
        assert session.get(EnterpriseRow, 99) is None
        session.add(EnterpriseRow(id=98, code="whole", name="Whole", kind="vendor"))
    with world.sessions.reading(EVERYTHING) as session:
        assert session.get(EnterpriseRow, 98) is not None
        changed = select(func.count()).select_from(CardRow).where(CardRow.real_name == "requested")
        assert session.scalar(changed) == 0


def test_rows_outlive_their_session(world: World) -> None:
    world.take_all()
    with world.sessions.begin(EVERYTHING) as session:
        row = session.get_one(CardRow, 1)
    assert row.iccid == "89860000000000000019"


def test_a_reader_waits_for_no_writer_and_sees_what_was_before(world: World) -> None:
    world.take_all()
    names = select(EnterpriseRow.name).where(EnterpriseRow.code == "a")
    with world.sessions.begin(EVERYTHING) as writing:
        writing.execute(update(EnterpriseRow).where(EnterpriseRow.code == "a").values(name="New"))
        with world.sessions.reading(EVERYTHING) as reading:
            assert reading.scalar(names) == "Alpha"
    with world.sessions.reading(EVERYTHING) as reading:
        assert reading.scalar(names) == "New"


def test_a_second_writer_on_sqlite_is_told_that_the_database_is_busy(sqlite_world: World) -> None:
    impatient = open_engine(sqlite_world.engine.url.render_as_string())
    event.listen(impatient, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout=1"))
    reading = select(EnterpriseRow.id)
    with sqlite_world.sessions.begin(EVERYTHING) as first:
        first.execute(reading)  # even this takes the lock
        second = scoped_sessions(impatient).begin(EVERYTHING)
        with pytest.raises(UnavailableError, match=r"registry\.database_busy"), second as session:
            session.execute(reading)
    impatient.dispose()


def test_a_scope_of_its_own_for_each_session_of_an_engine(world: World) -> None:
    world.take_all()
    a, b = world.of("a").scope, world.of("b").scope
    again = scoped_sessions(world.engine)
    count = select(func.count()).select_from(CardRow)
    with world.sessions.reading(EVERYTHING) as all_, world.sessions.reading(a) as one, again.reading(b) as other:
        assert (all_.scalar(count), one.scalar(count), other.scalar(count)) == (4, 2, 2)
        assert (one.info["scope"], other.info["scope"]) == (a, b)


def test_a_wrong_statement_is_no_fault_of_the_database(world: World) -> None:
    with pytest.raises(DBAPIError), world.sessions.reading(EVERYTHING) as session:
        session.execute(text("SELEC 1"))
