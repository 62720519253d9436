"""What is new of a session: by any cut into files, in any order, however often; counters that fall, names used again."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallyward.kernel.ids import EnterpriseId
from tallyward.records.decode.accounting import U32, Heard, Sessions, Told, usage_of
from tallyward.records.decode.observed import Event
from tallyward.records.schema import Quality
from tallyward.records.sessions import MOST_OCTETS, SLACK, Life, since_counted, usage_since
from tests.records.making import DAY_TS

NAMES = dict.fromkeys(("imsi", "msisdn", "imei", "apn", "network", "rat", "place", "ts"), "")


def heard(dur: int, up: int, dn: int = 0, *, begun: int = DAY_TS, **more: Any) -> Heard:
    told = Told(imsi="460001234567890", ts=begun, dur=dur, up=up, down=dn, **more)
    sessions = Sessions()
    sessions.add("one", told, usage_of(told, NAMES))
    return sessions.heard["one"][0]


class Kept:
    """What a store would keep of one session between its files."""

    def __init__(self) -> None:
        self.lives: dict[int, Life] = {}
        self.rows: list[Event] = []
        self.repeated = 0

    def take(self, *messages: Heard) -> list[tuple[int, int, int, int]]:
        """(ts, dur, up, dn) of the rows of a file."""
        more = usage_since(messages, list(self.lives.values()))
        self.lives |= {life.begun: life for life in more.lives}
        self.rows += more.rows
        self.repeated += more.repeated
        return [(row.ts, row.dur, row.up, row.dn) for row in more.rows]

    @property
    def used(self) -> tuple[int, int, int]:
        """(seconds, octets up, octets down) of all rows."""
        return sum(row.dur for row in self.rows), sum(row.up for row in self.rows), sum(row.dn for row in self.rows)


def test_a_file_gives_what_came_since_the_file_before() -> None:
    kept = Kept()
    assert kept.take(heard(3600, 100, 10)) == [(DAY_TS, 3600, 100, 10)]
    assert kept.take(heard(7200, 150, 10)) == [(DAY_TS + 3600, 3600, 50, 0)]
    assert kept.take(heard(10_800, 150, 10)) == [(DAY_TS + 7200, 3600, 0, 0)], "it is still there, and where"
    assert kept.take(heard(10_800, 151, 10)) == [(DAY_TS + 10_800, 0, 1, 0)], "the Stop, in the second of an interim"
    assert kept.repeated == 0


def test_an_older_message_gives_nothing_and_is_told() -> None:
    kept = Kept()
    kept.take(heard(30, 100))
    assert kept.take(heard(20, 80), heard(30, 100), heard(30, 99)) == []
    assert kept.repeated == 3
    assert kept.take(heard(40, 120), heard(40, 120), heard(35, 110)) == [
        (DAY_TS + 30, 5, 10, 0),
        (DAY_TS + 35, 5, 10, 0),
    ]
    assert kept.repeated == 3, "what one file says twice is nobody's news"


def test_messages_of_one_second_may_differ_in_what_is_no_total() -> None:
    kept, one = Kept(), heard(10, 5)
    elsewhere = one._replace(row=one.row._replace(peer_word="iot.apn", cell="460-00-1-1"))
    assert kept.take(one, elsewhere, one) == [(DAY_TS, 10, 5, 0)]


TOTALS = st.lists(st.tuples(st.integers(1, 5_000), st.integers(0, 2**33), st.integers(0, 900)), min_size=1, max_size=9)


def growing(steps: Sequence[tuple[int, int, int]], begun: int = DAY_TS) -> list[Heard]:
    """Messages whose totals grow by these steps."""
    found, dur, up, dn = [], 0, 0, 0
    for more in steps:
        dur, up, dn = dur + more[0], up + more[1], dn + more[2]
        found.append(heard(dur, up, dn, begun=begun, wide=True))
    return found


@settings(max_examples=300, deadline=None)
@given(TOTALS, st.lists(st.booleans(), min_size=9, max_size=9))
def test_how_messages_are_cut_into_files_changes_no_row(steps: list[tuple[int, int, int]], cuts: list[bool]) -> None:
    messages, whole, cut, file = growing(steps), Kept(), Kept(), list[Heard]()
    whole.take(*messages)
    for message, end in zip(messages, cuts, strict=False):
        file.append(message)
        if end:
            cut.take(*file)
            file = []
    cut.take(*file)
    assert cut.rows == whole.rows
    assert [row.dur for row in whole.rows] == [dur for dur, _, _ in steps]
    assert [row.up for row in whole.rows] == [min(up, U32) for _, up, _ in steps]


@settings(max_examples=300, deadline=None)
@given(st.data(), st.lists(TOTALS, min_size=1, max_size=3))
def test_rows_add_up_to_the_highest_totals_in_any_order_and_however_often(
    data: st.DataObject, lives: list[list[tuple[int, int, int]]]
) -> None:
    """Lives of one name, far enough from each other, the beginning of each told a little differently each time."""
    messages, begun, expected = [], DAY_TS, [0, 0, 0]
    for drawn in lives:
        steps = [(dur, up % 2**20, dn) for dur, up, dn in drawn]
        for message in growing(steps, begun):
            jitter = data.draw(st.integers(-SLACK // 2, SLACK // 2))
            messages.append(message._replace(end=message.end + jitter))
        sums = [sum(column) for column in zip(*steps, strict=True)]
        expected = [one + more for one, more in zip(expected, sums, strict=True)]
        begun += sums[0] + 3 * SLACK
    again = data.draw(st.permutations([*messages, *data.draw(st.lists(st.sampled_from(messages), max_size=5))]))
    kept = Kept()
    for place in range(0, len(again), 3):
        kept.take(*again[place : place + 3])
    assert kept.used == tuple(expected)
    assert len(kept.lives) == len(lives)
    assert kept.take(*messages) == []


def test_a_counter_that_falls_begins_anew_or_has_run_over() -> None:
    for wide, high, low, used in (
        (False, 2**32 - 100, 50, 150),  # ran over
        (True, 2**32 - 100, 50, 50),  # who counts how often it runs over has begun anew
        (False, 2**31 - 100, 50, 50),
        (False, 2**32 + 100, 50, 50),
        (False, 500, 400, 400),
    ):
        kept = Kept()
        kept.take(heard(10, high, high, wide=wide))
        assert kept.take(heard(20, low, high + 1, wide=wide)) == [(DAY_TS + 10, 10, used, 1)]
        assert kept.take(heard(30, low + 5, high + 1, wide=wide)) == [(DAY_TS + 20, 10, 5, 0)]
        assert kept.take(heard(20, low, high + 1, wide=wide), heard(10, high, high, wide=wide)) == []


def test_a_server_that_starts_anew_may_use_a_name_again() -> None:
    kept, later = Kept(), DAY_TS + 5_000
    kept.take(heard(4_000, 700))
    assert kept.take(heard(30, 20, begun=later)) == [(later, 30, 20, 0)]
    assert kept.take(heard(90, 30, begun=later), heard(4_500, 900)) == [
        (DAY_TS + 4_000, 500, 200, 0),
        (later + 30, 60, 10, 0),
    ]
    assert kept.take(heard(100, 5, begun=DAY_TS - 9_000)) == [(DAY_TS - 9_000, 100, 5, 0)], "one before both"


def test_a_beginning_that_wanders_is_still_the_same_session() -> None:
    """A message that was held back for an hour, and one of a clock that is an hour behind, tell another beginning."""
    kept = Kept()
    kept.take(heard(10_000, 100))
    assert kept.take(heard(9_000, 90, begun=DAY_TS + 3_600)) == []
    assert kept.take(heard(12_000, 130, begun=DAY_TS + 3_600)) == [(DAY_TS + 10_000, 2_000, 30, 0)]
    assert kept.take(heard(19_000, 140, begun=DAY_TS - 3_600)) == [(DAY_TS + 12_000, 3_400, 10, 0)]
    assert len(kept.lives) == 1


def test_a_message_that_claims_too_many_seconds_hides_no_later_one() -> None:
    kept = Kept()
    kept.take(heard(100, 10))
    kept.take(heard(100_000, 20, begun=DAY_TS - 99_800))
    assert kept.take(heard(300, 30)) == [(DAY_TS + 200, 100, 10, 0)]


def test_messages_without_their_sessions_seconds_are_told_apart_by_their_time() -> None:
    def untimed(at: int, up: int) -> Heard:
        return heard(0, up, begun=DAY_TS + at, timed=False)

    kept = Kept()
    assert kept.take(untimed(60, 5)) == [(DAY_TS + 60, 0, 5, 0)]
    assert kept.take(untimed(3_600, 9)) == [(DAY_TS + 3_600, 0, 4, 0)]
    assert kept.take(untimed(60, 5), untimed(3_600, 9)) == []
    assert kept.take(heard(4_000, 12)) == [(DAY_TS, 4_000, 3, 0)], "its Stop tells them"
    assert kept.take(untimed(3_700, 10)) == []
    assert len(kept.lives) == 1
    timed = Kept()
    timed.take(heard(4_000, 12))
    assert timed.take(untimed(3_600, 9)) == []
    assert timed.take(untimed(4_100, 13)) == [(DAY_TS + 4_100, 0, 1, 0)]
    assert timed.take(heard(4_050, 12)) == [], "older than what is counted, and its counter lower"


def test_what_one_row_can_not_hold_is_marked() -> None:
    kept = Kept()
    kept.take(heard(10, 2**33, wide=True), heard(20, 2**33 + 7, wide=True), heard(30, 2**70, wide=True))
    assert [(row.up, row.quality) for row in kept.rows] == [(U32, Quality.SATURATED), (7, 0), (U32, Quality.SATURATED)]
    (life,) = kept.lives.values()
    assert life.up == MOST_OCTETS


MESSAGE = st.builds(
    lambda begun, dur, up, timed, wide: heard(
        min(dur, U32 - begun) if timed else 0, up, begun=begun, timed=timed, wide=wide
    ),
    st.integers(1, 400) | st.integers(U32 - 400, U32),
    st.integers(0, 500) | st.integers(0, 2**63),
    st.integers(0, 2**64),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.lists(MESSAGE, min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_message_makes_a_row_that_does_not_fit(files: list[list[Heard]]) -> None:
    kept = Kept()
    for file in files:
        for row in kept.take(*file):
            assert 0 < row[0] <= U32
            assert all(0 <= value <= U32 for value in row)
    for begun, life in kept.lives.items():
        assert begun == life.begun
        assert all(0 <= value <= MOST_OCTETS for value in life)


def test_sessions_are_kept_apart_by_operator_and_name_and_nobodys_number_is_in_the_name() -> None:
    sessions = Sessions()
    for name in ("nas\nid\n460001234567890", "nas\nid\n460001234567891"):
        told = Told(imsi="460001234567890", ts=DAY_TS, dur=10, up=5)
        sessions.add(name, told, usage_of(told, NAMES))
    asked: list[tuple[bytes, int, int]] = []

    def nothing(names: Iterable[tuple[bytes, int, int]]) -> dict[bytes, list[Life]]:
        asked.extend(names)
        return {}

    for operator in (1, 2):
        found = since_counted(sessions, EnterpriseId(operator), nothing)
        assert (len(found.rows), len(found.lives), found.repeated) == (2, 2, 0)
    assert len({name for name, _, _ in asked}) == 4
    assert {len(name) for name, _, _ in asked} == {16}
    assert asked[0][1:] == (DAY_TS - SLACK, DAY_TS + 10 + SLACK)
    known = {name: [life] for name, life in found.lives}
    again = since_counted(sessions, EnterpriseId(2), lambda _names: known)
    assert (again.rows, again.lives, again.repeated) == ([], [], 2)


@pytest.mark.parametrize("seconds", [SLACK, SLACK + 1])
def test_how_near_two_beginnings_are_one_session(seconds: int) -> None:
    kept = Kept()
    kept.take(heard(0, 5))
    kept.take(heard(1, 6, begun=DAY_TS + seconds))
    assert len(kept.lives) == (1 if seconds <= SLACK else 2)
