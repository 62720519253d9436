from datetime import UTC, datetime, timedelta

from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import UnavailableError
from tallyward.records.intake_state import Behind, Doing, IntakeKind, Standing
from tallyward.records.model import Format, IntakeReport
from tests.records.adapters.crash_watcher import Shown

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def report(*, duplicate: bool = False, quarantined: bool = False) -> IntakeReport:
    return IntakeReport(1, "a", Format.CSV, 1, 0, duplicate, None, None, quarantined, 0, 0)


def test_each_change_is_shown_and_since_says_how_long_it_lasts() -> None:
    clock, board = FixedClock(NOW), Shown()
    standing = Standing(IntakeKind.DROP, "/drop", "msc", clock, board)
    clock.set(NOW + timedelta(seconds=5))
    refusal = UnavailableError("records.disk_full", folder="/data")
    standing.stops(refusal, Behind(3, 30, NOW))
    clock.set(NOW + timedelta(seconds=9))
    standing.stops(refusal)
    state = board.states[-1]
    assert (state.doing, state.since, state.at) == (
        Doing.STOPPED,
        NOW + timedelta(seconds=5),
        NOW + timedelta(seconds=9),
    )
    assert state.behind == Behind(3, 30, NOW), "what waited still waits"
    assert "/data" in state.sentence("en")
    assert state.next_step("zh-CN")
    standing.takes(Behind(2, 20, NOW))
    assert (board.states[-1].reason_code, board.states[-1].sentence("en")) == ("", "")
    standing.ends()
    assert [state.doing for state in board.states] == [
        Doing.WATCHING,
        Doing.STOPPED,
        Doing.STOPPED,
        Doing.TAKING,
        Doing.OFF,
    ]


def test_what_came_of_files_is_counted_apart() -> None:
    board = Shown()
    standing = Standing(IntakeKind.STREAM, "records", "msc", FixedClock(NOW), board)
    for one in (report(), report(quarantined=True), report(duplicate=True, quarantined=True), report()):
        standing.counts(one)
    standing.counts(report(), 5)
    standing.watches(Behind(), 0)
    state = board.states[-1]
    assert (state.taken, state.refused, state.repeated) == (7, 1, 1)
