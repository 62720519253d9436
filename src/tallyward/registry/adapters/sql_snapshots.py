"""The whole registry at one version: the directory of numbers for intake, profiles as Parquet for detection.

Rows come as plain integers and go straight into arrays: a million cards take a few seconds, a bucket at a time.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Executable, and_, case, cast, func, select
from sqlalchemy.orm import Session

from tallyward.kernel.actor import EVERYTHING
from tallyward.kernel.ids import CardId, EnterpriseId
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.state import stamp, versions
from tallyward.registry.adapters.tables import (
    AreaRow,
    BindingRow,
    CardClassRow,
    CardRow,
    CellRow,
    GroupEntryRow,
    TerminalRow,
)
from tallyward.registry.cadence import Cadence, effective
from tallyward.registry.directory import CardNumbers, CellTable, Directory
from tallyward.registry.model import FunctionMode, RealName
from tallyward.registry.profile_schema import (
    AREAS,
    BUCKET_CARDS,
    CELLS,
    LIMIT_FIELDS,
    LIST_ENTRIES,
    PROFILE,
    PROFILE_ENCODING,
    PROFILE_FORM,
    ProfileSnapshot,
)
from tallyward.registry.tiles import tiles_of

_AT_ONCE: Final = 500
_ABSENT: Final = -1


class SqlSnapshots:
    """`SnapshotStore` on either engine."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._directory: tuple[int, Directory] | None = None
        self._lock = threading.Lock()

    def version(self) -> int:
        """Grows with each change."""
        with self._sessions.reading(EVERYTHING) as session:
            return versions(session)[0]

    def directory(self) -> Directory:
        """All numbers; read anew only when numbers may have changed."""
        with self._lock, self._sessions.reading(EVERYTHING) as session:
            numbers = versions(session)[1]
            if self._directory is None or self._directory[0] != numbers:
                self._directory = numbers, _read_directory(session, numbers)
            return self._directory[1]

    def owners(self, cards: Sequence[CardId]) -> Mapping[CardId, tuple[EnterpriseId, EnterpriseId]]:
        """(holder, operator) of the cards that exist."""
        return {card: (holder, operator) for card, (holder, operator, _) in self.holdings(cards).items()}

    def holdings(self, cards: Sequence[CardId]) -> Mapping[CardId, tuple[EnterpriseId, EnterpriseId, int]]:
        """(holder, operator, class) of the cards that exist."""
        found: dict[CardId, tuple[EnterpriseId, EnterpriseId, int]] = {}
        asked = select(CardRow.id, CardRow.enterprise_id, CardRow.operator_id, CardRow.class_id)
        with self._sessions.reading(EVERYTHING) as session:
            for start in range(0, len(cards), _AT_ONCE):
                wanted = [int(card) for card in cards[start : start + _AT_ONCE]]
                for card, holder, operator, card_class in session.execute(asked.where(CardRow.id.in_(wanted))):
                    found[CardId(card)] = EnterpriseId(holder), EnterpriseId(operator), int(card_class)
        return found

    def export_profiles(self, folder: Path) -> ProfileSnapshot:
        """Profiles of the present version as files in `folder`; written once a version.

        The files of a version stand in a folder of their own, whole or not at all; older versions are left to their
        readers and taken away when the one after the next is written.
        """
        with self._lock, self._sessions.reading(EVERYTHING) as session:
            version = versions(session)[0]
            place = folder / f"v{version:08d}-{stamp(session):08x}-{PROFILE_FORM}"
            if not place.is_dir():
                folder.mkdir(parents=True, exist_ok=True)
                _write_whole(session, place)
                _take_away_old(folder, place)
            cards = session.scalar(select(func.count()).select_from(CardRow)) or 0
        profiles = {int(file.stem.removeprefix("profile-")): file for file in sorted(place.glob("profile-*.parquet"))}
        return ProfileSnapshot(
            version=version,
            cards=cards,
            profiles=profiles,
            list_entries=place / "list_entries.parquet",
            areas=place / "areas.parquet",
            cells=place / "cells.parquet",
        )


def _integers(session: Session, query: Executable, columns: int) -> NDArray[np.int64]:
    """Rows of `columns` integers, none of them null; the driver's own rows, which are tuples, go straight in."""
    rows: Any = session.connection().execute(query).cursor
    flat = np.fromiter(chain.from_iterable(rows), dtype=np.int64)
    return flat.reshape(-1, columns)


def _read_directory(session: Session, version: int) -> Directory:
    numbers = _integers(
        session,
        select(CardRow.id, cast(CardRow.imsi, BigInteger), func.coalesce(cast(CardRow.msisdn, BigInteger), 0)).order_by(
            CardRow.id
        ),
        3,
    )
    iccids: Any = session.connection().execute(select(CardRow.iccid).order_by(CardRow.id)).cursor
    cells = session.execute(
        select(CellRow.cgi, CellRow.id, CellRow.area_id, CellRow.latitude, CellRow.longitude).order_by(CellRow.id)
    ).all()
    gx, gy = tiles_of(np.array([row.latitude for row in cells]), np.array([row.longitude for row in cells]))
    plmns = {
        int(plmn[:3]) * 1000 + int(plmn[3:]): area
        for area, text in session.execute(select(AreaRow.id, AreaRow.plmns))
        for plmn in text.split()
    }
    return Directory(
        version=version,
        numbers=CardNumbers(
            card=numbers[:, 0].astype(np.uint32),
            imsi=numbers[:, 1].astype(np.uint64),
            msisdn=numbers[:, 2].astype(np.uint64),
            iccid=np.fromiter((text.encode() for (text,) in iccids), dtype="S20", count=len(numbers)),
        ),
        cell_table=CellTable(
            cgi=[row.cgi for row in cells],
            cell=np.array([row.id for row in cells], dtype=np.uint32),
            area=np.array([row.area_id for row in cells], dtype=np.uint16),
            gx=gx,
            gy=gy,
        ),
        plmn_areas=plmns,
    )


def _write_whole(session: Session, place: Path) -> None:
    unfinished = place.with_name(f".{place.name}.{os.getpid()}.{threading.get_ident()}")
    unfinished.mkdir()
    last = session.scalar(select(func.max(CardRow.id))) or 0
    for bucket in range(last // BUCKET_CARDS + 1):
        table = _profiles(session, bucket)
        if table.num_rows:
            _write(table, unfinished / f"profile-{bucket:05d}.parquet")
    _write(_table(session, _LISTS, LIST_ENTRIES), unfinished / "list_entries.parquet")
    _write(_table(session, _AREAS, AREAS), unfinished / "areas.parquet")
    _write(_table(session, _CELLS, CELLS), unfinished / "cells.parquet")
    try:
        unfinished.rename(place)
    except OSError:  # another process wrote the same version meanwhile
        _remove(unfinished)


def _write(table: pa.Table, path: Path) -> None:
    with path.open("wb") as file:
        pq.write_table(table, file, **PROFILE_ENCODING)
        file.flush()
        os.fsync(file.fileno())  # a folder that has its name after a power cut has its content too


def _take_away_old(folder: Path, newest: Path) -> None:
    versions_there = sorted(path for path in folder.glob("v*") if path.is_dir() and path.name <= newest.name)
    for old in versions_there[:-2]:
        _remove(old)


def _remove(place: Path) -> None:
    for file in place.iterdir():
        file.unlink(missing_ok=True)
    place.rmdir()


_LISTS: Final = select(GroupEntryRow.list_id, GroupEntryRow.kind, GroupEntryRow.entry).order_by(
    GroupEntryRow.list_id, GroupEntryRow.kind, GroupEntryRow.entry
)
_AREAS: Final = select(AreaRow.id, AreaRow.code, AreaRow.fraud_prone).order_by(AreaRow.id)
_CELLS: Final = select(CellRow.id, CellRow.area_id, CellRow.latitude, CellRow.longitude).order_by(CellRow.id)


def _table(session: Session, query: Executable, schema: pa.Schema) -> pa.Table:
    rows = session.execute(query).all()
    columns = zip(*rows, strict=True) if rows else [[] for _ in schema]
    return pa.table([pa.array(list(column), field.type) for column, field in zip(columns, schema, strict=True)], schema)


_RANKS: Final = {cadence.value: cadence.rank for cadence in Cadence}
_CARD_COLUMNS: Final = (
    CardRow.id,
    CardRow.data_mode,
    CardRow.sms_mode,
    CardRow.voice_mode,
    func.coalesce(CardRow.data_list, 0),
    func.coalesce(CardRow.sms_list, 0),
    func.coalesce(CardRow.voice_list, 0),
    case((CardRow.roaming, 1), else_=0),
    func.coalesce(CardRow.home_area, 0),
    case((CardRow.fixed, 1), else_=0),
    func.coalesce(CardRow.home_cell, 0),
    case((CardRow.real_name == RealName.ACTIVE.value, 1), else_=0),
    CardRow.class_id,
    func.coalesce(cast(TerminalRow.imei, BigInteger), 0),
    case(_RANKS, value=CardRow.cadence, else_=Cadence.LIVE.rank),
    case(_RANKS, value=TerminalRow.cadence, else_=Cadence.DAILY.rank),
    *(func.coalesce(getattr(CardRow, name), _ABSENT) for name in LIMIT_FIELDS),
)
_NAMES: Final = (
    *("card_id", "data_mode", "sms_mode", "voice_mode", "data_list", "sms_list", "voice_list", "roam_ok"),
    *("home_area", "fixed", "home_cell", "rn_active", "card_class", "imei_bound", "own_cadence", "terminal_cadence"),
)
_BITS: Final = (("data_mode", 1), ("sms_mode", 2), ("voice_mode", 4))


def _profiles(session: Session, bucket: int) -> pa.Table:
    first = bucket * BUCKET_CARDS
    query = (
        select(*_CARD_COLUMNS)
        .outerjoin(BindingRow, and_(BindingRow.card_id == CardRow.id, BindingRow.until.is_(None)))
        .outerjoin(TerminalRow, TerminalRow.id == BindingRow.terminal_id)
        .where(CardRow.id >= first, CardRow.id < first + BUCKET_CARDS)
        .order_by(CardRow.id)
    )
    rows = _integers(session, query, len(_CARD_COLUMNS))
    columns: dict[str, Any] = {name: rows[:, at] for at, name in enumerate(_NAMES)}
    columns["cadence"] = effective(columns["own_cadence"], columns["terminal_cadence"])
    columns["svc_mask"] = sum(bit * (columns[name] != FunctionMode.NONE) for name, bit in _BITS)
    of_class = _class_limits(session)[columns["card_class"]]
    own = rows[:, len(_NAMES) :]
    limits = np.where(own == _ABSENT, of_class, own)
    columns["own_limits"] = ((own != _ABSENT) << np.arange(len(LIMIT_FIELDS))).sum(axis=1)
    for at, name in enumerate(LIMIT_FIELDS):
        columns[name] = limits[:, at]
    return pa.table([_column(columns[field.name], field) for field in PROFILE], PROFILE)


def _column(values: NDArray[np.int64], field: pa.Field) -> pa.Array:
    kept = values.astype(field.type.to_pandas_dtype())
    return pa.array(kept, field.type, mask=values == _ABSENT if field.nullable else None)


def _class_limits(session: Session) -> NDArray[np.int64]:
    rows = session.execute(
        select(CardClassRow.id, *(func.coalesce(getattr(CardClassRow, name), _ABSENT) for name in LIMIT_FIELDS))
    ).all()
    limits = np.full((max((row[0] for row in rows), default=0) + 1, len(LIMIT_FIELDS)), _ABSENT, dtype=np.int64)
    for number, *values in rows:
        limits[number] = values
    return limits
