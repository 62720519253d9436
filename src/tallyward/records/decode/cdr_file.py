"""Where the records of a charging data file stand: one after the other, or behind the headers of 3GPP TS 32.297. Pure.

The headers' own figures must be true: the file's length, its number of records, the length of each. A record that is
not what its header says is a fault of that record; what makes the next record's place unknown refuses the file.
"""

from array import array
from collections.abc import Iterator
from typing import Final, NamedTuple

from tallyward.records.decode.ber_walk import Walk
from tallyward.records.decode.cdr_kinds import KIND_OF_TAG
from tallyward.records.decode.issues import RefusalError, refuse

LEAST_HEADER: Final = 52
"""Octets of a file header without filter and extensions (clause 6.1.1)."""
_NOT_TOLD: Final = 0xFFFFFFFF
_RECORD_HEADER: Final = 4
_RELEASE_FOLLOWS: Final = 7
_HEAD_OF_USUAL: Final = 10
_NEEDS_MORE: Final = bytes((_RELEASE_FOLLOWS << 5,))
"""The third octet of a record header: from here on a fifth tells the release."""
_FEW_RECORDS: Final = 100_000
_SHORT_RECORD: Final = 16
"""Octets; type, card and time alone take more."""
_BER: Final = 1
_CLASS_AND_FORM: Final = 0xE0
_CONTEXT_CONSTRUCTED: Final = 0xA0
_LONG_TAG: Final = 0x1F
_USUAL: Final = {bytes((0xBF, number, 0x80 | octets)): octets for number in range(_LONG_TAG, 0x80) for octets in (1, 2)}
"""How nearly all records of gateways begin, and in how many octets their length follows."""


class Fault(NamedTuple):
    """The record at place `row` of its part can't be used."""

    row: int
    code: str
    detail: str


class Spans(NamedTuple):
    """Records side by side: where each begins, where its content begins and ends. `first` counts from 1."""

    first: int
    at: "array[int]"
    content: "array[int]"
    end: "array[int]"
    faults: list[Fault]


class Header(NamedTuple):
    """What a file header says."""

    file_length: int
    length: int
    records: int


def read_header(head: bytes) -> Header | None:
    """The file header of TS 32.297, of which `head` must hold all; None where its own lengths do not agree."""
    if len(head) < LEAST_HEADER:
        return None
    length = int.from_bytes(head[4:8], "big")
    filter_octets = int.from_bytes(head[48:50], "big")
    private = int.from_bytes(head[50 + filter_octets : 52 + filter_octets], "big")
    extensions = sum(head[at] >> 5 == _RELEASE_FOLLOWS for at in (8, 9))
    # some elements write both release extensions, whether their release needs them or not
    if length > len(head) or length - LEAST_HEADER - filter_octets - private not in {extensions, 2}:
        return None
    return Header(int.from_bytes(head[:4], "big"), length, int.from_bytes(head[18:22], "big"))


def is_cdr(head: bytes) -> bool:
    """Whether a file that begins with `head` begins, with or without a header, with a record that is read."""
    if begins_record(head):
        return True
    header = read_header(head)
    if header is None:
        return False
    first = head[header.length : header.length + 16]
    return len(first) > _RECORD_HEADER and begins_record(first[_header_octets(first, 0) :])


def begins_record(head: bytes) -> bool:
    """Whether octets begin with one of the records that are read: its tag, a length, and the type that goes with it."""
    at = 2 if head[:1] == b"\xbf" else 1
    if len(head) <= at or (head[0] & _CLASS_AND_FORM) != _CONTEXT_CONSTRUCTED:
        return False
    number = head[1] if at == 2 else head[0] & _LONG_TAG  # noqa: PLR2004
    kind = KIND_OF_TAG.get((2 << 24) | number)
    at += 1 + (head[at] & 0x7F if head[at] > 0x80 else 0)  # noqa: PLR2004 - a long length
    return kind is not None and head[at : at + 3] == bytes((0x80, 1, kind.record_type))


def read_spans(walk: Walk, most: int) -> Iterator[Spans]:
    """The records of a file, up to `most` at once; raises `RefusalError` where the next one's place is unknown."""
    header = read_header(walk.data)
    if walk.data[0] & _CLASS_AND_FORM == _CONTEXT_CONSTRUCTED or header is None:
        yield from _bare(walk, most)
    else:
        yield from _with_headers(walk, header, most)


def _bare(walk: Walk, most: int) -> Iterator[Spans]:
    at, first = 0, 1
    while at < len(walk.data):
        spans = Spans(first, array("q"), array("q"), array("q"), [])
        at = _gather(walk, at, most, spans)
        first += len(spans.at)
        _check_number(first - 1, at)
        yield spans


def _gather(walk: Walk, at: int, most: int, spans: Spans) -> int:
    """Up to `most` records from `at`: the hot loop of a file, a few operations a record."""
    data, size = walk.data, len(walk.data)
    ats, contents, ends = spans.at, spans.content, spans.end
    while at < size and most:
        octets = _USUAL.get(data[at : at + 3])
        if octets == 2 and at + 4 < size:  # noqa: PLR2004
            content = at + 5
            end = after = content + (data[at + 3] << 8 | data[at + 4])
        elif octets == 1 and at + 3 < size:
            content = at + 4
            end = after = content + data[at + 3]
        else:
            found = walk.element(at, size)
            content, end, after = found.start, found.end, found.after
        if end > size or data[at] & _CLASS_AND_FORM != _CONTEXT_CONSTRUCTED:
            raise _no_record(walk, at, end)
        ats.append(at)
        contents.append(content)
        ends.append(end)
        at = after
        most -= 1
    return at


def _no_record(walk: Walk, at: int, end: int) -> RefusalError:
    sample = walk.data[at : at + 16]
    if end > len(walk.data):
        return refuse("records.ber_length", offset=at, detail=f"> {len(walk.data) - at}", sample=sample)
    return refuse("records.cdr_structure", offset=at, detail=sample[:4].hex(), sample=sample)


def _with_headers(walk: Walk, header: Header, most: int) -> Iterator[Spans]:
    size = len(walk.data)
    if header.file_length not in {size, _NOT_TOLD}:
        raise refuse("records.cdr_file_length", offset=0, detail=f"{header.file_length} / {size}")
    at, first = header.length, 1
    while at < size:
        spans = Spans(first, array("q"), array("q"), array("q"), [])
        at = _gather_with_headers(walk, at, most, spans)
        first += len(spans.at)
        _check_number(first - 1, at)
        yield spans
    if header.records not in {first - 1, _NOT_TOLD}:
        raise refuse("records.cdr_count", offset=18, detail=f"{header.records} / {first - 1}")


def _gather_with_headers(walk: Walk, at: int, most: int, spans: Spans) -> int:
    """Up to `most` records from the header at `at`; usual ones at once, others by `_one_with_header`."""
    data, size = walk.data, len(walk.data)
    ats, contents, ends = spans.at, spans.content, spans.end
    while at < size and most:
        most -= 1
        head = data[at : at + _HEAD_OF_USUAL]
        tag = 5 if head[2:3] >= _NEEDS_MORE else 4
        octets = _USUAL.get(head[tag : tag + 3])
        if octets and len(head) == _HEAD_OF_USUAL and head[3] >> 5 == _BER:
            begin = at + tag
            end = begin + (head[0] << 8 | head[1])
            content = begin + 3 + octets
            length = head[tag + 3] if octets == 1 else head[tag + 3] << 8 | head[tag + 4]
            if content + length == end <= size:
                ats.append(begin)
                contents.append(content)
                ends.append(end)
                at = end
                continue
        at = _one_with_header(walk, at, spans)
    return at


def _check_number(records: int, at: int) -> None:
    """Refuse a file of records so short that none of them can be one: they must not cost what records cost."""
    if records > _FEW_RECORDS + at // _SHORT_RECORD:
        raise refuse("records.ber_too_many", offset=at, detail=str(_FEW_RECORDS + at // _SHORT_RECORD))


def _header_octets(data: bytes, at: int) -> int:
    return _RECORD_HEADER + (data[at + 2] >> 5 == _RELEASE_FOLLOWS)


def _one_with_header(walk: Walk, at: int, spans: Spans) -> int:
    """The record behind the header at `at`; gives the place after it."""
    data = walk.data
    if at + _RECORD_HEADER > len(data):
        raise refuse("records.ber_truncated", offset=at, sample=data[at:])
    begin = at + _header_octets(data, at)
    after = begin + (data[at] << 8 | data[at + 1])
    if after > len(data):
        raise refuse("records.cdr_record_length", offset=at, detail=f"> {len(data) - begin}", sample=data[at : at + 16])
    row, content, end = len(spans.at), begin, after
    try:
        found = walk.element(begin, after)
        content, end = found.start, found.end
        if found.after != after:
            spans.faults.append(Fault(row, "records.cdr_record_length", f"{after - begin} / {found.after - begin}"))
    except RefusalError as error:
        spans.faults.append(Fault(row, error.issue.code, error.issue.detail))
    if data[at + 3] >> 5 != _BER:
        spans.faults.append(Fault(row, "records.cdr_encoding", str(data[at + 3] >> 5)))
    spans.at.append(begin)
    spans.content.append(content)
    spans.end.append(end)
    return after
