import threading
from contextlib import suppress

from sqlalchemy import select

from tallyward.kernel.actor import EVERYTHING
from tallyward.registry.adapters.state import change, next_id, stamp, take_turn, versions
from tallyward.registry.adapters.tables import AreaRow, CardRow
from tests.registry.world import World


def test_each_change_raises_the_version_and_draws_a_stamp(world: World) -> None:
    with world.sessions.begin(EVERYTHING) as session:
        assert versions(session) == (0, 0)
        stamps = set()
        for number in (1, 2, 3):
            assert change(session) == number
            stamps.add(stamp(session))
        assert len(stamps) == 3
        assert change(session, numbers=True) == 4
        assert versions(session) == (4, 1)
    with world.sessions.reading(EVERYTHING) as session:
        assert versions(session) == (4, 1)


def test_a_change_that_is_rolled_back_never_was(world: World) -> None:
    with suppress(RuntimeError), world.sessions.begin(EVERYTHING) as session:
        change(session, numbers=True)
        raise RuntimeError
    with world.sessions.reading(EVERYTHING) as session:
        assert versions(session) == (0, 0)


def test_ids_begin_at_one_and_go_on_after_the_last(world: World) -> None:
    world.take_all()
    with world.sessions.begin(EVERYTHING) as session:
        assert next_id(session, AreaRow.id) == 3
        assert next_id(session, CardRow.id) == 5
        session.add(AreaRow(id=3, code="n", title_en="", title_zh="", fraud_prone=False, plmns=""))
        session.flush()
        assert next_id(session, AreaRow.id) == 4


def test_writers_take_turns_and_none_gets_the_id_of_another(world: World) -> None:
    ready = threading.Barrier(4)

    def add(name: int) -> None:
        ready.wait()
        with world.sessions.begin(EVERYTHING) as session:
            take_turn(session)
            number = next_id(session, AreaRow.id)
            change(session)
            session.add(AreaRow(id=number, code=f"n{name}", title_en="", title_zh="", fraud_prone=False, plmns=""))

    threads = [threading.Thread(target=add, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    with world.sessions.reading(EVERYTHING) as session:
        assert session.scalars(select(AreaRow.id).order_by(AreaRow.id)).all() == [1, 2, 3, 4]
        assert versions(session) == (4, 0)
