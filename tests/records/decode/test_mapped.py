"""Texts of other systems read by a mapping: the same rows that the mediation CSV gives."""

import io
import re
from pathlib import Path
from typing import Any

import pytest

from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import SourceId
from tallyward.kernel.paging import PageRequest
from tallyward.records.decode.delimited import read_csv
from tallyward.records.decode.issues import Issues, RefusalError
from tallyward.records.decode.mapped import dialect_of
from tallyward.records.decode.mapping import read_mapping
from tallyward.records.model import Format
from tallyward.records.peers import number_code
from tallyward.records.schema import Quality, Service
from tallyward.records.service import RecordsService
from tests.records.making import DAY_TS, IMSI

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "record-formats.md"


def read(mapping: str, text: str | bytes) -> tuple[list[dict[str, Any]], Issues]:
    issues = Issues()
    data = text.encode() if isinstance(text, str) else text
    dialect = dialect_of(read_mapping(mapping.encode()))
    rows = [row for block in read_csv(io.BytesIO(data), issues, dialect) for row in block.rows.to_pylist()]
    return rows, issues


def one(
    column: str, value: str, *, key: str = "start_time", rest: str = "start_time: {column: t, format: epoch}"
) -> Any:
    """What one value of a column gives; the other columns are good."""
    mapping = f"columns:\n  imsi: i\n  service: {{value: data}}\n  {key}: {column}\n" + (
        f"  {rest}\n" if key != "start_time" else ""
    )
    rows, issues = read(mapping, f'i,v,t\n{IMSI},"{value}",{DAY_TS}\n')
    return rows[0] if rows else issues.kept[0]


@pytest.mark.parametrize(
    ("said", "value", "seconds"),
    [
        ("v", "2026-03-01T08:00:00+08:00", DAY_TS),
        ("{column: v, format: epoch}", str(DAY_TS), DAY_TS),
        ("{column: v, format: epoch_ms}", f"{DAY_TS}999", DAY_TS),
        ('{column: v, format: "%Y%m%d%H%M%S", zone: "+08:00"}', "20260301080000", DAY_TS),
        ('{column: v, format: "%y%m%d%H%M", zone: "-0330"}', "2602282030", DAY_TS),
        ('{column: v, format: "%d.%m.%Y %H:%M:%S", zone: Asia/Shanghai}', "1.3.2026 8:00:00", DAY_TS),
        ('{column: v, format: "%Y/%m/%d %H:%M:%S.%f", zone: UTC}', "2026/03/01 00:00:00.123", DAY_TS),
        ('{column: v, format: "%Y%m%dT%H%M%S%z"}', "20260301T080000+0800", DAY_TS),
        ('{column: v, format: "%Y%m%dT%H%M%S%z"}', "20260301T000000Z", DAY_TS),
        ('{column: v, format: "%Y%m%d%H%M%S", zone: Europe/Berlin}', "20260301010000", DAY_TS),
    ],
)
def test_times_are_read_by_format_and_zone(said: str, value: str, seconds: int) -> None:
    assert one(said, value)["ts"] == seconds


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ('{column: v, format: "%Y%m%d%H%M%S", zone: "+08:00"}', "20260231080000"),
        ('{column: v, format: "%Y%m%d%H%M%S", zone: "+08:00"}', "2026030108000"),
        ('{column: v, format: "%Y%m%d%H%M%S", zone: "+08:00"}', "20260301080000 "[:-2] + "x"),
        ('{column: v, format: "%Y%m%d%H%M%S", zone: Europe/Berlin}', "20261025023000"),  # this hour came twice
        ("{column: v, format: epoch}", "-5"),
        ("{column: v, format: epoch}", "9999999999999"),
        ('{column: v, format: "%Y%m%d%H%M%S", zone: UTC}', "19690101000000"),
    ],
)
def test_a_time_that_is_none_is_told_as_it_stands_in_the_file(said: str, value: str) -> None:
    issue = one(said, value)
    assert (issue.code, issue.field, issue.record, issue.detail) == ("records.start_time", "start_time", 2, value)


@pytest.mark.parametrize(
    ("key", "said", "value", "found"),
    [
        ("bytes_up", "v", "1200", 1200),
        ("bytes_up", "{column: v, unit: KiB}", "3", 3072),
        ("bytes_up", "{column: v, unit: MB}", "1.5", 1_500_000),
        ("bytes_up", '{column: v, unit: kB, decimal: ",", thousands: "."}', "1.234,5", 1_234_500),
        ("bytes_up", '{column: v, thousands: ","}', "1,234,567", 1_234_567),
        ("bytes_up", "{column: v, unit: GB}", "5", 2**32 - 1),
        ("bytes_up", "{column: v, unit: GiB}", "9" * 18, 2**32 - 1),
        ("bytes_up", "v", "1.5", 1),
        ("duration", "{column: v, unit: ms}", "1999", 1),
        ("duration", "{column: v, unit: min}", "2", 120),
        ("duration", "{column: v, unit: min}", "0.5", 30),
        ("duration", "{value: 7}", "", 7),
        ("msisdn", '{column: v, prefix: "86"}', "14412345678", 8614412345678),
        ("msisdn", '{column: v, prefix: "86"}', "8614412345678", 8614412345678),
        ("msisdn", '{column: v, prefix: "86"}', "", 0),
        ("rat", '{column: v, values: {"4G": eutran}}', "4G", 6),
        ("rat", "{column: v, otherwise: nr}", "5G", 10),
        ("cell", "v", "460-00-10-20", "460-00-10-20"),
        ("cell", '{network: {value: "46000"}, area: v, identity: v}', "10", "460-00-10-10"),
        ("cell", '{network: {value: "460-00"}, area: v, identity: v, base: 16}', "000A", "460-00-10-10"),
        ("cell", '{network: {value: "310260"}, area: v, identity: v, base: 16}', "0x0a", "310-260-10-10"),
        ("cell", '{network: {value: "46000"}, area: v, identity: v}', "", None),
        ("plmn", "{columns: [v, v], join: ''}", "460", 460460),
        ("peer", "v", "10086", number_code("10086")),
    ],
)  # fmt: skip
def test_values_are_read_as_the_mapping_says(key: str, said: str, value: str, found: object) -> None:
    name = {"bytes_up": "up", "duration": "dur"}.get(key, key)
    row = one(said, value, key=key)
    assert row[name] == found
    assert bool(row["quality"] & Quality.SATURATED) == (found == 2**32 - 1)


@pytest.mark.parametrize(
    ("key", "said", "value", "code"),
    [
        ("bytes_up", "{column: v, unit: KiB}", "lots", "records.number"),
        ("bytes_up", "{column: v, unit: KiB}", "-3", "records.number"),
        ("rat", '{column: v, values: {"4G": eutran}}', "6G", "records.rat"),
        ("cell", '{network: {value: "46000"}, area: v, identity: v, base: 16}', "xyz", "records.cell"),
        ("imei", "v", "12", "records.imei"),
    ],
)
def test_a_value_that_the_mapping_does_not_explain_is_put_aside(key: str, said: str, value: str, code: str) -> None:
    issue = one(said, value, key=key)
    assert (issue.code, issue.field, issue.record) == (code, key, 2)


SERVICES = (
    'columns: {imsi: I, service: {column: S, values: {"1": sms, "2": voice}}, start_time: {column: T, format: epoch}}\n'
)


def test_delimiters_quotes_encodings_and_lines_before_the_header() -> None:
    text = f'a report\n\nI|S|T|名称\n{IMSI}|1|{DAY_TS}|电表\n{IMSI}|2|{DAY_TS}|"x\n'
    dress = 'delimiter: "|"\nencoding: gb18030\nquote: none\nskip_lines: 2\n'
    rows, issues = read(dress + SERVICES, text.encode("gb18030"))
    assert [row["svc"] for row in rows] == [Service.SMS, Service.VOICE]
    assert issues.count == 0
    with pytest.raises(RefusalError) as error:
        read(dress + SERVICES, text.encode("gb18030") + b"\xff\xff")
    assert error.value.code == "records.encoding"


def test_columns_are_numbered_where_there_is_no_header() -> None:
    mapping = 'delimiter: "\\t"\nheader: false\ncolumns: {imsi: 2, service: {value: data}, start_time: {column: 1, format: epoch}}\n'
    text = f"{DAY_TS}\t{IMSI}\n{DAY_TS}\tx\n\n{DAY_TS}\t{IMSI}\n"
    rows, issues = read(mapping, text)
    assert len(rows) == 2
    assert [(issue.record, issue.code) for issue in issues.kept] == [(2, "records.imsi")]
    with pytest.raises(RefusalError) as error:
        read(mapping, "1\n")
    assert (error.value.code, error.value.issue.detail) == ("records.mapping_columns", "2")


def test_a_missing_column_is_named() -> None:
    with pytest.raises(RefusalError) as error:
        read(SERVICES, "I,S\n")
    assert (error.value.code, error.value.issue.field) == ("records.mapping_columns", "t")


def test_the_example_of_the_document_does_what_the_document_says() -> None:
    blocks = dict(re.findall(r"```(yaml|text)\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL))
    rows, issues = read(blocks["yaml"], blocks["text"])
    assert issues.count == 0
    assert [(row["svc"], row["ts"], row["dur"], row["up"], row["cell"], row["rat"]) for row in rows] == [
        (Service.DATA, DAY_TS, 90, 1536, "460-00-4369-8738", 6),
        (Service.SMS, DAY_TS + 310, 0, 0, "460-00-4369-8738", 6),
    ]
    assert rows[0]["msisdn"] == 8614412345678
    assert rows[1]["peer"] == number_code("10086")


def test_a_mapped_file_goes_into_the_store_and_a_better_mapping_gives_a_second_chance(
    records: RecordsService, source: SourceId
) -> None:
    data = f"I,S,T\n{IMSI},1,{DAY_TS}\n{IMSI},9,{DAY_TS}\n".encode()
    wrong = read_mapping(SERVICES.replace("column: T", "column: X").encode())
    refused = records.take_bytes(source, "m.csv", data, mapping=wrong)
    assert (refused.format, refused.quarantined) == (Format.MAPPED, True)
    assert records.take_bytes(source, "m.csv", data, mapping=wrong).duplicate
    taken = records.take_bytes(source, "m.csv", data, mapping=read_mapping(SERVICES.encode()))
    assert (taken.records, taken.refused, taken.duplicate) == (1, 1, False)
    assert records.take_bytes(source, "m.csv", data).duplicate
    rows = records.quarantine(PageRequest()).rows
    assert {(row.record_index, row.reason_code) for row in rows} == {
        (None, "records.mapping_columns"),
        (3, "records.service"),
    }
    with pytest.raises(InvalidError) as error:
        records.take_bytes(source, "n.csv", data, Format.MAPPED)
    assert error.value.code == "records.mapping_needed"
