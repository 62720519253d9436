"""The text of detail files of FreeRADIUS: records and their attributes, whatever these mean. Pure.

A record is a line with the server's local time, then one indented line `Name = value` for each attribute, then an empty
line.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MOST_LINE: Final = 4_096
_MOST_ATTRIBUTES: Final = 500
_HEAD: Final = re.compile(rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ 0-3]\d \d\d:\d\d:\d\d \d{4}\s*")
_ATTRIBUTE: Final = re.compile(rb"[\t ]+([A-Za-z0-9.:-]+)[\t ]*[:+]?=[\t ]*(.*)", re.DOTALL)
_ATTRIBUTES: Final = re.compile(r"^[\t ]+([A-Za-z0-9.:-]+)[\t ]*[:+]?=[\t ]*([^\n]*)\n", re.MULTILINE)
_BLANKS: Final = " \t\r\v\f"
_BLANK: Final = re.compile(rb"\n+")
_ESCAPE: Final = re.compile(r"\\([0-7]{3}|.)")


@dataclass(slots=True)
class Record:
    """One record: the number of its first line, its place, and those of its attributes that are in use, by name.

    `whole`: it begins with a time, all its lines are attributes, and an empty line or the end of the file follows.
    """

    line: int
    at: int
    sample: bytes
    whole: bool
    attributes: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)  # of all its attributes, where it is read line by line


def is_detail(head: bytes) -> bool:
    """Whether a text begins like a detail file: a line of time, then an attribute."""
    lines = head.lstrip(b"\r\n").split(b"\n", 2)
    return len(lines) > 1 and bool(_HEAD.fullmatch(lines[0])) and bool(_ATTRIBUTE.fullmatch(lines[1]))


def detail_records(data: bytes, used: frozenset[str]) -> Iterator[Record]:
    """The records of a text: those written as usual at once, others line by line. `used`: lower-case names in use."""
    number, at = 1, 0
    while at < len(data):
        if blank := _BLANK.match(data, at):
            number, at = number + blank.end() - at, blank.end()
            continue
        end = data.find(b"\n\n", at) + 2
        text = data[at:end] if end > 1 else data[at:]
        record = _usual(text, number, at, used) if len(text) <= MOST_LINE else None
        if record:
            yield record
        else:
            yield from _by_line(text, number, at, used)
        number, at = number + text.count(b"\n"), at + len(text)


def _usual(text: bytes, number: int, at: int, used: frozenset[str]) -> Record | None:
    """The record of a text that is a line of time, attributes, an empty line, and nothing else; else None."""
    head = text.find(b"\n") + 1
    if not text.endswith(b"\n\n") or not _HEAD.fullmatch(text, 0, head):
        return None
    found = _ATTRIBUTES.findall(text[head:].decode("utf-8", "replace"))
    if len(found) != text.count(b"\n") - 2 or len(found) > _MOST_ATTRIBUTES:
        return None
    attributes: dict[str, str] = {}
    for name, value in found:
        if (known := name.lower()) in used:
            attributes.setdefault(known, _value(value.rstrip(_BLANKS)))
    return Record(number, at, text[:64], whole=True, attributes=attributes)


def _by_line(data: bytes, first: int, at: int, used: frozenset[str]) -> Iterator[Record]:
    """The records of a text; a line that is no attribute makes its record broken, not its neighbours."""
    record: Record | None = None
    place = 0
    for number, line in enumerate(io.BytesIO(data), first):
        here, place = place, place + len(line)
        if not line.strip():
            if record and line.endswith(b"\n"):
                yield record
                record = None
            continue
        begins = bool(_HEAD.fullmatch(line))
        if record and begins:  # the one before was never ended
            record.whole = False
            yield record
        if record is None or begins:
            record = Record(number, at + here, data[here : here + 64], whole=begins)
        else:
            _add(record, line, used)
    if record:
        record.whole = record.whole and data.endswith(b"\n")
        yield record


def _add(record: Record, line: bytes, used: frozenset[str]) -> None:
    match = _ATTRIBUTE.fullmatch(line) if len(line) <= MOST_LINE else None
    if not match or len(record.names) >= _MOST_ATTRIBUTES:
        record.whole = False
        return
    name = match[1].decode("ascii").lower()
    record.names.add(name)
    if name in used:
        record.attributes.setdefault(name, _value(match[2].rstrip().decode("utf-8", "replace")))


def _value(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return _ESCAPE.sub(_unescaped, text[1:-1]) if "\\" in text else text[1:-1]
    return text


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 8)) if len(match[1]) == 3 else {"n": "\n", "r": "\r", "t": "\t"}.get(match[1], match[1])  # noqa: PLR2004
