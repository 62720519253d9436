"""Runs of leaves prove themselves and every run within, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody import merkle
from tallyward.custody.codec import MalformedError
from tallyward.custody.range_proof import Run


def tree(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(one).encode()) for one in range(count)]


@given(st.integers(1, 300), st.data())
def test_a_run_within_a_run_leads_to_the_root(count: int, data: st.DataObject) -> None:
    leaves = tree(count)
    root = merkle.root_of(leaves)
    run = Run(0, leaves, count)
    assert run.root() == root
    for _ in range(3):
        start = data.draw(st.integers(run.start, run.end - 1))
        end = data.draw(st.integers(start + 1, run.end))
        run = run.within(start, end)
        assert run.root() == root
        assert run.leaves == leaves[start:end]
        assert run.beside == Run(0, leaves, count).within(start, end).beside
        assert len(run.beside) <= 2 * max(1, (count - 1).bit_length())


@given(st.integers(2, 100), st.data())
def test_another_leaf_place_or_hash_does_not(count: int, data: st.DataObject) -> None:
    leaves = tree(count)
    start = data.draw(st.integers(0, count - 1))
    end = data.draw(st.integers(start + 1, count))
    run = Run(0, leaves, count).within(start, end)
    at = data.draw(st.integers(0, end - start - 1))
    other = [*run.leaves[:at], bytes(32), *run.leaves[at + 1 :]]
    forged = [Run(start, other, count, run.beside), Run(start + 1, run.leaves, count, run.beside)]
    forged.append(Run(start, run.leaves, count, (*run.beside, bytes(32))))
    if run.beside:
        forged += [
            Run(start, run.leaves, count, run.beside[1:]),
            Run(start, run.leaves, count, (bytes(32), *run.beside[1:])),
        ]
    for one in forged:
        try:
            assert one.root() != merkle.root_of(leaves)
        except MalformedError:
            continue


def test_what_is_not_known_is_not_proven() -> None:
    run = Run(0, tree(10), 10).within(2, 5)
    for start, end in ((1, 4), (3, 6), (3, 3), (4, 2)):
        with pytest.raises(ValueError, match="not known"):
            run.within(start, end)
    for broken in (Run(-1, tree(2), 2), Run(0, [], 2), Run(0, tree(3), 2), Run(1, tree(1), 1 << 60)):
        with pytest.raises(MalformedError):
            broken.root()
