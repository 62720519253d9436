"""What a person means by "these cards", as a transaction has to say it: runs of slots with their live events. Pure."""

from collections.abc import Iterable
from itertools import groupby

from tallyward.custody.fields import Part
from tallyward.custody.refusals import lot_of
from tallyward.custody.state import State
from tallyward.kernel.errors import InvalidError


def live_parts(state: State, lot: str, start: int, end: int) -> list[Part]:
    """Slots `start` to before `end` of a lot, cut where their custody events differ.

    Refuses with `custody.lot_unknown` or `custody.span_invalid`.
    """
    row = lot_of(state, lot)
    if not 0 <= start < end <= row.cards:
        raise InvalidError("custody.span_invalid", lot=lot, start=start, end=end)
    parts: list[Part] = []
    at = start
    while at < end:
        span = state.spans.at(row.number, at)
        upto = min(span.end, end)
        if parts and parts[-1].cause == span.cause:
            parts[-1] = parts[-1]._replace(end=upto)
        else:
            parts.append(Part(lot, at, upto, span.cause))
        at = upto
    return parts


def live_runs(state: State, places: Iterable[tuple[str, int]]) -> tuple[Part, ...]:
    """Single cards as (lot, slot), in any order, as the fewest parts; each once."""
    found: list[Part] = []
    ordered = sorted(set(places))
    for (lot, _), run in groupby(enumerate(ordered), key=lambda one: (one[1][0], one[1][1] - one[0])):
        slots = [slot for _, (_, slot) in run]
        found += live_parts(state, lot, slots[0], slots[-1] + 1)
    return tuple(found)


def read_range(text: str) -> tuple[str, int | None, int | None]:
    """`LOT` or `LOT:FIRST-LAST`, slots counted from 0 and both included: (lot, start, before which to end).

    Refuses with `custody.range_form`.
    """
    lot, colon, run = text.rpartition(":")
    if not colon:
        return text, None, None
    first, dash, last = run.partition("-")
    if not (first.isascii() and first.isdigit() and (not dash or (last.isascii() and last.isdigit())) and lot):
        raise InvalidError("custody.range_form", text=text[:80])
    start = int(first[:12])
    return lot, start, (int(last[:12]) if dash else start) + 1
