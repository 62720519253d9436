"""The spans of a ledger as columns, with what may be seen of their cards and when: a row a span, never a card. Pure.

A card may be seen from its first activation on (`from_`) until it is stopped or ended (`until`), give or take the
clocks' slack. Where it may never be seen, `from_` is `NEVER`.
"""

from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tallyward.custody.break_kinds import SLACK
from tallyward.custody.card_path import TimeOf
from tallyward.custody.spans import Span
from tallyward.custody.state import State
from tallyward.custody.states import CardState

Column = NDArray[np.int64]

NEVER: Final = 1 << 62
ENDED: Final = frozenset({CardState.CANCELLED, CardState.QUARANTINE, CardState.RECYCLED, CardState.REISSUED})
ACTIVATED: Final = ENDED | {CardState.ACTIVE, CardState.SUSPENDED}


class SpanColumns(NamedTuple):
    """The standing spans of one lot by slot; see `Span`. `from_`, `until`: seconds since 1970."""

    start: Column
    end: Column
    holder: Column
    state: Column
    cause: Column
    from_: Column
    until: Column


def columns(state: State, lot: int, time_of: TimeOf) -> SpanColumns:
    """The spans of a lot that stand."""
    standing = list(state.spans.standing(lot))
    flat = np.fromiter(chain.from_iterable(span[1:6] for span in standing), dtype=np.int64, count=5 * len(standing))
    start, end, holder, kind, cause = flat.reshape(-1, 5).T
    from_ = np.full(len(standing), NEVER, dtype=np.int64)
    until = np.full(len(standing), NEVER, dtype=np.int64)
    history = state.spans.history
    for at in np.flatnonzero(np.isin(kind, [*ACTIVATED, CardState.LOST])):
        span = standing[at]
        if span.state in ACTIVATED:
            from_[at] = time_of(_first(history, span, ACTIVATED).cause) - SLACK
        until[at] = _until(history, span, time_of)
    return SpanColumns(start, end, holder, kind, cause, from_, until)


def _until(history: list[Span], span: Span, time_of: TimeOf) -> int:
    if span.state is CardState.ACTIVE:
        return NEVER
    since = _first(history, span, ENDED) if span.state in ENDED else span
    return time_of(since.cause) + SLACK


def _first(history: list[Span], span: Span, states: frozenset[CardState]) -> Span:
    """The earliest span of an unbroken run of such states that ends with this one."""
    while span.parent >= 0 and history[span.parent].state in states:
        span = history[span.parent]
    return span
