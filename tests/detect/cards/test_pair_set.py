import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards.pair_set import Owners, PairSet, Values

Pair = tuple[int, int]
PAIRS = st.lists(st.tuples(st.integers(1, 4) | st.just(2**32 - 1), st.integers(0, 4) | st.just(2**64 - 1)), max_size=30)


def columns(pairs: list[Pair]) -> tuple[Owners, Values]:
    return np.array([one for one, _ in pairs], np.uint32), np.array([one for _, one in pairs], np.uint64)


@given(st.lists(PAIRS, max_size=5), st.integers(0, 2**63))
def test_a_pair_is_new_once(batches: list[list[Pair]], seed: int) -> None:
    kept, known = PairSet(seed), set[Pair]()
    for batch in batches:
        expected = []
        for pair in batch:
            expected.append(pair not in known)
            known.add(pair)
        assert kept.add(*columns(batch)).tolist() == expected
    owners, values = kept.pairs()
    assert sorted(zip(owners.tolist(), values.tolist(), strict=True)) == sorted(known)
    assert len(kept) == len(known)


def test_it_grows_and_forgets_nothing() -> None:
    kept, dice = PairSet(3), np.random.default_rng(1)
    for _ in range(6):
        owners, values = dice.integers(1, 500, 4000, np.uint32), dice.integers(0, 40, 4000, np.uint64)
        kept.add(owners, values)
        assert kept.has(owners, values).all()
    assert not kept.has(np.full(9, 1000, np.uint32), np.arange(9, dtype=np.uint64)).any()
    assert len(kept) <= 500 * 40


def test_values_that_differ_in_one_bit_do_not_crowd() -> None:
    kept = PairSet(12345)
    kept.add(
        np.ones(64 * 64, np.uint32), (np.uint64(1) << np.arange(64, dtype=np.uint64))[:, None].repeat(64, 1).ravel()
    )
    kept.add(np.ones(20_000, np.uint32), np.arange(20_000, dtype=np.uint64) << np.uint64(40))
    taken = np.flatnonzero(kept._owners)
    runs = np.split(taken, np.flatnonzero(np.diff(taken) > 1) + 1)
    assert max(map(len, runs)) < 60
