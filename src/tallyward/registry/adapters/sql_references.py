"""What imported rows may refer to: codes and ids of whole tables, read once an import."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tallyward.registry.adapters.tables import (
    AreaRow,
    CardClassRow,
    CardRow,
    CellRow,
    EnterpriseRow,
    GroupListRow,
    TerminalRow,
)
from tallyward.registry.block import I64, NONE, Numbered, References
from tallyward.registry.columns import Kind
from tallyward.registry.model import EnterpriseKind

_NEEDS: Final[dict[str, tuple[Any, frozenset[Kind]]]] = {
    "enterprises": (EnterpriseRow.code, frozenset({Kind.GROUP_LISTS, Kind.TERMINALS, Kind.CARDS})),
    "classes": (CardClassRow.code, frozenset({Kind.CARDS})),
    "areas": (AreaRow.code, frozenset({Kind.ENTERPRISES, Kind.CELLS, Kind.CARDS})),
    "cells": (CellRow.cgi, frozenset({Kind.CARDS})),
    "terminals": (TerminalRow.serial, frozenset({Kind.BINDINGS})),
}
_AT_ONCE: Final = 500
_ROWS: Final = 50_000


def read_references(session: Session, kind: Kind) -> References:
    """Whole tables of codes, those that rows of `kind` name."""
    needed: dict[str, Any] = {
        name: _numbered(session, column) if kind in kinds else NONE for name, (column, kinds) in _NEEDS.items()
    }
    if kind is not Kind.CARDS:
        return References(**needed, cards=_cards(session) if kind is Kind.BINDINGS else NONE)
    kinds = session.execute(select(EnterpriseRow.id, EnterpriseRow.kind))
    lists = session.execute(select(GroupListRow.enterprise_id, GroupListRow.code, GroupListRow.id))
    return References(
        **needed,
        kinds={number: EnterpriseKind(what) for number, what in kinds},
        lists={(holder, code): number for holder, code, number in lists},
    )


def terminal_ids(session: Session, serials: list[str]) -> dict[str, int]:
    """Ids of those terminals that exist."""
    found: dict[str, int] = {}
    for start in range(0, len(serials), _AT_ONCE):
        some = serials[start : start + _AT_ONCE]
        found |= dict(
            session.execute(select(TerminalRow.serial, TerminalRow.id).where(TerminalRow.serial.in_(some))).all()
        )
    return found


def _numbered(session: Session, code: InstrumentedAttribute[str]) -> Numbered:
    return _columns(session, code, code.class_.id)


def _cards(session: Session) -> Numbered:
    return _columns(session, CardRow.iccid, CardRow.id, CardRow.enterprise_id, CardRow.operator_id)


def _columns(session: Session, code: InstrumentedAttribute[str], *numbers: InstrumentedAttribute[Any]) -> Numbered:
    """Straight into arrays, some rows at a time: as Python's own objects ten million cards would take gigabytes."""
    codes: list[pa.Array] = [pa.array([], pa.string())]
    columns: list[list[I64]] = [[np.zeros(0, np.int64)] for _ in numbers]
    for some in session.execute(select(code, *numbers).execution_options(yield_per=_ROWS)).partitions():
        texts, *values = zip(*some, strict=True)
        codes.append(pa.array(texts, pa.string()))
        for column, part in zip(columns, values, strict=True):
            column.append(np.array(part, dtype=np.int64))
    return Numbered(pa.concat_arrays(codes), *(np.concatenate(column) for column in columns))
