import pyarrow.parquet as pq

from tallyward.kernel.actor import PLATFORM
from tallyward.registry.columns import COLUMNS, Kind
from tests.registry.world import World


def test_what_is_exported_can_be_imported_again(world: World) -> None:
    world.take_all()
    for suffix in ("csv", "parquet"):
        for kind in Kind:
            file = world.folder / f"out-{kind}.{suffix}"
            rows = world.bulk.export_table(PLATFORM, kind, file)
            report = world.bulk.import_table(PLATFORM, kind, file)
            assert (report.added, report.changed, report.unchanged) == (0, 0, rows), (kind, report)
            assert not report.rejected
            assert rows


def test_an_export_holds_what_one_may_see(world: World) -> None:
    world.take_all()
    file = world.folder / "cards.parquet"
    assert world.bulk.export_table(world.of("a"), Kind.CARDS, file) == 2
    table = pq.read_table(file)
    assert set(table["enterprise"].to_pylist()) == {"a"}
    assert set(table["operator"].to_pylist()) == {"op"}
    assert world.bulk.export_table(world.of("op"), Kind.CARDS, file) == 3
    assert world.bulk.export_table(world.of("reg"), Kind.CARDS, file) == 0


def test_an_export_of_nothing_has_its_header(world: World) -> None:
    file = world.folder / "nothing.csv"
    assert world.bulk.export_table(PLATFORM, Kind.CARDS, file) == 0
    header = file.read_text(encoding="utf-8").strip().replace('"', "").split(",")
    assert header == [column.name for column in COLUMNS[Kind.CARDS]]
