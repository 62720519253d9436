"""Charging data records of 3GPP TS 32.298 in BER: gateways, SGSN, short messages, voice of the MSC. Pure.

Records of a kind are walked together (`cdr_lockstep`), few of them and all that is unusual one by one (`cdr_record`):
both give the same. A broken record is put aside, a broken file is refused.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from tallyward.records.decode.ber_walk import Walk
from tallyward.records.decode.cdr_columns import observed_columns
from tallyward.records.decode.cdr_file import Spans, read_spans
from tallyward.records.decode.cdr_kinds import KINDS, Kind
from tallyward.records.decode.cdr_lockstep import U8, Mask, Octets, tag_table, walk_together
from tallyward.records.decode.cdr_record import read_record
from tallyward.records.decode.issues import FieldError, Issue, Issues, RefusalError
from tallyward.records.decode.observed import Event, observed_rows

MOST_BYTES: Final = 64 << 20
_PART: Final = 32_768
"""Records that are read together: their octets stay in the processor's cache."""
_FEW: Final = 32
"""Of fewer records of a kind in a part each is walked by itself: that is as fast."""


class Part(NamedTuple):
    """Observed rows of some records; `end` is the place in the file after them."""

    rows: pa.Table
    end: int


class _Together(NamedTuple):
    """What walking records of a kind together takes: the tag's octets, and which field each tag of it is."""

    kind: Kind
    tag: tuple[int, ...]
    table: U8


def _together(kind: Kind) -> _Together:
    tag = (0xBF, kind.choice) if kind.choice > 30 else (0xA0 | kind.choice,)  # noqa: PLR2004 - one octet
    return _Together(kind, tag, tag_table(kind.fields()))


_KINDS: Final = tuple(_together(kind) for kind in KINDS)


def read_cdr(data: bytes, issues: Issues) -> Iterator[Part]:
    """Observed rows of a file's records; adds those put aside to `issues`, counted from 1.

    Raises `RefusalError` where the file's structure is broken. Rows that were given before a refusal are void, and they
    are not in the order of the file.
    """
    octets = Octets(data)
    for spans in read_spans(Walk(data), _PART):
        tables, left = _read_together(octets, spans)
        tables.append(_read_alone(Walk(data), spans, left, issues))
        yield Part(pa.concat_tables(tables), spans.end[-1])


def _read_together(octets: Octets, spans: Spans) -> tuple[list[pa.Table], Mask]:
    """Tables of what could be read together, and which records are left."""
    at, content, end = (np.frombuffer(one, np.int64) for one in (spans.at, spans.content, spans.end))
    left = np.ones(len(at), np.bool_)
    faulty = np.zeros(len(at), np.bool_)
    faulty[[fault.row for fault in spans.faults]] = True
    first, second = octets.octets[at], octets.octets[at + 1]
    tables = []
    for kind, tag, table in _KINDS:
        own = (first == tag[0]) & ~faulty
        if len(tag) > 1:
            own &= second == tag[1]
        rows = np.flatnonzero(own)
        if len(rows) >= _FEW:
            found = walk_together(octets, content[rows], end[rows], table)
            part = observed_columns(octets, kind, found)
            tables.append(part.table)
            left[rows[part.sure]] = False
    return tables, left


def _read_alone(walk: Walk, spans: Spans, left: Mask, issues: Issues) -> pa.Table:
    """Observed rows of the records that are left; what can't be used goes to `issues`."""
    faults = {fault.row: fault for fault in reversed(spans.faults)}
    events: list[Event] = []
    for row in np.flatnonzero(left).tolist():
        number, at = spans.first + row, spans.at[row]
        sample = walk.data[at : at + 64]
        if fault := faults.get(row):
            issues.add(Issue(fault.code, number, at, detail=fault.detail, sample=sample))
            continue
        try:
            events.append(read_record(walk, walk.element(at, len(walk.data))))
        except FieldError as error:
            issues.add(error.issue(number, sample))
        except RefusalError as error:
            issues.add(Issue(error.issue.code, number, error.issue.offset, detail=error.issue.detail, sample=sample))
    return observed_rows(events)
