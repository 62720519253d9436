"""The same record in two files counts once, whatever the order, the chunks and the compactions between."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallyward.kernel.clock import FixedClock
from tallyward.kernel.ids import SourceId
from tallyward.records import taking
from tallyward.records.adapters.folder import open_records
from tallyward.records.duplicates import SAME
from tallyward.records.schema import USAGE
from tallyward.records.service import RecordsService
from tests.records.conftest import OPERATOR
from tests.records.fake_directory import FakeDirectory
from tests.records.making import DAY, DAY_TS, all_rows, csv_of, gz, line, usage_rows


def test_a_record_of_another_file_counts_once_and_is_told(records: RecordsService, source: SourceId) -> None:
    other = records.add_source("mediation-2", OPERATOR)
    lines = [line(), line(service="voice"), line(imsi="460009999999999")]
    records.take_bytes(source, "a.csv", csv_of(lines))
    again = records.take_bytes(source, "b.csv", csv_of([*lines, line(duration="61")]))
    elsewhere = records.take_bytes(other, "c.csv", csv_of([line(), line(duration="62")]))
    assert (again.records, again.duplicates, again.duplicate) == (1, 3, False)
    assert (elsewhere.records, elsewhere.duplicates) == (1, 1)
    assert all_rows(records).num_rows == 5
    assert [(s.name, s.records, s.duplicates) for s in records.sources()] == [
        ("mediation-1", 4, 3),
        ("mediation-2", 1, 1),
    ]
    assert sum(records.hours(DAY)) == 5
    assert records.take_bytes(source, "b.csv", csv_of([*lines, line(duration="61")])).duplicates == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"service": "sms"},
        {"start_time": "2026-03-01T08:00:01+08:00"},
        {"duration": "61"},
        {"imei": "86012345678902"},
        {"peer": "10.1.2.4"},
        {"bytes_up": "101"},
        {"bytes_down": "201"},
        {"cell": "460-00-10-21"},
        {"plmn": "46001"},
        {"rat": "7"},
        {"imsi": "460001234567891"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_any_difference_makes_another_record(
    records: RecordsService, source: SourceId, changed: dict[str, str]
) -> None:
    records.take_bytes(source, "a.csv", csv_of([line()]))
    report = records.take_bytes(source, "b.csv", csv_of([line(**changed)]))
    assert (report.records, report.duplicates) == (1, 0)


def test_partial_records_of_one_session_all_count(records: RecordsService, source: SourceId) -> None:
    parts = [
        line(start_time=f"2026-03-01T08:{minute:02d}:00+08:00", duration="600", bytes_up="5000")
        for minute in (0, 10, 20)
    ]
    for number, part in enumerate(parts):
        assert records.take_bytes(source, f"{number}.csv", csv_of([part])).records == 1
    assert records.take_bytes(source, "all.csv", csv_of(parts)).duplicates == 3


def test_what_one_file_repeats_stays_and_the_larger_number_counts(records: RecordsService, source: SourceId) -> None:
    sms = line(service="sms")
    assert records.take_bytes(source, "two.csv", csv_of([sms] * 2)).records == 2
    three = records.take_bytes(source, "three.csv", csv_of([sms] * 3))
    one = records.take_bytes(source, "one.csv", csv_of([sms, line()]))
    assert (three.records, three.duplicates, one.records, one.duplicates) == (1, 2, 1, 1)
    assert all_rows(records).num_rows == 4


def test_whether_it_is_late_or_out_of_order_is_counted(records: RecordsService, source: SourceId) -> None:
    first = records.take_bytes(source, "a.csv", csv_of([line(), line(start_time="2026-02-20T00:00:00Z")]))
    assert (first.late, first.out_of_order) == (1, 0), "nothing came before it"
    second = records.take_bytes(
        source, "b.csv", csv_of([line(start_time="2026-02-28T23:00:00Z"), line(start_time="2026-03-01T00:00:01Z")])
    )
    assert (second.late, second.out_of_order) == (0, 1)
    usage = records.take_batch(source, "1", usage_rows(10, first_ts=DAY_TS - 30 * 86_400))
    assert (usage.late, usage.out_of_order) == (10, 10)
    (state,) = records.sources()
    assert (state.late, state.out_of_order) == (11, 11)
    assert len(records.days()) == 4


def test_chunks_of_one_file_share_what_is_there(
    records: RecordsService, source: SourceId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "FLUSH_ROWS", 3)
    sms = line(service="sms")
    records.take_bytes(source, "a.csv", csv_of([sms] * 4 + [line()]))
    many = pa.concat_tables([all_rows(records).slice(0, 1)] * 10)
    kinds = all_rows(records)["svc"].to_pylist()
    most = 4 if kinds[0] == 1 else 1
    report = records.take_batch(source, "b", many)
    assert (report.records, report.duplicates) == (10 - most, most)


def as_table(rows: list[tuple[int, int, int]]) -> pa.Table:
    card, second, up = (np.array(column, np.uint64) for column in zip(*rows, strict=True))
    drawn = {"card_id": card, "ts": DAY_TS + second, "up": up}
    columns = [drawn.get(f.name, np.zeros(len(rows))).astype(f.type.to_pandas_dtype()) for f in USAGE]
    columns[USAGE.get_field_index("stranger")] = np.where(card == 0, (1 << 60) + 460_000_000_000_001, 0).astype(
        np.uint64
    )
    return pa.table(columns, schema=USAGE)


RECORD = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 1))
FILES = st.lists(st.lists(RECORD, min_size=1, max_size=8), min_size=1, max_size=5)


def bag(rows: list[tuple[int, int, int]]) -> dict[tuple[int, int, int], int]:
    return {row: rows.count(row) for row in set(rows)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES, joins=st.sets(st.integers(0, 4)))
def test_the_store_holds_the_union_of_the_files_in_whatever_order(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[tuple[int, int, int]]], joins: set[int]
) -> None:
    expected: dict[tuple[int, int, int], int] = {}
    for one in map(bag, files):
        expected = {row: max(expected.get(row, 0), one.get(row, 0)) for row in {*expected, *one}}
    for order in (files, files[::-1]):
        clock = FixedClock(datetime(2026, 3, 5, tzinfo=UTC))
        records = open_records(tmp_path_factory.mktemp("store"), FakeDirectory, clock)
        source = records.add_source("s", OPERATOR)
        for number, rows in enumerate(order):
            records.take_batch(source, str(number), as_table(rows))
            if number in joins:
                records.upkeep.compact()
        found = all_rows(records).select(["card_id", "ts", "up"]).to_pylist()
        kept = [(row["card_id"], row["ts"] - DAY_TS, row["up"]) for row in found]
        assert bag(kept) == expected
        assert not records.upkeep.verify().faults
        records.close()


def test_a_file_packed_again_brings_nothing_new(records: RecordsService, source: SourceId) -> None:
    data = csv_of([line(bytes_up=str(number)) for number in range(500)])
    records.take_bytes(source, "a.csv", data)
    report = records.take_bytes(source, "a.csv.gz", gz(data))
    assert (report.records, report.duplicates, report.first_ts) == (0, 500, None)
    assert records.version() == 1, "no segment came"


def test_what_is_the_same_is_of_the_record() -> None:
    assert set(SAME) < set(USAGE.names)
