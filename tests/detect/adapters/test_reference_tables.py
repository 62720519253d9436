import duckdb

from tallyward.detect.adapters.reference_tables import ReferenceTables
from tests.detect.world import PLACES, World


def test_lists_areas_and_cells_become_tables(world: World) -> None:
    world.lists = {
        1: [("ipv4", "10.0.0.1"), ("apn", "iot.example")],
        2: [("ipv4", "10.0.0.1"), ("number", "8613800000000")],
    }
    with duckdb.connect() as engine:
        reference = ReferenceTables().load(engine, world.profile_snapshot(), world)
        assert reference.prone == (3,)
        assert set(reference.area_codes) == set(range(1, world.areas + 1))
        assert reference.strange_cells == max(PLACES) + 1
        assert engine.execute("SELECT count(*) FROM cells").fetchall() == [(len(PLACES),)]
        on_one_list = dict(engine.execute("SELECT listed_peer, on_one_list FROM peer_list").fetchall())
    shared = (1 << 60) | 0x0A000001
    assert on_one_list[shared] not in {1, 2}, "a peer on two lists is on no single one"
    assert sorted(value for value in on_one_list.values() if value in {1, 2}) == [1, 2]


def test_the_lists_of_a_version_are_read_once_and_a_new_version_anew(world: World) -> None:
    world.lists = {1: [("number", "10086")]}
    tables = ReferenceTables()
    snapshot = world.profile_snapshot()
    for _ in range(2):
        with duckdb.connect() as engine:
            tables.load(engine, snapshot, world)
            assert engine.execute("SELECT count(*) FROM peer_list").fetchall() == [(1,)]
