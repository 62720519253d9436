"""An offered file read as one of the formats: rows in parts, issues aside, progress told."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

import pyarrow as pa

from tallyward.records.decode import cdr, delimited, diameter_acr, parquet, radius_detail, tap3
from tallyward.records.decode.accounting import Sessions
from tallyward.records.decode.delimited import MEDIATION, Dialect
from tallyward.records.decode.issues import Issues, refuse
from tallyward.records.decode.mapped import dialect_of
from tallyward.records.decode.mapping import ColumnMapping
from tallyward.records.decode.observed import observed_rows
from tallyward.records.model import Format
from tallyward.records.offered import Offered, Text

Progress: TypeAlias = Callable[[int, int], None]
"""Told (done, total)."""


class Rows(NamedTuple):
    """Some rows of a file: observed, or `usage` where they are usage records already.

    `sessions`: messages besides, whose rows depend on what was counted before; at most once a file.
    """

    table: pa.Table
    usage: bool
    sessions: Sessions | None = None


class Reader:
    """Knows what reading takes beside the file: `networks` maps TADIG codes to MCC and MNC digits."""

    def __init__(self, networks: dict[str, str]) -> None:
        """Read with these networks."""
        self._networks = networks

    def read(
        self,
        offered: Offered,
        form: Format,
        issues: Issues,
        progress: Progress | None,
        mapping: ColumnMapping | None = None,
    ) -> Iterator[Rows]:
        """The rows of a file in parts; raises `RefusalError` where its structure is broken.

        `mapping` says which column is what, for `Format.MAPPED`.
        """
        told = progress or _silent
        if form is Format.CSV:
            return _csv(offered, issues, told, MEDIATION)
        if form is Format.MAPPED and mapping:
            return _csv(offered, issues, told, dialect_of(mapping))
        if form is Format.TAP3:
            return self._tap3(offered, issues, told)
        if reader := _READERS.get(form):
            return reader(offered, issues, told)
        raise refuse("records.unknown_format", offset=0, sample=offered.head)

    def _tap3(self, offered: Offered, issues: Issues, told: Progress) -> Iterator[Rows]:
        data = offered.content(tap3.MOST_BYTES)
        for part in tap3.read_tap3(data, self._networks, issues):
            yield Rows(part.rows, usage=False)
            told(part.end, offered.size)


def _content(offered: Offered, most: int) -> bytes:
    """All of a file, decompressed where it is gzip."""
    with offered.open() as stream:
        return Text(stream, offered.head).whole(most)


def _cdr(offered: Offered, issues: Issues, told: Progress) -> Iterator[Rows]:
    data = _content(offered, cdr.MOST_BYTES)
    for part in cdr.read_cdr(data, issues):
        yield Rows(part.rows, usage=False)
        told(part.end * offered.size // len(data), offered.size)


def _radius(offered: Offered, issues: Issues, told: Progress) -> Iterator[Rows]:
    found = radius_detail.read_detail(_content(offered, radius_detail.MOST_BYTES), issues)
    yield Rows(observed_rows(found.alone), usage=False, sessions=found)
    told(offered.size, offered.size)


def _diameter(offered: Offered, issues: Issues, told: Progress) -> Iterator[Rows]:
    found = diameter_acr.read_acr(_content(offered, diameter_acr.MOST_BYTES), issues)
    yield Rows(observed_rows(found.alone), usage=False, sessions=found)
    told(offered.size, offered.size)


def _silent(_done: int, _total: int) -> None:
    pass


def _csv(offered: Offered, issues: Issues, told: Progress, dialect: Dialect) -> Iterator[Rows]:
    with offered.open() as stream:
        text = Text(stream, offered.head)
        for block in delimited.read_csv(text, issues, dialect):
            yield Rows(block.rows, usage=False)
            told(text.done(), offered.size)


def _parquet(offered: Offered, issues: Issues, told: Progress) -> Iterator[Rows]:
    for batch, done, rows in parquet.read_parquet(offered.where, issues):
        yield Rows(batch.rows, batch.usage)
        told(done, rows)


_READERS: Final[dict[Format, Callable[[Offered, Issues, Progress], Iterator[Rows]]]] = {
    Format.PARQUET: _parquet,
    Format.CDR: _cdr,
    Format.RADIUS: _radius,
    Format.DIAMETER: _diameter,
}
