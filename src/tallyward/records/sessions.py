"""What is new of a session: its messages tell totals since it began, and any of them may come again in another file.

What was counted of a session is kept with the manifest as a `Life`. A message gives a row of what its totals exceed it
by, from where the row before ended; one that is not newer gives none. So a session's rows add up to its highest totals
whatever way its messages were cut into files, in whatever order those come and however often. Pure.

A name may be used again: by a server that starts anew, by one that numbers badly. Sessions of one name can't run at
the same time, so a message belongs to a life that it overlaps in time, or with which it began within `SLACK` seconds.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import Final, NamedTuple, TypeAlias

from tallyward.kernel.ids import EnterpriseId
from tallyward.records.decode.accounting import U32, Heard, Sessions, Told
from tallyward.records.decode.observed import Event
from tallyward.records.schema import Quality

SLACK: Final = 60
"""Seconds by which the beginning of one session may seem to differ between its messages: clocks, rounding, delays."""
MOST_OCTETS: Final = (1 << 63) - 1
_NAME_OCTETS: Final = 16  # of BLAKE2b: to make two names meet takes 2**64 tries
_RUNS_OVER: Final = 1 << 32


class Life(NamedTuple):
    """What was counted of one session: its totals by the newest message. `begun` is 0 where none has told it."""

    begun: int
    at: int
    dur: int
    up: int
    dn: int


class Counted(NamedTuple):
    """Rows of what is new, the lives that they change by name, and how many messages told what was counted before."""

    rows: list[Event]
    lives: list[tuple[bytes, Life]]
    repeated: int


Known: TypeAlias = Callable[[Iterable[tuple[bytes, int, int]]], dict[bytes, list[Life]]]
"""Lives of sessions by (name, first, last): those that reach into these seconds, or whose beginning is not known."""


def since_counted(sessions: Sessions, operator: EnterpriseId, known: Known) -> Counted:
    """What a file's messages add to what is known; sessions of two operators never meet."""
    named = {_name(operator, session): heard for session, heard in sessions.heard.items()}
    before = known((name, *_span(heard)) for name, heard in named.items())
    rows, lives, repeated = list[Event](), list[tuple[bytes, Life]](), 0
    for name, heard in named.items():
        more = usage_since(heard, before.get(name, ()))
        rows += more.rows
        lives += [(name, life) for life in more.lives]
        repeated += more.repeated
    return Counted(rows, lives, repeated)


def _name(operator: EnterpriseId, session: str) -> bytes:
    """Short, the same length for all, and without the subscriber's number in it."""
    return blake2b(f"{operator}\n{session}".encode(), digest_size=_NAME_OCTETS).digest()


def _span(heard: Sequence[Heard]) -> tuple[int, int]:
    first = min(told.ts if told.timed else 0 for told, _ in heard)
    return first - SLACK, max(told.ts + told.dur for told, _ in heard) + SLACK


class More(NamedTuple):
    """What the messages of one session add."""

    rows: list[Event]
    lives: list[Life]
    repeated: int


def usage_since(heard: Sequence[Heard], known: Sequence[Life]) -> More:
    """The rows of a session's messages, in order of time, next to the lives that are known of its name."""
    lives = sorted(known)
    changed: dict[int, Life] = {}
    rows, repeated = [], 0
    for told, row in sorted(heard, key=_when):
        place = _place(lives, told)
        if place is None:
            after = _first(told)
            insort(lives, after)
            rows.append(row)
        else:
            before, after = lives[place], _grown(lives[place], told)
            if after is before:
                repeated += before.begun not in changed
                continue
            lives[place] = after
            rows.append(_between(before, after, told, row))
        changed[after.begun] = after
    return More(rows, list(changed.values()), repeated)


def _when(heard: Heard) -> tuple[int, int]:
    told = heard.told
    return told.ts + told.dur, told.dur


def _first(told: Told) -> Life:
    begun = told.ts if told.timed else 0
    return Life(begun, told.ts + told.dur, told.dur, min(told.up, MOST_OCTETS), min(told.down, MOST_OCTETS))


def _place(lives: Sequence[Life], told: Told) -> int | None:
    """The place of the life that a message belongs to, None where it is the first one of its own."""
    if not lives:
        return None
    untold = 0 if lives[0].begun == 0 else None
    if not told.timed:
        return untold if untold is not None else max(range(len(lives)), key=lambda place: lives[place].at)
    above = bisect_right(lives, told.ts, key=_begun)
    beside = [place for place in (above - 1, above) if 0 <= place < len(lives) and _meets(lives[place], told)]
    return min(beside, key=lambda place: abs(lives[place].begun - told.ts), default=untold)


def _begun(life: Life) -> int:
    return life.begun


def _meets(life: Life, told: Told) -> bool:
    if abs(told.ts - life.begun) <= SLACK:
        return True
    return 0 < life.begun < told.ts + told.dur - SLACK and told.ts < life.at - SLACK


def _grown(life: Life, told: Told) -> Life:
    """The life after a message; itself where the message tells nothing new."""
    end, dur = told.ts + told.dur, told.dur if told.timed else life.dur
    if told.timed and life.begun:
        if told.ts < life.begun - SLACK:
            dur -= life.begun - told.ts  # its clock or its delay is off, or it counts too many seconds
        is_newer, is_older = dur > life.dur, dur < life.dur
    else:
        is_newer, is_older = end > life.at, end < life.at
    up, dn = min(told.up, MOST_OCTETS), min(told.down, MOST_OCTETS)
    fell, rose = up < life.up or dn < life.dn, up > life.up or dn > life.dn
    if is_newer and (end >= life.at or not fell):
        return Life(life.begun, max(end, life.at), dur, up, dn)
    if is_newer or is_older or not rose:
        return life
    return life._replace(up=max(up, life.up), dn=max(dn, life.dn))


def _between(before: Life, after: Life, told: Told, row: Event) -> Event:
    """The row of what was used between two states of a life: it begins where the one before ended."""
    dur = after.dur - before.dur if after.dur >= before.dur else after.dur
    up, dn = _used(before.up, after.up, told), _used(before.dn, after.dn, told)
    begun = before.begun + before.dur if before.begun and told.timed else told.ts + told.dur - dur
    quality = row.quality & ~Quality.SATURATED | (Quality.SATURATED if max(dur, up, dn) > U32 else 0)
    return row._replace(ts=min(begun, U32), dur=min(dur, U32), up=min(up, U32), dn=min(dn, U32), quality=int(quality))


def _used(before: int, after: int, told: Told) -> int:
    """Octets between two states of a counter.

    One that fell ran over where it was in the upper half of 32 bits and nobody counts how often it does; any other one
    began anew at 0.
    """
    if after >= before:
        return after - before
    if not told.wide and before < _RUNS_OVER and before - after > _RUNS_OVER // 2:
        return after + _RUNS_OVER - before
    return after
