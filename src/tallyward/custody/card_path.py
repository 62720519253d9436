"""A card's way as people read it: who had it in what state, since when and for how long. Pure."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tallyward.custody.spans import Span
from tallyward.custody.state import State
from tallyward.custody.states import CardState

TimeOf = Callable[[int], int]
"""The time of an entry in seconds since 1970, by its number; see `block_times`."""


class Link(NamedTuple):
    """A stage of a card's way: holder, state, the entry that brought it about, its time, and seconds until the next."""

    holder: str
    state: CardState
    entry: int
    since: int
    dwell: int


def path(state: State, lot: int, slot: int, time_of: TimeOf, now: int) -> tuple[Link, ...]:
    """All stages from the registration on; the last one lasts until `now`."""
    chain: Sequence[Span] = state.spans.chain(lot, slot)[::-1]
    times = [time_of(span.cause) for span in chain]
    members = state.members_by_number
    return tuple(
        Link(members[span.holder], span.state, span.cause, since, max(until - since, 0))
        for span, since, until in zip(chain, times, [*times[1:], now], strict=True)
    )


def held_since(history: Sequence[Span], span: Span) -> Span:
    """The stage at which the holder of a span got its cards."""
    while span.parent >= 0 and history[span.parent].holder == span.holder:
        span = history[span.parent]
    return span


def at(links: Sequence[Link], time: int) -> int:
    """Which stage a card was in at a time: its place among the links; the first, before them all."""
    return max((place for place, link in enumerate(links) if link.since <= time), default=0)
