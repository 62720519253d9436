"""Keyset paging: a cursor names the last row seen, so a page costs the same at row 10 and at row 10 million."""

import base64
import json
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from tallyward.kernel.errors import InvalidError

DEFAULT_LIMIT = 50
MAX_LIMIT = 500

Row = TypeVar("Row")

Key: TypeAlias = tuple[str | int, ...]
"""The sort key of a row, unique: the last part is the row's id."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`limit` rows after the row whose key is `after` (None: from the start)."""

    limit: int = DEFAULT_LIMIT
    after: Key | None = None

    def __post_init__(self) -> None:
        """Refuse a limit outside 1..500 with `kernel.page_limit`."""
        if not 1 <= self.limit <= MAX_LIMIT:
            raise InvalidError("kernel.page_limit", limit=self.limit, most=MAX_LIMIT)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows in order, and the cursor of the next page or None at the end."""

    rows: tuple[Row, ...]
    next_cursor: str | None


def encode_cursor(key: Key) -> str:
    """An opaque, URL-safe text for a row's key."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *shape: type[str] | type[int]) -> Key:
    """The key that `encode_cursor` made; refuses anything that is not of `shape` with `kernel.cursor`."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise InvalidError("kernel.cursor") from None
    if not isinstance(parts, list) or [type(part) for part in parts] != list(shape):
        raise InvalidError("kernel.cursor")
    return tuple(parts)
