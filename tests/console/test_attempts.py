from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tallyward.console.attempts import Attempts

START = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW = timedelta(minutes=5)


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def test_after_some_attempts_a_key_waits_until_the_oldest_is_old() -> None:
    attempts = Attempts(3, WINDOW)
    assert [attempts.take("wu", at(second)) for second in (0, 10, 20)] == [0, 0, 0]
    assert attempts.take("wu", at(21)) == 279
    assert attempts.take("feng", at(21)) == 0
    assert attempts.take("wu", at(299)) == 1
    assert attempts.take("wu", at(300)) == 0
    assert attempts.take("wu", at(301)) == 9


def test_right_ones_are_not_held_against_anybody() -> None:
    attempts = Attempts(1, WINDOW)
    for second in range(5):
        assert attempts.take("192.0.2.1", at(second)) == 0
        attempts.give_back("192.0.2.1")
    attempts.take("192.0.2.1", at(5))
    assert attempts.take("192.0.2.1", at(6)) > 0
    attempts.forget("192.0.2.1")
    assert attempts.take("192.0.2.1", at(7)) == 0
    attempts.give_back("never seen")


def test_memory_is_bounded_and_forgets_the_least_recent_first() -> None:
    attempts = Attempts(1, WINDOW, keys=2)
    for second, key in enumerate("abc"):
        attempts.take(key, at(second))
    assert attempts.take("c", at(5)) > 0
    assert attempts.take("b", at(5)) > 0
    assert attempts.take("a", at(5)) == 0


def test_many_at_once_do_not_slip_past() -> None:
    attempts = Attempts(5, WINDOW)
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: attempts.take("wu", START), range(400)))
    assert waits.count(0) == 5


@given(st.lists(st.integers(0, 900), max_size=60))
def test_no_window_ever_lets_more_than_the_limit_through(seconds: list[int]) -> None:
    attempts = Attempts(5, WINDOW)
    through = [second for second in sorted(seconds) if attempts.take("wu", at(second)) == 0]
    assert all(sum(begin <= one < begin + 300 for one in through) <= 5 for begin in through)
