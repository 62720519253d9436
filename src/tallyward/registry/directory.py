"""Whose number is whose, for whole columns of records at once: sorted arrays, looked up by bisection. Pure.

Numbers of digits are compared as integers, since records carry them so: two IMSIs that differ in leading zeros only
would be one, which no network issues. 0 always means not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

U16: TypeAlias = NDArray[np.uint16]
U32: TypeAlias = NDArray[np.uint32]
U64: TypeAlias = NDArray[np.uint64]
Texts: TypeAlias = NDArray[np.bytes_]

_ICCID_BYTES = "S20"


@dataclass(frozen=True, slots=True)
class CardNumbers:
    """One position a card. `msisdn` is 0 where a card has none."""

    card: U32
    imsi: U64
    msisdn: U64
    iccid: Texts  # up to 20 ASCII characters


@dataclass(frozen=True, slots=True)
class CellTable:
    """One position a cell. `gx`, `gy` are its tile (`records.schema.tile_of`)."""

    cgi: Sequence[str]
    cell: U32
    area: U16
    gx: U16
    gy: U16


@dataclass(frozen=True)
class Directory:
    """The numbers of one registry version. What is asked first is sorted first: a second or so for a million cards."""

    version: int
    numbers: CardNumbers
    cell_table: CellTable
    plmn_areas: Mapping[int, int]  # MCC*1000+MNC -> area

    def cards_by_imsi(self, digits: U64) -> U32:
        """Card ids of IMSIs."""
        return _look_up(self._imsi, digits)

    def cards_by_msisdn(self, digits: U64) -> U32:
        """Card ids of MSISDNs."""
        return _look_up(self._msisdn, digits)

    def cards_by_iccid(self, iccids: list[str]) -> U32:
        """Card ids of ICCIDs, in capital letters."""
        asked = np.array([text.encode("ascii", "replace") for text in iccids], dtype=np.bytes_)
        return _look_up(self._iccid, asked)

    def cells(self, cgis: Sequence[str]) -> tuple[U32, U16, U16, U16]:
        """(cell id, area, gx, gy) of cells named mcc-mnc-lac-ci."""
        at = np.array([self._cell_at.get(cgi, -1) for cgi in cgis], dtype=np.int64)
        table = self.cell_table
        return _picked(table.cell, at), _picked(table.area, at), _picked(table.gx, at), _picked(table.gy, at)

    def area_of_plmn(self, plmn: U32) -> U16:
        """Areas of serving networks, MCC*1000+MNC."""
        networks, back = np.unique(plmn, return_inverse=True)
        areas = np.array([self.plmn_areas.get(int(network), 0) for network in networks], dtype=np.uint16)
        return areas[back]

    @cached_property
    def _imsi(self) -> tuple[U64, U32]:
        return _sorted(self.numbers.imsi, self.numbers.card)

    @cached_property
    def _msisdn(self) -> tuple[U64, U32]:
        has = self.numbers.msisdn > 0
        return _sorted(self.numbers.msisdn[has], self.numbers.card[has])

    @cached_property
    def _iccid(self) -> tuple[Texts, U32]:
        return _sorted(self.numbers.iccid.astype(_ICCID_BYTES), self.numbers.card)

    @cached_property
    def _cell_at(self) -> dict[str, int]:
        return {cgi: at for at, cgi in enumerate(self.cell_table.cgi)}


def _sorted(keys: NDArray[Any], cards: U32) -> tuple[NDArray[Any], U32]:
    order = np.argsort(keys, kind="stable")
    return keys[order], cards[order]


def _look_up(index: tuple[NDArray[Any], U32], asked: NDArray[Any]) -> U32:
    keys, cards = index
    if not len(keys) or not len(asked):
        return np.zeros(len(asked), np.uint32)
    at = np.searchsorted(keys, asked)
    at[at == len(keys)] = 0
    return np.where(keys[at] == asked, cards[at], np.uint32(0))


def _picked(values: NDArray[Any], at: NDArray[np.int64]) -> NDArray[Any]:
    found = at >= 0
    picked = np.zeros(len(at), values.dtype)
    picked[found] = values[at[found]]
    return picked
