"""Pages of tenant rows by id, quick at any size: prefixes by index, and each side of a scope by its own."""

import heapq
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tallyward.kernel.actor import Scope
from tallyward.kernel.paging import Page, PageRequest, encode_cursor
from tallyward.registry.adapters.tenant import TenantRow

Row = TypeVar("Row", bound=TenantRow)
Value = TypeVar("Value")

FEW: Final = 2_000
"""Up to so many matches of a prefix are fetched by id; more of them are met soon by walking the rows in order."""


def page_of(
    session: Session,
    table: type[Row],
    request: PageRequest,
    conditions: Sequence[ColumnElement[bool]],
    value: Callable[[Row], Value],
) -> Page[Value]:
    """Rows that meet all conditions and that the session's scope may see, by id. Key: (id,)."""
    scope: Scope = session.info["scope"]
    ids: InstrumentedAttribute[int] = getattr(table, "id")  # noqa: B009 - the mixin has no id, every table has
    query = select(table).where(*conditions).order_by(ids).limit(request.limit + 1)
    if request.after is not None:
        query = query.where(ids > int(request.after[0]))
    if scope.enterprise is None:
        found: list[Row] = list(session.scalars(query))
    else:
        # one index a side: the "or" of both would be sorted whole for each page
        sides = [
            session.scalars(query.where(side == scope.enterprise)).all()
            for side in (table.enterprise_id, table.operator_id)
        ]
        found = list(islice(_without_repeats(sides), request.limit + 1))
    shown = found[: request.limit]
    last: Any = shown[-1] if len(found) > request.limit else None
    return Page(tuple(map(value, shown)), None if last is None else encode_cursor((last.id,)))


def _without_repeats(sides: Sequence[Sequence[Row]]) -> Any:  # noqa: ANN401 - an iterator of rows
    last = None
    for row in heapq.merge(*sides, key=_id):
        if _id(row) != last:
            last = _id(row)
            yield row


def _id(row: Any) -> int:  # noqa: ANN401 - the mixin has no id, every table has
    number: int = row.id
    return number


def begins(
    session: Session, ids: InstrumentedAttribute[int], columns: Sequence[Any], prefix: str
) -> ColumnElement[bool]:
    """The condition that one of `columns` begins with `prefix`, in the form that is quick for its number of matches.

    Numbers and serials are ASCII; anything else begins none of them, and half a sign or a NUL is no text to a database.
    """
    if not (prefix.isascii() and prefix.isprintable()):
        return false()
    found: set[int] = set()
    ranges = [(column >= prefix) & (column < _after(prefix)) for column in columns]
    for condition in ranges:
        found.update(session.scalars(select(ids).where(condition).limit(FEW + 1)))
        if len(found) > FEW:
            return _any(ranges)
    return ids.in_(found)


def _any(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    total: ColumnElement[bool] = false()
    for condition in conditions:
        total = total | condition
    return total


def _after(prefix: str) -> str:
    """The first text after all that begin with `prefix`, by code point."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
