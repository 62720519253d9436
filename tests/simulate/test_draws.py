import numpy as np
import pytest

from tallyward.simulate.draws import Draws, part

KNOWN = [14183681861562976314, 1197311835967617678, 15124281563776231000]


def test_the_same_key_gives_the_same_number_alone_or_in_a_block() -> None:
    draws = Draws(7)
    whole = draws.bits("a", np.arange(1000, dtype=np.int64))
    assert draws.bits("a", np.array([417], dtype=np.int64))[0] == whole[417]


def test_numbers_are_those_of_splitmix64_on_every_machine() -> None:
    assert Draws(7).bits("a", np.array([0, 1, 2], dtype=np.int64)).tolist() == KNOWN


def test_streams_and_seeds_have_nothing_in_common() -> None:
    keys = np.arange(10_000, dtype=np.int64)
    one = Draws(1).bits("a", keys)
    assert not np.intersect1d(one, Draws(1).bits("b", keys)).size
    assert not np.intersect1d(one, Draws(2).bits("a", keys)).size


@pytest.mark.parametrize("end", [1, 3, 100, 1 << 31])
def test_below_stays_below_and_reaches_everything(end: int) -> None:
    found = Draws(3).below("x", np.arange(5_000, dtype=np.int64), end)
    assert found.min() >= 0
    assert found.max() < end
    if end <= 100:
        assert set(found.tolist()) == set(range(end))


def test_below_is_even() -> None:
    found = Draws(3).below("x", np.arange(60_000, dtype=np.int64), 6)
    counts = np.bincount(found)
    assert counts.min() > 9_600
    assert counts.max() < 10_400


def test_part_takes_bits() -> None:
    assert part(np.array([0xABCD], dtype=np.uint64), 4, 8).tolist() == [0xBC]
