from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tallyward.records.cell_memory import CellMemory
from tallyward.records.schema import UNKNOWN_CELL_BASE
from tallyward.records.words import Words
from tests.records.fake_directory import FakeDirectory


def no_words(*_: object) -> list[Any]:
    return []


class Asked(FakeDirectory):
    """Remembers what it was asked."""

    names: tuple[str, ...] = ()

    def cells(
        self, cgis: Sequence[str]
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16]]:
        self.names += tuple(cgis)
        return super().cells(cgis)


def test_each_cell_is_asked_once_and_answered_in_order() -> None:
    directory = Asked(cells={"a": (5, 3, 11, 12), "b": (6, 4, 13, 14)})
    memory = CellMemory(directory, Words(no_words))
    assert memory.places(pa.array(["b", "x"])).cell.tolist() == [6, UNKNOWN_CELL_BASE]
    found = memory.places(pa.array(["x", "a", "y", "b"]))
    assert found.cell.tolist() == [UNKNOWN_CELL_BASE, 5, UNKNOWN_CELL_BASE + 1, 6]
    assert found.area.tolist() == [0, 3, 0, 4]
    assert (found.gx.tolist(), found.gy.tolist()) == ([0, 11, 0, 13], [0, 12, 0, 14])
    assert directory.names == ("b", "x", "a", "y")


def test_no_cell_needs_no_answer() -> None:
    memory = CellMemory(FakeDirectory(), Words(no_words))
    assert len(memory.places(pa.array([], pa.string())).cell) == 0
