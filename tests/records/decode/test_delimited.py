"""The CSV of docs/mediation-csv.md and everything a file may be that claims to be one."""

import io
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.records.decode import delimited
from tallyward.records.decode.columns import COLUMNS
from tallyward.records.decode.delimited import header_names, read_csv, read_header
from tallyward.records.decode.issues import Issues, RefusalError
from tests.records.making import HEADER, csv_of, line


def read(data: bytes) -> tuple[list[dict[str, Any]], Issues]:
    issues = Issues()
    rows = [row for block in read_csv(io.BytesIO(data), issues) for row in block.rows.to_pylist()]
    return rows, issues


def refusal(data: bytes) -> RefusalError:
    with pytest.raises(RefusalError) as error:
        read(data)
    return error.value


def test_rows_come_in_order_and_faults_with_their_line() -> None:
    lines = [
        line(bytes_up="1"),
        line(rat="x"),
        "",
        line(bytes_up="2"),
        "1,2,3",
        line(peer="!"),
        "  ",
        line(bytes_up="3"),
    ]
    rows, issues = read(csv_of(lines))
    assert [row["up"] for row in rows] == [1, 2, 3]
    assert [(issue.record, issue.field) for issue in issues.kept] == [(6, ""), (3, "rat"), (7, "peer")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(end: str, last: bool, mark: str) -> None:
    data = (mark + end.join([HEADER, line(), line()]) + (end if last else "")).encode()
    rows, issues = read(data)
    assert (len(rows), issues.count) == (2, 0)


def test_columns_may_stand_in_any_order_beside_others_and_be_quoted() -> None:
    names = [*reversed(COLUMNS), "note"]
    values = [*reversed(line().split(",")), "no column of ours, äöü"]
    quoted = [",".join(f'"{value}"' for value in row) for row in (names, values)]
    assert read("\n".join(quoted).encode())[0] == read(csv_of([line()]))[0]


@settings(max_examples=60, deadline=None)
@given(st.integers(200, 900), st.lists(st.sampled_from(["good", "bad", "short", ""]), min_size=1, max_size=40))
def test_blocks_of_any_size_give_the_same_rows_and_lines(size: int, kinds: list[str]) -> None:
    made = {"good": line(), "bad": line(rat="x"), "short": "1,2", "": ""}
    data = csv_of(made[kind] for kind in kinds)
    block = delimited.BLOCK
    delimited.BLOCK = size  # type: ignore[misc] # a smaller block, for this once
    try:
        rows, issues = read(data)
    finally:
        delimited.BLOCK = block  # type: ignore[misc]
    assert len(rows) == kinds.count("good")
    expected = [at + 2 for at, kind in enumerate(kinds) if kind in {"bad", "short"}]
    assert sorted(issue.record or 0 for issue in issues.kept) == expected


def test_a_file_of_the_header_alone_has_no_rows() -> None:
    rows, issues = read(csv_of([]))
    assert (rows, issues.count) == ([], 0)
    assert read(HEADER.encode())[0] == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a,b,c\n1,2,3\n", "records.no_header"),
        (b"\n" + csv_of([line()]), "records.no_header"),
        (csv_of([line()], header=HEADER.replace(",rat", "")), "records.missing_columns"),
        (csv_of([line()], header=HEADER + ",rat"), "records.column_twice"),
        (csv_of([line()]).decode().encode("utf-16"), "records.not_utf8"),
        (csv_of([line()]).decode().encode("utf-16-le"), "records.not_utf8"),
        (csv_of([line(peer="数据")]).decode().encode("gbk"), "records.not_utf8"),
        (csv_of([line()] * 3) + b"\xff\xfe\xfd", "records.not_utf8"),
        (csv_of([line()]) + b"\0\0\0", "records.nul_bytes"),
        (csv_of([line(), '"' + line(), line(), line()]), "records.open_quote"),
        (csv_of([line(), line(peer="x" * 70_000)]), "records.line_too_long"),
        (b"x" * 100_000, "records.no_header"),
        (csv_of([""] * 100_000), "records.short_lines"),
    ],
)
def test_a_broken_structure_is_refused_whole(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_the_encoding_is_guessed_and_its_place_told() -> None:
    data = csv_of([line(), line(peer="数据")]).decode().encode("gbk")
    issue = refusal(data).issue
    assert issue.detail == "GBK"
    assert issue.offset == data.index("数据".encode("gbk"))


def test_missing_columns_are_named() -> None:
    issue = refusal(csv_of([], header="imsi,service,start_time")).issue
    assert issue.field == "msisdn"
    assert issue.detail.startswith("msisdn, iccid, duration")


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BLOCK", 1000)
    monkeypatch.setattr(delimited, "MOST_BYTES", 5000)
    assert refusal(csv_of([line()] * 100)).code == "records.file_too_large"


def test_memory_is_bounded_by_the_block_not_by_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BLOCK", 1 << 16)

    row = b",,,x,,,,,,,,,\n"

    class Endless(io.RawIOBase):
        left = 20

        def read(self, size: int = -1, /) -> bytes:
            self.left -= 1
            start = HEADER.encode() + b"\n" if self.left == 19 else b""
            return b"" if self.left <= 0 else (start + row * size)[:size]

    issues = Issues()
    tracemalloc.start()
    rows = sum(block.rows.num_rows for block in read_csv(Endless(), issues))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 0
    assert issues.count > 70_000
    assert peak < 15 << 20


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_flipped_bytes_and_truncations_never_break_the_decoder(draw: st.DataObject) -> None:
    data = bytearray(csv_of([line(), line(peer="iot.apn"), line(service="sms")]))
    for _ in range(draw.draw(st.integers(0, 4))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    try:
        rows, issues = read(bytes(data[: draw.draw(st.integers(0, len(data)))]))
        assert all(0 < row["ts"] < 2**32 for row in rows)
        assert len(rows) + issues.count <= 10
    except RefusalError as error:
        assert error.sentence("en") != error.code


def test_the_header_is_known_by_its_names() -> None:
    assert header_names(csv_of([])) == frozenset(COLUMNS)
    assert header_names(b"a,b") == frozenset()
    assert read_header(b'"IMSI", ' + HEADER[5:].encode()).names == COLUMNS


def test_a_text_that_breaks_off_inside_a_letter_is_refused() -> None:
    """The row it stands in has the wrong width: neither the row nor its half letter may reach anybody."""
    cut = csv_of([line(), "1,2," + "ä" * 40])[:-2]
    assert refusal(cut).code == "records.not_utf8"
