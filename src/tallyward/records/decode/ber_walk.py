"""A walk over BER (ITU-T X.690): tags, lengths and places, never more than the input allows. Pure.

Made for hostile input: a length must fit its parent, depth and the number of elements are bounded, indefinite lengths
end where their end-of-contents octets stand, and every refusal names the place. Values are not read here.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from tallyward.records.decode.issues import RefusalError, refuse

MOST_DEPTH: Final = 24
MOST_ELEMENTS: Final = 16_000_000
"""Of one file: a bound on time. A 64 MiB transfer batch holds about half of it."""

APPLICATION: Final = 1
_FORM: Final = 0x20
_LONG_TAG: Final = 0x1F
_TAG_OCTETS: Final = 3
_LENGTH_OCTETS: Final = 8


class Element(NamedTuple):
    """One tag with its contents at `data[start:end]`; `after` is the first place behind it."""

    at: int
    tag: int  # number, plus class << 24
    constructed: bool
    start: int
    end: int
    after: int


def application(number: int) -> int:
    """The tag of an application-class number."""
    return (APPLICATION << 24) | number


class Walk:
    """Walks one file's content; counts what it visits."""

    def __init__(self, data: bytes) -> None:
        """Walk `data`."""
        self.data = data
        self._left = MOST_ELEMENTS

    def element(self, at: int, end: int, depth: int = 0) -> Element:
        """The element that begins at `at` and must end by `end`; refuses a broken one."""
        self._left -= 1
        if self._left < 0:
            raise refuse("records.ber_too_many", offset=at, detail=str(MOST_ELEMENTS))
        if depth > MOST_DEPTH:
            raise refuse("records.ber_too_deep", offset=at, detail=str(MOST_DEPTH))
        tag, constructed, place = self._tag(at, end)
        if tag == 0:
            raise refuse("records.ber_stray_end", offset=at, sample=self.data[at : at + 16])
        if place >= end:
            raise self._cut(at)
        first = self.data[place]
        place += 1
        if first < 0x80:  # noqa: PLR2004 - short form, X.690 clause 8.1.3.4
            length = first
        elif first == 0x80:  # noqa: PLR2004 - indefinite form, clause 8.1.3.6
            return self._indefinite(Element(at, tag, constructed, place, place, place), end, depth)
        else:
            length, place = self._long_length(at, place, first & 0x7F, end)
        stop = place + length
        if stop > end:
            raise refuse(
                "records.ber_length", offset=at, detail=f"{length} > {end - place}", sample=self.data[at : at + 16]
            )
        return Element(at, tag, constructed, place, stop, stop)

    def children(self, parent: Element, depth: int) -> Iterator[Element]:
        """The elements inside a constructed one, which stands at `depth`."""
        at = parent.start
        while at < parent.end:
            child = self.element(at, parent.end, depth + 1)
            yield child
            at = child.after

    def _tag(self, at: int, end: int) -> tuple[int, bool, int]:
        if at >= end:
            raise self._cut(at)
        first = self.data[at]
        number, place = first & _LONG_TAG, at + 1
        if number == _LONG_TAG:
            number = 0
            while True:
                if place >= end:
                    raise self._cut(at)
                octet = self.data[place]
                place += 1
                number = (number << 7) | (octet & 0x7F)
                if octet < 0x80:  # noqa: PLR2004 - the last octet of a long tag, clause 8.1.2.4
                    break
                if place - at > _TAG_OCTETS:
                    raise refuse("records.ber_tag", offset=at, sample=self.data[at : at + 16])
        return ((first >> 6) << 24) | number, bool(first & _FORM), place

    def _long_length(self, at: int, place: int, octets: int, end: int) -> tuple[int, int]:
        if octets > _LENGTH_OCTETS or octets == 0x7F:  # noqa: PLR2004 - reserved, clause 8.1.3.5
            raise refuse("records.ber_length", offset=at, detail=f"{octets} octets", sample=self.data[at : at + 16])
        if place + octets > end:
            raise self._cut(at)
        return int.from_bytes(self.data[place : place + octets], "big"), place + octets

    def _indefinite(self, opened: Element, end: int, depth: int) -> Element:
        """Find the end-of-contents octets of an indefinite length."""
        if not opened.constructed:
            raise refuse(
                "records.ber_length", offset=opened.at, detail="80", sample=self.data[opened.at : opened.at + 16]
            )
        at = opened.start
        while self.data[at : at + 2] != b"\0\0":
            at = self.element(at, end, depth + 1).after
        if at + 2 > end:
            raise self._cut(opened.at)
        return opened._replace(end=at, after=at + 2)

    def _cut(self, at: int) -> RefusalError:
        return refuse("records.ber_truncated", offset=at, sample=self.data[at : at + 16])


def integer(data: bytes, element: Element) -> int | None:
    """The value of an INTEGER of up to 8 octets, or None."""
    size = element.end - element.start
    if element.constructed or not 1 <= size <= 8:  # noqa: PLR2004 - no field of TAP is wider
        return None
    return int.from_bytes(data[element.start : element.end], "big", signed=True)


def text(data: bytes, element: Element) -> str | None:
    """The text of printable ASCII octets, or None."""
    if element.constructed:
        return None
    value = data[element.start : element.end]
    return value.decode("ascii") if value.isascii() and all(c >= 0x20 for c in value) else None  # noqa: PLR2004


def digits(data: bytes, element: Element) -> str | None:
    """The digits of packed BCD, the first digit in the high half, filler F at the end (TD.57, BCDString)."""
    found = data[element.start : element.end].hex().rstrip("f")
    return found if found and found.isdigit() and not element.constructed else None
