from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.errors import InvalidError, TooLargeError
from tallyward.registry.adapters import parquet_blocks
from tallyward.registry.adapters.table_files import open_table
from tallyward.registry.columns import Kind
from tests.registry.world import ICCIDS, World, codes


def test_parquet_of_any_types_is_read(world: World) -> None:
    world.take_all(Kind.TERMINALS)
    table = pa.table(
        {
            "iccid": pa.array([ICCIDS[0], ICCIDS[2]]).dictionary_encode(),
            "imsi": pa.array([460000000000001, 460000000000003]),
            "msisdn": pa.array([8614400000001.0, None]),
            "operator": ["op", "op"],
            "enterprise": ["a", "b"],
            "card_class": ["meter", "meter"],
            "voice": ["none", "none"],
            "sms": ["none", "none"],
            "data": ["open", "NONE"],
            "fixed": [True, None],
            "month_bytes": pa.array([None, 5], pa.uint32()),
        }
    )
    file = world.folder / "cards.parquet"
    pq.write_table(table, file)
    report = world.bulk.import_table(PLATFORM, Kind.CARDS, file)
    assert (report.added, report.rejected) == (2, ())
    card = world.registry.find_card(PLATFORM, "8614400000001")
    assert card is not None
    assert (card.fixed, card.limits.month_bytes) == (True, None)


def test_lines_are_row_numbers(world: World) -> None:
    table = pa.table({"code": ["a", "b c", "d"], "name": ["A", "B", None], "kind": ["vendor"] * 3})
    file = world.folder / "enterprises.parquet"
    pq.write_table(table, file)
    report = world.bulk.import_table(PLATFORM, Kind.ENTERPRISES, file)
    assert codes(report) == [(2, "code", "registry.code_form"), (3, "name", "registry.cell_empty")]


def test_times_need_a_zone(world: World) -> None:
    world.take_all(Kind.CARDS)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for zone, rejected in (("UTC", 0), ("Asia/Shanghai", 0), (None, 1)):
        since = pa.array([moment if zone else moment.replace(tzinfo=None)], pa.timestamp("us", zone))
        file = world.folder / "bindings.parquet"
        pq.write_table(pa.table({"iccid": [ICCIDS[0]], "serial": ["T-1"], "since": since}), file)
        report = world.bulk.import_table(PLATFORM, Kind.BINDINGS, file)
        assert (report.rejected_count, report.added + report.unchanged) == (rejected, 1 - rejected)


def test_columns_that_are_no_text_are_refused(sqlite_world: World) -> None:
    file = sqlite_world.folder / "nested.parquet"
    pq.write_table(pa.table({"code": [["a"]], "name": ["A"], "kind": ["vendor"]}), file)
    with pytest.raises(InvalidError, match=r"registry\.file_parquet"):
        sqlite_world.bulk.import_table(PLATFORM, Kind.ENTERPRISES, file)


def test_a_row_group_that_unpacks_to_too_much_is_refused(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file = sqlite_world.folder / "large.parquet"
    pq.write_table(pa.table({"code": ["a"] * 9999, "name": ["A"] * 9999, "kind": ["vendor"] * 9999}), file)
    monkeypatch.setattr(parquet_blocks, "MOST_GROUP_BYTES", 100)
    with pytest.raises(TooLargeError, match=r"registry\.file_too_large"):
        list(open_table(Kind.ENTERPRISES, file).blocks())
