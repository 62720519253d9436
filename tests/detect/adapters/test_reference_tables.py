import duckdb
import numpy as np

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
        assert reference.columns.strange_cells == max(PLACES) + 1
        assert engine.execute("SELECT count(*) FROM cells").fetchall() == [(len(PLACES),)]
        entries = engine.execute("SELECT list, peer FROM list_entry").fetchall()
    lists = np.array([one for one, _ in entries], np.uint32)
    peers = np.array([peer for _, peer in entries], np.uint64)
    assert sorted(lists.tolist()) == [1, 1, 2, 2]
    assert reference.columns.lists.covers(lists, peers).all()
    assert not reference.columns.lists.covers(lists + np.uint32(2), peers).any()
    assert np.flatnonzero(reference.columns.prone).tolist() == [3]


def test_the_place_of_a_cell_is_found_by_its_number(world: World) -> None:
    with duckdb.connect() as engine:
        columns = ReferenceTables().load(engine, world.profile_snapshot(), world).columns
    cells = np.array([1, 5, 0, max(PLACES) + 1, 1 << 31], np.uint32)
    latitude, longitude = columns.place(cells)
    assert list(zip(latitude[:2].tolist(), longitude[:2].tolist(), strict=True)) == [PLACES[1], PLACES[5]]
    assert np.isnan(latitude[2:]).all()
    assert np.isnan(longitude[2:]).all()


def test_the_lists_of_a_version_are_read_once_and_a_new_version_anew(world: World) -> None:
    world.lists = {1: [("number", "10086")]}
    tables = ReferenceTables()
    snapshot = world.profile_snapshot()
    for _ in range(2):
        with duckdb.connect() as engine:
            tables.load(engine, snapshot, world)
            assert engine.execute("SELECT count(*) FROM list_entry").fetchall() == [(1,)]
        snapshot.list_entries.unlink(missing_ok=True)  # of this version they are at hand
