"""Delimited text in, observed rows out, block by block: the mediation CSV of docs/mediation-csv.md, or another dialect.

A block holds whole lines, so memory is bounded by the block and a line can't run away. A row that can't be read is put
aside with its line number; a file whose structure is broken (no header, wrong encoding, NUL bytes) is refused whole.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, Protocol

import pyarrow as pa
import pyarrow.csv as pacsv

from tallyward.records.decode.columns import COLUMNS, observe
from tallyward.records.decode.issues import Issue, Issues, refuse

BLOCK: Final = 8 << 20
MOST_BYTES: Final = 2 << 30
"""Of text, after decompression."""
LONGEST_LINE: Final = 64 << 10
_FEW_LINES: Final = 1_000
_SHORT_LINE: Final = 8
"""Octets a line on average at least, where there are more than a few: a gigabyte of line ends must not fill memory."""


Columns = dict[str, pa.Array]
"""Columns by name, equally long."""


class TextSource(Protocol):
    """Gives text, as bytes."""

    def read(self, size: int, /) -> bytes:
        """`size` bytes, fewer only at the end."""
        ...


def _as_they_are(columns: Columns) -> Columns:
    return columns


class Dialect(NamedTuple):
    """How a text is written, and how its columns become those of docs/mediation-csv.md.

    `needed`: column names (lower case) that must be there; without a header they are numbers from 1. `anchor`: one of
    them that no record leaves empty. `skip`: lines before the header.
    """

    needed: tuple[str, ...] = COLUMNS
    anchor: str = "start_time"
    delimiter: str = ","
    quote: str | None = '"'
    encoding: str = "utf-8"
    header: bool = True
    skip: int = 0
    standard: Callable[[Columns], Columns] = _as_they_are
    missing: str = "records.missing_columns"


MEDIATION: Final = Dialect()


class Header(NamedTuple):
    """Column names of the file in order, how many bytes the lines before the records take, and how many they are."""

    names: tuple[str, ...]
    length: int
    lines: int = 1


class Block(NamedTuple):
    """Observed rows of some lines; `end` is the place in the text after them."""

    rows: pa.Table
    end: int


def read_csv(stream: TextSource, issues: Issues, dialect: Dialect = MEDIATION) -> Iterator[Block]:
    """Observed rows of a stream of text, one block at a time; adds what is put aside to `issues`.

    Raises `RefusalError` where the structure is broken.
    """
    first = stream.read(BLOCK)
    header = read_header(first, dialect)
    rest, offset, line = first[header.length :], header.length, header.lines + 1
    while True:
        end = len(rest) if len(first) < BLOCK else rest.rfind(b"\n") + 1
        if end == 0 and len(first) == BLOCK:
            raise refuse("records.line_too_long", offset=offset, detail=str(LONGEST_LINE))
        lines, rest = rest[:end], rest[end:]
        if lines:
            yield Block(decode_lines(header.names, lines, line, offset, issues, dialect), offset + end)
        if len(first) < BLOCK:
            return
        line += lines.count(b"\n")
        offset += end
        first = stream.read(BLOCK)
        if offset + len(rest) + len(first) > MOST_BYTES:
            raise refuse("records.file_too_large", detail=str(MOST_BYTES))
        rest += first


def read_header(start: bytes, dialect: Dialect = MEDIATION) -> Header:
    """The header of a text; refuses one that has none, or that lacks columns which are needed."""
    at = 0
    for _ in range(dialect.skip):
        at = start.find(b"\n", at) + 1 or len(start)
    length = start.find(b"\n", at) + 1 or len(start)
    line = start[at:length]
    if dialect.encoding == "utf-8":
        _check_encoding(start[at : at + LONGEST_LINE], at, head=True)
    if len(line) > LONGEST_LINE:
        raise refuse("records.no_header", offset=at, sample=line)
    text = line.decode(dialect.encoding, "replace").removeprefix("\ufeff").strip("\r\n")
    names = _names(text.strip() if dialect.delimiter != "\t" else text, dialect)
    if not dialect.header:
        names, length = [str(place) for place in range(1, len(names) + 1)], at
    missing = [name for name in dialect.needed if name not in names]
    if missing == list(COLUMNS):
        raise refuse("records.no_header", offset=at, detail=text, sample=line)
    if missing:
        raise refuse(dialect.missing, offset=at, field=missing[0], detail=", ".join(missing))
    twice = sorted({name for name in names if name in dialect.needed and names.count(name) > 1})
    if twice:
        raise refuse("records.column_twice", offset=at, field=twice[0], detail=", ".join(twice))
    kept = tuple(name if name in dialect.needed else f"#{place}" for place, name in enumerate(names))
    return Header(kept, length, dialect.skip + dialect.header)


def _names(text: str, dialect: Dialect) -> list[str]:
    try:
        if dialect.quote:
            rows = csv.reader([text], delimiter=dialect.delimiter, quotechar=dialect.quote)
        else:
            rows = csv.reader([text], delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE)
        return [name.strip().lower() for name in next(rows, [])]
    except csv.Error:
        return []


def decode_lines(
    names: tuple[str, ...],
    lines: bytes,
    first_line: int,
    offset: int,
    issues: Issues,
    dialect: Dialect = MEDIATION,
) -> pa.Table:
    """Observed rows of whole lines, the first of which is line `first_line` and stands at `offset`."""
    lines = _as_utf8(lines, offset, dialect.encoding)
    _check_line_lengths(lines, offset)
    count = lines.count(b"\n") + (not lines.endswith(b"\n"))
    if count > _FEW_LINES + len(lines) // _SHORT_LINE:
        raise refuse("records.short_lines", offset=offset, sample=lines)
    skipped: list[int] = []

    def skip(row: pacsv.InvalidRow) -> str:
        place = row.number if row.number is not None else 0
        skipped.append(place)
        if row.text.strip():
            found = Issue(
                "records.row_width",
                record=first_line + place - 1,
                detail=f"{row.actual_columns} / {row.expected_columns}",
                sample=row.text.encode(),
            )
            issues.add(found)
        return "skip"

    try:
        table = _arrow(names, lines, dialect, skip)
    except pa.ArrowInvalid as error:
        raise refuse("records.not_csv", offset=offset, detail=str(error)) from None
    if table.num_rows + len(skipped) != count:
        raise refuse("records.open_quote", offset=offset, detail=f"{first_line}")
    places: Sequence[int] = _line_numbers(table.num_rows, skipped)
    if table[dialect.anchor].null_count:
        table, places = _without_blank_lines(table, places, lines)
    rows, faults, refused = observe(dialect.standard({name: table[name].combine_chunks() for name in dialect.needed}))
    issues.add_untold(refused - len(faults))
    text = lines.split(b"\n") if faults else []
    for fault in faults:
        place = places[fault.row]
        found = Issue(fault.code, first_line + place, field=fault.field, detail=fault.value, sample=text[place])
        issues.add(found)
    return rows


def _arrow(names: tuple[str, ...], lines: bytes, dialect: Dialect, skip: Callable[[pacsv.InvalidRow], str]) -> pa.Table:
    return pacsv.read_csv(
        pa.py_buffer(lines),
        read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=len(lines) + 1),
        parse_options=pacsv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char=dialect.quote or False,
            invalid_row_handler=skip,
            ignore_empty_lines=False,
        ),
        convert_options=pacsv.ConvertOptions(
            include_columns=dialect.needed,
            column_types=dict.fromkeys(dialect.needed, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


def _without_blank_lines(table: pa.Table, places: Sequence[int], lines: bytes) -> tuple[pa.Table, Sequence[int]]:
    text = lines.split(b"\n")
    kept = [row for row, place in enumerate(places) if text[place].strip()]
    return table.take(pa.array(kept, pa.int64())), [places[row] for row in kept]


def _line_numbers(rows: int, skipped: list[int]) -> range | list[int]:
    """For each row the place of its line in the block, from 0; `skipped` are places of skipped lines, from 1."""
    if not skipped:
        return range(rows)
    gone = {place - 1 for place in skipped}
    return [place for place in range(rows + len(gone)) if place not in gone]


def _as_utf8(data: bytes, offset: int, encoding: str) -> bytes:
    if encoding == "utf-8":
        _check_encoding(data, offset)
        return data
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise refuse(
            "records.encoding", offset=offset + error.start, detail=encoding, sample=data[error.start :]
        ) from None
    found = text.encode()
    _check_encoding(found, offset)
    return found


def _check_encoding(data: bytes, offset: int, *, head: bool = False) -> None:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} and offset == 0:
        raise refuse("records.not_utf8", offset=0, detail="UTF-16", sample=data)
    nul = data.find(b"\0")
    if nul >= 0:
        wide = offset == 0 and data[:64].count(b"\0") in range(24, 41)
        if wide:
            raise refuse("records.not_utf8", offset=nul, detail="UTF-16", sample=data)
        raise refuse("records.nul_bytes", offset=offset + nul, sample=data[nul:])
    if data.isascii():
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if head and error.end == len(data) and error.reason == "unexpected end of data":
            return  # cut inside a letter
        raise refuse(
            "records.not_utf8", offset=offset + error.start, detail=_encoding_of(data), sample=data[error.start :]
        ) from None


def _encoding_of(data: bytes) -> str:
    """What a text that is no UTF-8 probably is."""
    try:
        data[: len(data) // 2 * 2].decode("gb18030")
    except UnicodeDecodeError:
        return "?"
    return "GBK"


def _check_line_lengths(lines: bytes, offset: int) -> None:
    """Refuse a line over the limit: look only where a stretch of that length holds no line end."""
    at = 0
    while len(lines) - at > LONGEST_LINE:
        end = lines.rfind(b"\n", at, at + LONGEST_LINE)
        if end < 0:
            raise refuse("records.line_too_long", offset=offset + at, detail=str(LONGEST_LINE), sample=lines[at:])
        at = end + 1


def header_names(head: bytes) -> frozenset[str]:
    """Documented column names in the first line of a text, for telling the format."""
    line = head.split(b"\n", 1)[0].decode("utf-8", "replace").removeprefix("\ufeff")
    return frozenset(name.strip().strip('"').lower() for name in line.split(",")) & frozenset(COLUMNS)
