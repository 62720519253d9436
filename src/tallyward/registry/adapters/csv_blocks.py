"""The rows of a CSV file, a few megabytes at a time, each with the line an editor shows it on.

Cells may be quoted; a line break within quotes is not taken, so that one stray quote spoils one line and not the rest
of the file.
"""

import codecs
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from tallyward.kernel.errors import InvalidError
from tallyward.registry.block import Block
from tallyward.registry.columns import COLUMNS, Kind
from tallyward.registry.report import RowProblem

BLOCK_BYTES: Final = 12 << 20
LONGEST_LINE: Final = 1 << 20
_SHOWN: Final = 60


class CsvBlocks:
    """A `TableFile` of comma-separated UTF-8."""

    def __init__(self, kind: Kind, path: Path, size: int, columns: Mapping[str, int]) -> None:
        self.total = size
        self._kind = kind
        self._path = path
        self._columns = columns

    def blocks(self) -> Iterator[tuple[int, Block, list[RowProblem]]]:
        """(bytes read so far, rows, lines that are no rows)."""
        with self._path.open("rb") as file:
            header = file.readline(LONGEST_LINE)
            done, line = len(header), 2
            while data := self._whole_lines(file, line):
                done += len(data)
                block, problems, lines = self._block(data, line)
                line += lines
                yield done, block, problems

    def _whole_lines(self, file: BinaryIO, line: int) -> bytes:
        data = file.read(BLOCK_BYTES)
        if len(data) < BLOCK_BYTES:
            return data
        rest = file.readline(LONGEST_LINE)
        if len(rest) == LONGEST_LINE:
            raise InvalidError("registry.file_line", file=self._path.name, line=line + data.count(b"\n"))
        return data + rest

    def _block(self, data: bytes, first: int) -> tuple[Block, list[RowProblem], int]:
        data, problems = _without_spoilt_lines(data, first)
        names = sorted(self._columns, key=self._columns.__getitem__)
        invalid: list[csv.InvalidRow] = []

        def put_aside(row: csv.InvalidRow) -> str:
            invalid.append(row)
            return "skip"

        table = csv.read_csv(
            pa.BufferReader(data or b"\n"),  # the one line of it was spoilt
            csv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
            csv.ParseOptions(invalid_row_handler=put_aside, ignore_empty_lines=False),
            csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), check_utf8=False),
        )
        lines = table.num_rows + len(invalid)
        numbers = np.arange(first, first + lines, dtype=np.int64)
        is_row = np.ones(lines, np.bool_)
        is_row[[row.number - 1 for row in invalid]] = False
        for row in invalid:
            if row.text.strip():
                counted = f"{row.actual_columns} / {row.expected_columns}"
                problems.append(RowProblem(first + row.number - 1, "", "registry.row_columns", counted))
        return self._without_blanks(table, numbers[is_row]), problems, lines

    def _without_blanks(self, table: pa.Table, lines: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Block:
        """Blank lines and lines of commas, which spreadsheets leave at the end, are no rows."""
        texts: dict[str, pa.Array] = {}
        blank = np.ones(len(lines), np.bool_)
        for column in COLUMNS[self._kind]:
            if column.name in self._columns:
                texts[column.name] = table[column.name].combine_chunks()
                if blank.any():
                    blank &= pc.equal(texts[column.name], "").to_numpy(zero_copy_only=False)
            else:
                texts[column.name] = pa.nulls(len(lines), pa.string())
        if blank.any():
            kept = pa.array(~blank)
            return Block({name: values.filter(kept) for name, values in texts.items()}, lines[~blank])
        return Block(texts, lines)


def _without_spoilt_lines(data: bytes, first: int) -> tuple[bytes, list[RowProblem]]:
    """Lines that are no UTF-8 or leave a quote open are reported and left blank."""
    spoilt: dict[int, tuple[str, bytes]] = {}
    lines: list[bytes] = []
    if b'"' in data or not _is_utf8(data):
        lines = data.split(b"\n")
        for number, line in enumerate(lines):
            if line.count(b'"') % 2:
                spoilt[number] = "registry.row_quotes", line
            elif not line.isascii() and not _is_utf8(line):
                spoilt[number] = "registry.row_encoding", line
    if not spoilt:
        return data, []
    for number in spoilt:
        lines[number] = b""
    problems = [
        RowProblem(first + number, "", code, line[:_SHOWN].decode("utf-8", "replace").strip())
        for number, (code, line) in spoilt.items()
    ]
    return b"\n".join(lines), problems


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.utf_8_decode(data, "strict", True)
    except UnicodeDecodeError:
        return False
    return True
