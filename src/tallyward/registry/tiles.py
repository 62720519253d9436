"""Where a cell lies on the Earth, as whole numbers: its tile, and its place along a Hilbert curve. Pure."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

U16: TypeAlias = NDArray[np.uint16]
F64: TypeAlias = NDArray[np.float64]

_TILE_KM: Final = 5.0  # the same grid as records.schema.tile_of; a test of that room and one of this hold them together
_KM_PER_DEGREE: Final = 111.195
_ORDER: Final = 24  # 2.4 m at the equator


def tiles_of(latitude: F64, longitude: F64) -> tuple[U16, U16]:
    """(gx, gy) of places in degrees, each from 1."""
    gx = ((longitude + 180) * _KM_PER_DEGREE / _TILE_KM).astype(np.uint16) + np.uint16(1)
    gy = ((latitude + 90) * _KM_PER_DEGREE / _TILE_KM).astype(np.uint16) + np.uint16(1)
    return gx, gy


def along_curve(latitude: F64, longitude: F64) -> NDArray[np.int64]:
    """Positions that put places in the order of a Hilbert curve: neighbours in the order are neighbours on Earth.

    So a card that stays near one place uses cells of close ids, and `max(cell) - min(cell)` says something.
    """
    side = 1 << _ORDER
    x = ((longitude + 180) / 360 * (side - 1)).astype(np.int64)
    y = ((latitude + 90) / 360 * (side - 1)).astype(np.int64)  # the same degrees a step as x: squares, not oblongs
    return np.argsort(_distance(y, x), kind="stable")  # so turned, the half square of the Earth is one run


def _distance(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.int64]:
    """How far along the curve (C. Hamilton, Compact Hilbert Indices, 2006), all points at once."""
    total = np.zeros_like(x)
    for bit in range(_ORDER - 1, -1, -1):
        step = np.int64(1) << bit
        right, upper = (x & step) > 0, (y & step) > 0
        total += step * step * ((3 * right) ^ upper)
        turned = ~upper
        flipped = turned & right
        x, y = (
            np.where(flipped, step - 1 - (x & (step - 1)), x & (step - 1)),
            np.where(flipped, step - 1 - (y & (step - 1)), y & (step - 1)),
        )
        x, y = np.where(turned, y, x), np.where(turned, x, y)
    return total
