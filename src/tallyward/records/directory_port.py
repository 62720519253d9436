"""What the room needs of the registry: its numbers, as arrays."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

U16: TypeAlias = NDArray[np.uint16]
U32: TypeAlias = NDArray[np.uint32]
U64: TypeAlias = NDArray[np.uint64]


class Directory(Protocol):
    """Whose number is whose: the registry's numbers as arrays. 0 means not known."""

    @property
    def version(self) -> int:
        """The registry version it was built from."""
        ...

    def cards_by_imsi(self, digits: U64) -> U32:
        """Card ids of IMSIs."""
        ...

    def cards_by_msisdn(self, digits: U64) -> U32:
        """Card ids of MSISDNs."""
        ...

    def cards_by_iccid(self, iccids: list[str]) -> U32:
        """Card ids of ICCIDs."""
        ...

    def cells(self, cgis: Sequence[str]) -> tuple[U32, U16, U16, U16]:
        """(cell id, area, gx, gy) of cells named mcc-mnc-lac-ci."""
        ...

    def area_of_plmn(self, plmn: U32) -> U16:
        """Areas of serving networks, MCC*1000+MNC."""
        ...
