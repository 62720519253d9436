from pathlib import Path

import numpy as np
import pytest

from tallyward.simulate.sorted_day import sorted_day

ROW = np.dtype([("at", np.uint32), ("number", np.int64)])
START = 1_772_409_600


def _rows(first: int, times: list[int]) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    rows = np.empty(len(times), ROW)
    rows["at"] = np.array(times) + START
    rows["number"] = first + np.arange(len(times))
    return rows


@pytest.mark.parametrize("pieces", [1, 2, 3, 7, 40, 700])
def test_pieces_are_what_one_stable_sort_of_all_rows_cuts(tmp_path: Path, pieces: int) -> None:
    draws = np.random.default_rng(pieces)
    blocks = [
        _rows(1_000 * number, draws.integers(0, 9, size).tolist()) for number, size in enumerate((120, 0, 1, 300, 77))
    ]
    every = np.concatenate(blocks)
    expected = every[np.argsort(every["at"], kind="stable")]
    with sorted_day(ROW, START, tmp_path) as day:
        for block in blocks:
            day.add(block)
        found = list(day.pieces(pieces))
    assert np.concatenate(found).tolist() == expected.tolist()
    assert len(found) == pieces
    assert max(map(len, found)) - min(map(len, found)) <= 1


def test_a_day_without_rows_has_empty_pieces(tmp_path: Path) -> None:
    with sorted_day(ROW, START, tmp_path) as day:
        assert [len(piece) for piece in day.pieces(3)] == [0, 0, 0]


def test_nothing_of_it_is_ever_seen_in_the_folder(tmp_path: Path) -> None:
    with sorted_day(ROW, START, tmp_path) as day:
        day.add(_rows(0, [3, 1, 2]))
        assert not list(tmp_path.iterdir())
        assert [piece["number"].tolist() for piece in day.pieces(1)] == [[1, 2, 0]]
    assert not list(tmp_path.iterdir())
