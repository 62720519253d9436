"""The bytes between CometBFT and an application: frames on a socket, and the protobuf fields inside them. Pure.

A frame is its length as a varint, then a protobuf message (CometBFT 0.38, spec/abci "Socket"). Only the two wire types
that ABCI's messages use in our part of them are kept, varints and lengths; other ones are stepped over.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from tallyward.custody.codec import MalformedError

MOST_FRAME: Final = 16 << 20
"""A block is at most 4 MiB (`cometbft_home`); nothing that CometBFT says is longer than a few of them."""

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_MOST_VARINT: Final = 10
_SIGN: Final = 1 << 63

Value: TypeAlias = int | bytes


class Frames:
    """Cuts what a socket brings into frames."""

    def __init__(self, most: int = MOST_FRAME) -> None:
        """`most`: bytes of the longest frame that is taken."""
        self._most = most
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The frames that are whole now; refuses one over the limit with `MalformedError` before it has come."""
        self._held += data
        at = 0
        try:
            while (found := self._length(at)) is not None:
                size, begin = found
                if len(self._held) < begin + size:
                    return
                at = begin + size
                yield bytes(self._held[begin:at])
        finally:
            del self._held[:at]

    def _length(self, at: int) -> tuple[int, int] | None:
        """(length, where the message begins) of the frame at a place; None if more must come."""
        head = bytes(self._held[at : at + _MOST_VARINT])
        if len(head) < _MOST_VARINT and all(one & 0x80 for one in head):
            return None
        size, used = _varint(head, 0)
        if size > self._most:
            raise MalformedError(f"a frame of {size} bytes is over {self._most}")
        return size, at + used


def framed(message: bytes) -> bytes:
    """A message as a frame."""
    return _uvarint(len(message)) + message


def read_fields(data: bytes) -> Iterator[tuple[int, Value]]:
    """(number, value) of each field of a message; refuses what is none with `MalformedError`."""
    at, end = 0, len(data)
    while at < end:
        tag, at = _varint(data, at)
        number, kind = tag >> 3, tag & 7
        if not number:
            raise MalformedError("a field has the number 0")
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield number, value
        elif kind == _LENGTH:
            size, at = _varint(data, at)
            at += size
            if at > end:
                raise MalformedError("a field is longer than its message")
            yield number, data[at - size : at]
        elif kind in {_FIXED64, _FIXED32}:
            at += 8 if kind == _FIXED64 else 4
            if at > end:
                raise MalformedError("a field is longer than its message")
        else:
            raise MalformedError(f"wire type {kind} is not known")


def message(*fields: tuple[int, Value | str | Iterable[bytes]]) -> bytes:
    """A message of (number, value) in this order. 0 and nothing are left out (proto3); a list is a repeated field."""
    return b"".join(_field(number, value) for number, value in fields)


def packed(*numbers: int) -> bytes:
    """A repeated field of numbers."""
    return b"".join(map(_uvarint, numbers))


def signed(value: int) -> int:
    """An int64 of its varint, which is its two's complement."""
    return value - (1 << 64) if value & _SIGN else value


def _field(number: int, value: Value | str | Iterable[bytes]) -> bytes:
    if isinstance(value, int):
        return _uvarint(number << 3 | _VARINT) + _uvarint(value % (1 << 64)) if value else b""
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return _delimited(number, value) if value else b""
    return b"".join(_delimited(number, one) for one in value)


def _delimited(number: int, value: bytes) -> bytes:
    return _uvarint(number << 3 | _LENGTH) + _uvarint(len(value)) + value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """(value, where the next begins)."""
    value = shift = 0
    for place in range(at, min(at + _MOST_VARINT, len(data))):
        one = data[place]
        value |= (one & 0x7F) << shift
        if one < 0x80:  # noqa: PLR2004 - the last byte of a varint has no high bit
            if value >> 64:
                break
            return value, place + 1
        shift += 7
    raise MalformedError("a number is cut off, or longer than 64 bits")


def _uvarint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a byte
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
