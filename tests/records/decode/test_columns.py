import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.records.decode.columns import COLUMNS, RATS, Fault, moment, observe, plmn_number
from tallyward.records.decode.delimited import read_csv
from tallyward.records.decode.issues import Issues
from tallyward.records.schema import Quality, Service
from tests.records.making import DAY_TS, GOOD


def read(*rows: dict[str, str | None]) -> tuple[list[dict[str, Any]], list[Fault]]:
    full = [{name: (GOOD | row).get(name) for name in COLUMNS} for row in rows]
    table, faults, _ = observe({name: pa.array([row[name] or None for row in full], pa.string()) for name in COLUMNS})
    return table.to_pylist(), faults


def test_a_good_row() -> None:
    (row,), faults = read({})
    assert faults == []
    assert (row["ts"], row["dur"], row["svc"], row["up"], row["dn"]) == (DAY_TS, 60, Service.DATA, 100, 200)
    assert (row["cell"], row["plmn"], row["rat"], row["imei"]) == ("460-00-10-20", 460000, 6, 860123456789014)


def test_optional_fields_may_be_empty() -> None:
    names = ("duration", "imei", "peer", "bytes_up", "bytes_down", "cell", "plmn", "rat")
    (row,), faults = read(dict.fromkeys(names))
    assert faults == []
    assert [row[name] for name in ("dur", "imei", "peer", "up", "dn", "cell", "plmn", "rat")] == [
        0,
        0,
        0,
        0,
        0,
        None,
        0,
        0,
    ]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("imsi", "46000", "records.imsi"),
        ("imsi", "1" * 16, "records.imsi"),
        ("imsi", "0x1234567", "records.imsi"),
        ("imsi", "-460001234567890", "records.imsi"),
        ("imsi", "000000000", "records.imsi"),
        ("msisdn", "12345", "records.msisdn"),
        ("iccid", "1234567890123456789", "records.iccid"),
        ("service", "datum", "records.service"),
        ("service", None, "records.missing"),
        ("start_time", None, "records.missing"),
        ("start_time", "2026-02-30T00:00:00Z", "records.start_time"),
        ("start_time", "2026-03-01T00:00:00", "records.start_time"),
        ("start_time", "1969-12-31T23:59:59Z", "records.start_time"),
        ("start_time", "2200-01-01T00:00:00Z", "records.start_time"),
        ("duration", "-1", "records.number"),
        ("duration", "1.5", "records.number"),
        ("bytes_up", "0x10", "records.number"),
        ("bytes_down", "9" * 30, "records.number"),
        ("imei", "1234567890123", "records.imei"),
        ("imei", "12345678901234567", "records.imei"),
        ("imei", "8601234567890A", "records.imei"),
        ("peer", "10.0.0.256", "records.peer"),
        ("cell", "460-00-10", "records.cell"),
        ("plmn", "4600", "records.plmn"),
        ("rat", "256", "records.rat"),
        ("rat", "lte", "records.rat"),
    ],
)
def test_a_bad_field_is_named_and_only_its_row_is_lost(field: str, value: str | None, code: str) -> None:
    rows, faults = read({}, {field: value}, {})
    assert len(rows) == 2
    assert faults == [Fault(1, code, field, value or "")]


def test_a_row_without_any_number_names_no_card() -> None:
    _, faults = read({"imsi": None})
    assert [fault.code for fault in faults] == ["records.no_subscriber"]


def test_a_row_with_several_faults_is_told_once() -> None:
    rows, faults = read({"imsi": "x", "service": "y", "rat": "z"}, {})
    assert len(rows) == 1
    assert [(fault.row, fault.field) for fault in faults] == [(0, "imsi")]


@pytest.mark.parametrize("text", ["DATA", " data ", "Data"])
def test_names_are_read_in_any_case(text: str) -> None:
    (row,), _ = read({"service": text})
    assert row["svc"] == Service.DATA


def test_rats_have_names() -> None:
    rows, _ = read({"rat": "NB-IoT"}, {"rat": "nr"}, {"rat": "10"})
    assert [row["rat"] for row in rows] == [8, 10, 10]


@pytest.mark.parametrize("imei", ["86012345678901", "860123456789014", "860123456789010", "8601234567890199"])
def test_every_way_to_write_an_imei_names_the_same_terminal(imei: str) -> None:
    (row,), _ = read({"imei": imei})
    assert row["imei"] == 860123456789014


def test_amounts_that_do_not_fit_saturate_and_say_so() -> None:
    (row,), faults = read({"bytes_up": str(2**40), "bytes_down": str(2**32 - 1)})
    assert (row["up"], row["dn"], row["quality"], faults) == (2**32 - 1, 2**32 - 1, Quality.SATURATED, [])


WALL_CLOCK = datetime(1970, 1, 2), datetime(2105, 1, 1)  # noqa: DTZ001 - hypothesis wants bounds without a zone


@given(st.datetimes(*WALL_CLOCK), st.integers(-12, 14), st.booleans())
def test_times_of_every_offset_are_read_alike_one_by_one_and_in_columns(
    local: datetime, hours: int, fraction: bool
) -> None:
    text = f"{local:%Y-%m-%dT%H:%M:%S}" + (".5" if fraction else "") + f"{hours:+03d}:00"
    expected = int(local.replace(tzinfo=UTC, microsecond=0).timestamp()) - hours * 3600
    (row,), _ = read({"start_time": text})
    assert row["ts"] == moment(text) == expected


def test_typed_columns_are_read_like_texts() -> None:
    texts = {name: pa.array([GOOD.get(name)], pa.string()) for name in COLUMNS}
    typed = texts | {
        "imsi": pa.array([int(GOOD["imsi"])], pa.int64()),
        "imei": pa.array([int(GOOD["imei"])], pa.uint64()),
        "start_time": pa.array([datetime.fromtimestamp(DAY_TS, UTC)], pa.timestamp("us", "Asia/Shanghai")),
        "bytes_up": pa.array([100], pa.uint32()),
        "rat": pa.array([6], pa.uint8()),
    }
    assert observe(typed).rows.equals(observe(texts).rows)


def test_a_time_of_no_known_place_is_no_time() -> None:
    columns = {name: pa.array([GOOD.get(name)], pa.string()) for name in COLUMNS}
    columns["start_time"] = pa.array([datetime(2026, 3, 1)], pa.timestamp("s"))  # noqa: DTZ001 - that is the point
    assert [fault.field for fault in observe(columns).faults] == ["start_time"]


@pytest.mark.parametrize(
    ("text", "number"), [("46000", 460000), ("310260", 310260), ("23415", 234015), ("1234567", None)]
)
def test_networks_are_numbered_by_mcc_and_mnc(text: str, number: int | None) -> None:
    assert plmn_number(text) == number


DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "mediation-csv.md"


def test_the_document_names_each_column_and_each_name_that_is_read() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == list(COLUMNS)
    last = text[text.index("| `rat` |") :].split("\n", 1)[0]
    assert re.findall(r"`([a-z-]+)`", last)[1:] == list(RATS)
    services = text[text.index("| `service` |") :].split("\n", 1)[0]
    assert re.findall(r"`(\w+)`", services)[1:] == [service.name.lower() for service in Service]


def test_the_example_of_the_document_is_read_whole() -> None:
    example = re.findall(r"```csv\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)[0]
    issues = Issues()
    blocks = list(read_csv(io.BytesIO(example.encode()), issues))
    assert ([block.rows.num_rows for block in blocks], issues.count) == ([3], 0)
