"""Import files, opened with distrust: what they are, whether they can be read at all, and whose columns they have.

Nothing is stored before a file has passed these looks. They read it once from end to end without keeping it, so a
wrong file of many gigabytes is refused in bounded memory, and a file of zeros at its first byte.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import pyarrow.parquet as pq

from tallyward.kernel.errors import InvalidError, TooLargeError
from tallyward.registry.adapters.csv_blocks import CsvBlocks
from tallyward.registry.adapters.parquet_blocks import ParquetBlocks
from tallyward.registry.columns import COLUMNS, Kind
from tallyward.registry.importing import TableFile
from tallyward.registry.parquet_damage import DAMAGED

MOST_BYTES: Final = 8 << 30
MOST_HEADER: Final = 64 << 10
_LOOK: Final = 4 << 20
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PACKED: Final = {b"PK\x03\x04": "ZIP or XLSX", b"\x1f\x8b": "GZIP", b"\xd0\xcf\x11\xe0": "XLS", b"7z\xbc\xaf": "7-Zip"}


def open_table(kind: Kind, path: Path) -> TableFile:
    """The rows of a CSV or Parquet file of `kind`; what it is is told by its content, not by its name.

    Refuses with `registry.file_missing`, `file_too_large`, `file_empty`, `file_binary`, `file_packed`, `file_utf16`,
    `file_gbk`, `file_parquet`, `file_header` or `file_columns`.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as wrong:
        raise InvalidError("registry.file_missing", file=path.name, reason=wrong.strerror or str(wrong)) from wrong
    if not size:
        raise InvalidError("registry.file_empty", file=path.name)
    if size > MOST_BYTES:
        raise TooLargeError("registry.file_too_large", file=path.name, most=MOST_BYTES >> 30, unit="GiB")
    if head.startswith(b"PAR1"):
        return _open_parquet(kind, path)
    return _open_csv(kind, path, size, head)


def _open_parquet(kind: Kind, path: Path) -> TableFile:
    try:
        with pq.ParquetFile(path) as file:
            names = list(file.schema_arrow.names)
            rows = file.metadata.num_rows
    except DAMAGED as wrong:
        raise InvalidError("registry.file_parquet", file=path.name, reason=_first_line(wrong)) from wrong
    return ParquetBlocks(kind, path, _fitting(kind, path, names), rows)


def _open_csv(kind: Kind, path: Path, size: int, head: bytes) -> TableFile:
    if head.startswith(_UTF16):
        raise InvalidError("registry.file_utf16", file=path.name)
    for magic, what in _PACKED.items():
        if head.startswith(magic):
            raise InvalidError("registry.file_packed", file=path.name, what=what)
    with path.open("rb") as file:
        _look_through(file, path)
        file.seek(0)
        first = re.split(rb"[\r\n]", file.read(MOST_HEADER), maxsplit=1)[0]
    text = first.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    names = next(csv.reader([text]), [])
    return CsvBlocks(kind, path, size, _fitting(kind, path, names))


def _look_through(file: BinaryIO, path: Path) -> None:
    """Refuse what is no text, and text in another encoding than UTF-8; a few bad lines are the reader's affair."""
    for number, chunk in enumerate(_chunks(file)):
        if b"\x00" in chunk:
            raise InvalidError("registry.file_binary", file=path.name)
        if not number and b"\n" not in chunk and b"\r" not in chunk and len(chunk) == _LOOK:
            raise InvalidError("registry.file_line", file=path.name, line=1)
        try:
            codecs.utf_8_decode(chunk, "strict", False)  # a sign may be cut by the chunk's end
        except UnicodeDecodeError:
            if _is_gbk(chunk):
                raise InvalidError("registry.file_gbk", file=path.name) from None


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    left = b""
    while chunk := file.read(_LOOK):
        *whole, left_now = (left + chunk).rpartition(b"\n")
        left = left_now if len(left_now) < _LOOK else b""
        yield b"".join(whole) or left_now
    if left:
        yield left


def _is_gbk(chunk: bytes) -> bool:
    """Whether the lines that are not plain ASCII are GBK, as Chinese spreadsheets write it, and none is UTF-8."""
    foreign = [line for line in chunk.split(b"\n") if not line.isascii()]
    return all(_decodes(line, "gb18030") and not _decodes(line, "utf-8") for line in foreign)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _fitting(kind: Kind, path: Path, names: Sequence[str]) -> dict[str, int]:
    """Position of each column; refuses a header that lacks one, has one too many or one twice."""
    bare = [name.strip().lower() for name in names]
    known = {column.name for column in COLUMNS[kind]}
    required = [column.name for column in COLUMNS[kind] if column.required]
    if not known & set(bare):
        shown = ",".join(names)[:80]
        raise InvalidError("registry.file_header", file=path.name, header=shown, expected=",".join(required))
    missing = [name for name in required if name not in bare]
    unknown = sorted({name for name in bare if name not in known} | {name for name in bare if bare.count(name) > 1})
    if missing or unknown:
        raise InvalidError(
            "registry.file_columns",
            file=path.name,
            missing=", ".join(missing) or "-",
            unknown=", ".join(unknown)[:200] or "-",
            known=", ".join(column.name for column in COLUMNS[kind]),
        )
    return {name: at for at, name in enumerate(bare)}


def _first_line(wrong: Exception) -> str:
    return (str(wrong).splitlines() or [type(wrong).__name__])[0][:200]
