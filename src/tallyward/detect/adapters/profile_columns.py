"""The profiles of a bucket as columns by card place, with what each card summed up earlier in the month."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.detect.cards.day_columns import Profiles
from tallyward.detect.cards.span import MOST_EXACT_FLOAT, Span, exactly


def profiles_of(table: pa.Table, first: int, end: int, earlier: pa.Table, months: dict[str, str]) -> Profiles:
    """The profiles of the cards from `first` to before `end`. `months`: SQL of a month's sum -> column of `earlier`."""
    ids = _numpy(table.column("card_id"))
    at = (ids.astype(np.int64) - first)[(ids >= first) & (ids < end)]
    begin = int(np.searchsorted(ids, first))
    rows = table.slice(begin, len(at))
    known = np.zeros(end - first, np.bool_)
    known[at] = True
    columns: dict[str, NDArray[Any]] = {}
    unset: dict[str, NDArray[np.bool_]] = {}
    for name in table.column_names:
        column = rows.column(name)
        if column.null_count:
            unset[name] = _dense(_numpy(column.is_null()), at, known)
            column = column.fill_null(0)
        columns[name] = _dense(_numpy(column), at, known)
    return Profiles(first, known, columns, unset, _earlier(earlier, first, end, months))


def _dense(values: NDArray[Any], at: NDArray[np.int64], known: NDArray[np.bool_]) -> NDArray[Any]:
    if len(at) == len(known):
        return values
    found = np.zeros(len(known), values.dtype)
    found[at] = values
    return found


def _earlier(table: pa.Table, first: int, end: int, months: dict[str, str]) -> dict[str, Span]:
    if not table.num_rows:
        return {}
    ids = _numpy(table.column("card_id")).astype(np.int64)
    own = np.flatnonzero((ids >= first) & (ids < end))
    found = {}
    for key, name in months.items():
        values = np.zeros(end - first, np.float64)
        values[ids[own] - first] = _numpy(table.column(name))[own]
        most = float(np.abs(values).max(initial=0))
        found[key] = (
            exactly(values.astype(np.int64), int(most))
            if most <= MOST_EXACT_FLOAT and bool((values == np.trunc(values)).all())
            else _rounded(values, most)
        )
    return found


def _rounded(values: NDArray[np.float64], most: float) -> Span:
    """Sums that binary64 may have rounded."""
    return Span(np.nextafter(values, -np.inf), np.nextafter(values, np.inf), most)


def _numpy(column: pa.ChunkedArray) -> NDArray[Any]:
    found: NDArray[Any] = column.to_numpy()
    return found
