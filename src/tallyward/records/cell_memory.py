"""Cells that an intake has met: asked of the registry once, whatever number of blocks names them. Pure."""

from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tallyward.records.directory_port import U16, U32, Directory
from tallyward.records.words import WordKind, Words


class Places(NamedTuple):
    """Cells side by side: id, area and tile. A cell that the registry does not know has an id of ours, no area."""

    cell: U32
    area: U16
    gx: U16
    gy: U16

    def followed_by(self, other: "Places") -> "Places":
        """These cells and then others."""
        return Places(
            np.append(self.cell, other.cell),
            np.append(self.area, other.area),
            np.append(self.gx, other.gx),
            np.append(self.gy, other.gy),
        )

    def with_none(self) -> "Places":
        """With one more at the end, all zero: what index -1 finds for a record that names no cell."""
        return self.followed_by(_NOWHERE)


_NOWHERE: Final = Places(np.zeros(1, np.uint32), np.zeros(1, np.uint16), np.zeros(1, np.uint16), np.zeros(1, np.uint16))


class CellMemory:
    """Answers for one directory and one intake: ids of new cells are pending until that intake is committed."""

    def __init__(self, directory: Directory, words: Words) -> None:
        """Nothing is met yet."""
        self._directory = directory
        self._words = words
        self._met: pa.StringArray = pa.array([], pa.string())
        self._places = Places(_NOWHERE.cell[:0], _NOWHERE.area[:0], _NOWHERE.gx[:0], _NOWHERE.gy[:0])

    def places(self, texts: pa.StringArray) -> Places:
        """The places of different texts, in their order."""
        at = pc.index_in(texts, value_set=self._met)
        if at.null_count:
            self._meet(texts.filter(at.is_null()))
            at = pc.index_in(texts, value_set=self._met)
        chosen = at.to_numpy(zero_copy_only=False)
        met = self._places
        return Places(met.cell[chosen], met.area[chosen], met.gx[chosen], met.gy[chosen])

    def _meet(self, texts: pa.StringArray) -> None:
        names = texts.to_pylist()
        cell, area, gx, gy = self._directory.cells(names)
        unknown = np.flatnonzero(cell == 0)
        cell = cell.copy()
        cell[unknown] = self._words.ids(WordKind.CELL, (names[place] for place in unknown))
        self._met = pa.concat_arrays([self._met, texts])
        self._places = self._places.followed_by(Places(cell, area, gx, gy))
