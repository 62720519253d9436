"""The two query parameters of every list, and how they become a page request."""

from typing import Annotated

from fastapi import Depends, Query

from tallyward.kernel.paging import DEFAULT_LIMIT, MAX_LIMIT, PageRequest, decode_cursor

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="rows of a page")]
Cursor = Annotated[str | None, Query(max_length=400, description="`next_cursor` of the page before")]


def by_id(cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT) -> PageRequest:
    """A page of rows in the order of one integer key."""
    return PageRequest(limit, decode_cursor(cursor, int) if cursor else None)


PageById = Annotated[PageRequest, Depends(by_id)]
