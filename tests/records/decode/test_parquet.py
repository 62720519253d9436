from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.records.decode import parquet
from tallyward.records.decode.columns import COLUMNS
from tallyward.records.decode.issues import Issues, RefusalError
from tallyward.records.decode.parquet import read_parquet, read_table, usage_rows
from tallyward.records.schema import TAG_SHIFT, USAGE
from tests.records.making import GOOD
from tests.records.making import usage_rows as some_usage


def texts(*rows: dict[str, str]) -> pa.Table:
    return pa.table({name: pa.array([(GOOD | row).get(name, "") for row in rows]) for name in COLUMNS})


def in_memory(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    found: bytes = sink.getvalue().to_pybytes()
    return found


def test_texts_are_read_like_the_csv_and_faults_told_by_row() -> None:
    issues = Issues()
    ((batch, done, rows),) = read_parquet(in_memory(texts({}, {"service": "datum"}, {})), issues)
    assert (batch.rows.num_rows, batch.usage, done, rows) == (2, False, 3, 3)
    assert [(issue.record, issue.field) for issue in issues.kept] == [(2, "service")]


def test_dictionary_and_large_texts_and_no_rows_are_read() -> None:
    table = texts({}, {})
    for name in ("cell", "peer"):
        column = table[name].dictionary_encode() if name == "cell" else table[name].cast(pa.large_string())
        table = table.set_column(table.schema.get_field_index(name), name, column)
    assert read_table(table, 1, Issues()).rows.equals(read_table(texts({}, {}), 1, Issues()).rows)
    assert read_table(texts(), 1, Issues()).rows.num_rows == 0
    assert read_table(texts().slice(0, 0), 1, Issues()).rows.num_rows == 0


def test_usage_records_are_taken_as_they_are(tmp_path: Path) -> None:
    pq.write_table(some_usage(10), tmp_path / "a.parquet")
    ((batch, _, _),) = read_parquet(tmp_path / "a.parquet", Issues())
    assert batch.usage
    assert batch.rows.equals(some_usage(10))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("svc", 4),
        ("ts", 0),
        ("peer", 5 << TAG_SHIFT),
        ("peer", 77),
        ("stranger", 1 << TAG_SHIFT),  # of a known card
        ("card_id", 0),  # without a stranger
    ],
)
def test_usage_records_that_can_not_be_are_refused(field: str, value: int) -> None:
    rows = some_usage(3)
    at = USAGE.get_field_index(field)
    values = [*rows[field].to_pylist()[:2], value]
    with pytest.raises(RefusalError) as error:
        usage_rows(rows.set_column(at, USAGE.field(field), pa.array(values, USAGE.field(field).type)))
    assert error.value.code == "records.usage_value"
    assert error.value.issue.detail.endswith("(row 3)")


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (pa.table({"a": [1]}), "records.missing_columns"),
        (texts({}).set_column(3, "service", pa.array([[1]])), "records.column_types"),
        (texts({}).set_column(4, "start_time", pa.array([1.5])), "records.start_time"),
        (some_usage(2).set_column(1, "ts", pa.array(["x", "y"])), "records.column_types"),
        (some_usage(2).set_column(1, "ts", pa.array([-1, 1])), "records.column_types"),
    ],
)
def test_tables_of_other_columns_are_refused(table: pa.Table, code: str) -> None:
    issues = Issues()
    try:
        list(read_parquet(in_memory(table), issues))
        found = issues.kept[0].code
    except RefusalError as error:
        found = error.code
    assert found == code


def test_a_file_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MOST_ROWS", 2)
    with pytest.raises(RefusalError, match=r"records.file_too_large"):
        list(read_parquet(in_memory(texts({}, {}, {})), Issues()))


WHOLE = in_memory(texts({}, {"peer": "iot.apn"}, {"service": "sms"}))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=3), st.integers(0, len(WHOLE)))
def test_flipped_bytes_and_truncations_are_refused_or_read(flips: list[tuple[int, int]], end: int) -> None:
    data = bytearray(WHOLE)
    for place, value in flips:
        data[place] = value
    rows: list[dict[str, Any]] = []
    try:
        for batch, _, _ in read_parquet(bytes(data[:end]), Issues()):
            rows += batch.rows.to_pylist()
        assert len(rows) <= 3
    except RefusalError as error:
        assert error.sentence("en") != error.code
