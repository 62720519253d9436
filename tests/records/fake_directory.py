"""A registry's directory in memory, for tests of intake."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


class FakeDirectory:
    """Knows the given numbers. `cells` maps a cgi to (id, area, gx, gy)."""

    version = 1

    def __init__(
        self,
        imsis: Mapping[int, int] | None = None,
        msisdns: Mapping[int, int] | None = None,
        iccids: Mapping[str, int] | None = None,
        cells: Mapping[str, tuple[int, int, int, int]] | None = None,
        plmns: Mapping[int, int] | None = None,
    ) -> None:
        self._imsis = imsis or {}
        self._msisdns = msisdns or {}
        self._iccids = iccids or {}
        self._cells = cells or {}
        self._plmns = plmns or {}

    def cards_by_imsi(self, digits: NDArray[np.uint64]) -> NDArray[np.uint32]:
        return np.array([self._imsis.get(int(d), 0) for d in digits], np.uint32)

    def cards_by_msisdn(self, digits: NDArray[np.uint64]) -> NDArray[np.uint32]:
        return np.array([self._msisdns.get(int(d), 0) for d in digits], np.uint32)

    def cards_by_iccid(self, iccids: list[str]) -> NDArray[np.uint32]:
        return np.array([self._iccids.get(text, 0) for text in iccids], np.uint32)

    def cells(
        self, cgis: Sequence[str]
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16]]:
        found = [self._cells.get(cgi, (0, 0, 0, 0)) for cgi in cgis]
        ids, area, gx, gy = zip(*found, strict=True) if found else ((), (), (), ())
        return np.array(ids, np.uint32), np.array(area, np.uint16), np.array(gx, np.uint16), np.array(gy, np.uint16)

    def area_of_plmn(self, plmn: NDArray[np.uint32]) -> NDArray[np.uint16]:
        return np.array([self._plmns.get(int(p), 0) for p in plmn], np.uint16)
