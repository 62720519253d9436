from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tallyward.console.attempts import Attempts

START = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW = timedelta(minutes=5)


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def test_after_some_failures_a_key_waits_until_the_oldest_is_old() -> None:
    attempts = Attempts(3, WINDOW)
    for second in (0, 10, 20):
        assert attempts.wait("wu", at(second)) == 0
        attempts.failed("wu", at(second))
    assert attempts.wait("wu", at(21)) == 279
    assert attempts.wait("feng", at(21)) == 0
    assert attempts.wait("wu", at(299)) == 1
    assert attempts.wait("wu", at(300)) == 0
    attempts.failed("wu", at(300))
    assert attempts.wait("wu", at(301)) == 9


def test_success_forgets() -> None:
    attempts = Attempts(1, WINDOW)
    attempts.failed("wu", at(0))
    attempts.succeeded("wu")
    assert attempts.wait("wu", at(1)) == 0


def test_memory_is_bounded_and_forgets_the_least_recent_first() -> None:
    attempts = Attempts(1, WINDOW, keys=2)
    for second, key in enumerate(("a", "b", "a", "c")):
        attempts.failed(key, at(second))
    assert [attempts.wait(key, at(5)) > 0 for key in ("a", "b", "c")] == [True, False, True]


@given(st.lists(st.integers(0, 900), max_size=60))
def test_no_window_ever_lets_more_than_the_limit_through(seconds: list[int]) -> None:
    attempts = Attempts(5, WINDOW)
    tried = []
    for second in sorted(seconds):
        if attempts.wait("wu", at(second)) == 0:
            attempts.failed("wu", at(second))
            tried.append(second)
    assert all(sum(begin <= one < begin + 300 for one in tried) <= 5 for begin in tried)
