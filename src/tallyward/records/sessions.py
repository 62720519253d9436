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
from tallyward.records.decode.accounting import U32, Heard, Sessions
from tallyward.records.decode.observed import Event
from tallyward.records.schema import Quality

SLACK: Final = 60
"""Seconds by which the beginning of one session may seem to differ between its messages: clocks, rounding, delays."""
MOST_OCTETS: Final = (1 << 63) - 1
_NAME_OCTETS: Final = 16  # of BLAKE2b: to make two names meet takes 2**64 tries
_RUNS_OVER: Final = 1 << 32
_SATURATED: Final = int(Quality.SATURATED)


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
    first = min(one.begun if one.timed else 0 for one in heard)
    return first - SLACK, max(one.end for one in heard) + SLACK


class More(NamedTuple):
    """What the messages of one session add."""

    rows: list[Event]
    lives: list[Life]
    repeated: int


def usage_since(heard: Sequence[Heard], known: Sequence[Life]) -> More:
    """The rows of a session's messages, in order of time, next to the lives that are known of its name."""
    if len(heard) == 1 and not known:  # the usual one of many short sessions
        return More([heard[0].row], [_first(heard[0])], 0)
    lives = sorted(known)
    changed: dict[int, Life] = {}
    rows, repeated = [], 0
    for one in sorted(heard, key=_totals):
        place = _place(lives, one)
        if place is None:
            after = _first(one)
            insort(lives, after)
            rows.append(one.row)
        else:
            before, after = lives[place], _grown(lives[place], one)
            if after is before:
                repeated += before.begun not in changed
                continue
            lives[place] = after
            rows.append(_between(before, after, one))
        changed[after.begun] = after
    return More(rows, list(changed.values()), repeated)


def _totals(one: Heard) -> tuple[int, ...]:
    return one[:4]


def _first(one: Heard) -> Life:
    begun = one.begun if one.timed else 0
    return Life(begun, one.end, one.dur, min(one.up, MOST_OCTETS), min(one.dn, MOST_OCTETS))


def _place(lives: Sequence[Life], one: Heard) -> int | None:
    """The place of the life that a message belongs to, None where it is the first one of its own."""
    if not lives:
        return None
    untold = 0 if lives[0].begun == 0 else None
    if not one.timed:
        return untold if untold is not None else len(lives) - 1  # the newest
    above = bisect_right(lives, one.begun, key=_begun)
    beside = [place for place in (above - 1, above) if 0 <= place < len(lives) and _meets(lives[place], one)]
    return min(beside, key=lambda place: abs(lives[place].begun - one.begun), default=untold)


def _begun(life: Life) -> int:
    return life.begun


def _meets(life: Life, one: Heard) -> bool:
    if abs(one.begun - life.begun) <= SLACK:
        return True
    return 0 < life.begun < one.end - SLACK and one.begun < life.at - SLACK


def _grown(life: Life, one: Heard) -> Life:
    """The life after a message; itself where the message tells nothing new."""
    dur = one.dur if one.timed else life.dur
    if one.timed and life.begun:
        if one.begun < life.begun - SLACK:
            dur -= life.begun - one.begun  # its clock or its delay is off, or it counts too many seconds
        is_newer, is_older = dur > life.dur, dur < life.dur
    else:
        is_newer, is_older = one.end > life.at, one.end < life.at
    up, dn = min(one.up, MOST_OCTETS), min(one.dn, MOST_OCTETS)
    fell, rose = up < life.up or dn < life.dn, up > life.up or dn > life.dn
    if is_newer and (one.end >= life.at or not fell):
        return Life(life.begun, max(one.end, life.at), dur, up, dn)
    if is_newer or is_older or not rose:
        return life
    return life._replace(up=max(up, life.up), dn=max(dn, life.dn))


def _between(before: Life, after: Life, one: Heard) -> Event:
    """The row of what was used between two states of a life: it begins where the one before ended."""
    dur = after.dur - before.dur if after.dur >= before.dur else after.dur
    up, dn = _used(before.up, after.up, wide=one.wide), _used(before.dn, after.dn, wide=one.wide)
    begun = before.begun + before.dur if before.begun and one.timed else one.end - dur
    quality = one.row.quality & ~_SATURATED | (_SATURATED if max(dur, up, dn) > U32 else 0)
    return one.row._replace(ts=min(begun, U32), dur=min(dur, U32), up=min(up, U32), dn=min(dn, U32), quality=quality)


def _used(before: int, after: int, *, wide: bool) -> int:
    """Octets between two states of a counter.

    One that fell ran over where it was in the upper half of 32 bits and nobody counts how often it does; any other one
    began anew at 0.
    """
    if after >= before:
        return after - before
    if not wide and before < _RUNS_OVER and before - after > _RUNS_OVER // 2:
        return after + _RUNS_OVER - before
    return after
