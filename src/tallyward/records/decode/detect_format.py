"""Which format a file is in, told by its first bytes; its name only breaks ties."""

import gzip
import io
import zlib
from typing import Final

from tallyward.records.decode.cdr_file import is_cdr
from tallyward.records.decode.delimited import header_names
from tallyward.records.decode.detail_text import is_detail
from tallyward.records.decode.diameter_acr import is_diameter
from tallyward.records.decode.issues import refuse
from tallyward.records.model import Format

HEAD: Final = 64 << 10
"""Bytes of a file that are looked at."""
GZIP_MAGIC: Final = b"\x1f\x8b"
_APPLICATION_CONSTRUCTED: Final = 0x60
_CLASS_AND_FORM: Final = 0xE0
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_TAP_NAMES: Final = (".ber", ".tap", ".tap3")


_BEGINNINGS: Final = {Format.CDR: is_cdr, Format.DIAMETER: is_diameter, Format.RADIUS: is_detail}


def detect_format(head: bytes, name: str) -> Format:
    """The format of a file that begins with `head` (up to `HEAD` bytes).

    Refuses what is no format we read: empty, zeros only, or unknown; with the reason.
    """
    check_head(head)
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    text = start_of_gzip(head) if head.startswith(GZIP_MAGIC) else head
    if header_names(text) or text.startswith(_UTF_16):  # whose decoder says that it wants UTF-8
        return Format.CSV
    for form, begins in _BEGINNINGS.items():
        if begins(text):
            return form
    lower = name.lower()
    if head[0] & _CLASS_AND_FORM == _APPLICATION_CONSTRUCTED and not head[:64].isascii():
        return Format.TAP3
    if lower.endswith(_TAP_NAMES):
        return Format.TAP3
    if lower.removesuffix(".gz").endswith(".csv"):
        return Format.CSV
    raise refuse("records.unknown_format", offset=0, sample=head)


def check_head(head: bytes) -> None:
    """Refuse a file that is empty or begins with nothing but zeros, whatever format it claims."""
    if not head:
        raise refuse("records.empty_file")
    if not head.strip(b"\0"):
        raise refuse("records.only_zeros", offset=0, sample=head)


def start_of_gzip(head: bytes) -> bytes:
    """The first decompressed bytes of a gzip file's head; refuses what only looks like one."""
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(head)).read1(HEAD)
    except (EOFError, OSError, zlib.error) as error:
        raise refuse("records.broken_gzip", offset=0, detail=str(error)) from None
