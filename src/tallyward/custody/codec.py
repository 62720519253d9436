"""The bytes that are signed and hashed: deterministic CBOR (RFC 8949, 4.2.1) of numbers, bytes, text and arrays.

A signature covers bytes as they came, never an encoding made again; so bytes that say the same in another way are
refused.
"""

from typing import Any, Final, TypeAlias, cast

import cbor2

Item: TypeAlias = "int | bytes | str | list[Item] | None"

MOST_BYTES: Final = 1_000_000
"""The longest entry; CometBFT's own limit of a transaction is 1 MiB."""
_DEEPEST: Final = 5
_PLAIN: Final = frozenset({bytes, str, type(None)})


class MalformedError(ValueError):
    """Bytes that are not the one encoding of a permitted item."""


def encode(item: Item) -> bytes:
    """The one encoding of an item."""
    return cbor2.dumps(item)  # of these kinds of items it writes the one canonical encoding; asked for, it is slower


def decode(data: bytes, most: int = MOST_BYTES) -> Item:
    """The item; refuses all bytes but its one encoding with `MalformedError`, which says why."""
    if len(data) > most:
        raise MalformedError(f"{len(data)} bytes are over {most}")
    try:
        found = cbor2.loads(data)
    except (cbor2.CBORError, ValueError, RecursionError, OverflowError, MemoryError) as error:
        raise MalformedError("it is not CBOR") from error
    _permitted(found, _DEEPEST)
    if encode(found) != data:
        raise MalformedError("it is not in canonical form")
    return cast("Item", found)


def _permitted(found: Any, depth: int) -> None:  # noqa: ANN401 - whatever a decoder gives
    """Refuses what is no item. Lists are looked through in place: most of what is read are their plain values."""
    if depth < 0:
        raise MalformedError("it is nested too deeply")
    for one in found if isinstance(found, list) else [found]:
        kind = type(one)
        if kind is int:
            if not 0 <= one < 1 << 63:
                raise MalformedError("a number is out of range")
        elif kind is list:
            _permitted(one, depth - 1)
        elif kind not in _PLAIN:
            raise MalformedError(f"it holds a {kind.__name__}")
