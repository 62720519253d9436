"""The registry's rows as import files want them: references by code, times in ISO 8601, in the order of their ids."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import pyarrow as pa
from sqlalchemy import Executable, select
from sqlalchemy.orm import Session, aliased

from tallyward.registry.adapters.tables import (
    AreaRow,
    BindingRow,
    CardClassRow,
    CardRow,
    CellRow,
    EnterpriseRow,
    GroupEntryRow,
    GroupListRow,
    TerminalRow,
)
from tallyward.registry.columns import COLUMNS, Form, Kind
from tallyward.registry.model import FunctionMode

_ROWS: Final = 50_000
_Codes: TypeAlias = Mapping[int, str]
_MODES: Final = tuple(mode.name.lower() for mode in FunctionMode)
_TYPES: Final = {
    Form.FLAG: pa.bool_(),
    Form.COUNT: pa.int64(),
    Form.LATITUDE: pa.float64(),
    Form.LONGITUDE: pa.float64(),
}


def export_tables(session: Session, kind: Kind) -> Iterator[pa.Table]:
    """All rows of a kind that the session's scope may see; at least one table, so that an empty file has its header."""
    query, read = _READERS[kind](session)
    schema = pa.schema([(column.name, _TYPES.get(column.form, pa.string())) for column in COLUMNS[kind]])
    yield schema.empty_table()
    for rows in session.execute(query.execution_options(yield_per=_ROWS)).partitions():
        columns = read(rows)
        yield pa.table([pa.array(columns[field.name], field.type) for field in schema], schema)


_Reader: TypeAlias = Callable[[Sequence[Any]], dict[str, Sequence[Any]]]


def _named(*names: str) -> _Reader:
    """Columns of the query by the names of the file."""
    return lambda rows: dict(zip(names, zip(*rows, strict=True), strict=True))


def _codes(session: Session, table: Any) -> _Codes:  # noqa: ANN401 - any mapped class with a code
    return dict(session.execute(select(table.id, table.code)).all())


def _enterprises(_session: Session) -> tuple[Executable, _Reader]:
    query = select(EnterpriseRow.code, EnterpriseRow.name, EnterpriseRow.kind, AreaRow.code.label("area"))
    query = query.outerjoin(AreaRow, AreaRow.id == EnterpriseRow.area_id)
    return query.order_by(EnterpriseRow.id), _named("code", "name", "kind", "area")


def _classes(_session: Session) -> tuple[Executable, _Reader]:
    names = [column.name for column in COLUMNS[Kind.CLASSES]]
    return select(*(getattr(CardClassRow, name) for name in names)).order_by(CardClassRow.id), _named(*names)


def _areas(_session: Session) -> tuple[Executable, _Reader]:
    names = [column.name for column in COLUMNS[Kind.AREAS]]
    return select(*(getattr(AreaRow, name) for name in names)).order_by(AreaRow.id), _named(*names)


def _cells(_session: Session) -> tuple[Executable, _Reader]:
    query = select(CellRow.cgi, AreaRow.code, CellRow.latitude, CellRow.longitude).join(
        AreaRow, AreaRow.id == CellRow.area_id
    )
    return query.order_by(CellRow.id), _named("cgi", "area", "latitude", "longitude")


def _group_lists(_session: Session) -> tuple[Executable, _Reader]:
    query = (
        select(EnterpriseRow.code, GroupListRow.code, GroupEntryRow.kind, GroupEntryRow.entry)
        .select_from(GroupEntryRow)
        .join(GroupListRow, GroupListRow.id == GroupEntryRow.list_id)
        .join(EnterpriseRow, EnterpriseRow.id == GroupListRow.enterprise_id)
        .order_by(GroupEntryRow.list_id, GroupEntryRow.kind, GroupEntryRow.entry)
    )
    return query, _named("enterprise", "code", "kind", "entry")


def _terminals(_session: Session) -> tuple[Executable, _Reader]:
    names = [column.name for column in COLUMNS[Kind.TERMINALS] if column.name not in {"enterprise", "gateway"}]
    gateway = aliased(TerminalRow)
    query = (
        select(*(getattr(TerminalRow, name) for name in names), EnterpriseRow.code, gateway.serial)
        .join(EnterpriseRow, EnterpriseRow.id == TerminalRow.enterprise_id)
        .outerjoin(gateway, gateway.id == TerminalRow.gateway_id)
        .order_by(TerminalRow.id)
    )
    return query, _named(*names, "enterprise", "gateway")


def _cards(session: Session) -> tuple[Executable, _Reader]:
    plain = ("iccid", "imsi", "msisdn", "roaming", "fixed", "real_name", "joined_at", "joined_told", "cadence")
    limits = ("month_bytes", "day_bytes", "max_peers", "max_cells", "max_imeis")
    modes = ("voice", "sms", "data")
    codes: dict[str, tuple[str, _Codes]] = {
        "operator": ("operator_id", _codes(session, EnterpriseRow)),
        "enterprise": ("enterprise_id", _codes(session, EnterpriseRow)),
        "card_class": ("class_id", _codes(session, CardClassRow)),
        "home_area": ("home_area", _codes(session, AreaRow)),
        "home_cell": ("home_cell", dict(session.execute(select(CellRow.id, CellRow.cgi)).all())),
        **{f"{mode}_list": (f"{mode}_list", _codes(session, GroupListRow)) for mode in modes},
    }
    names = [*plain, *limits, *(f"{mode}_mode" for mode in modes), *(column for column, _ in codes.values())]
    query = select(*(getattr(CardRow, name) for name in names)).order_by(CardRow.id)

    def read(rows: Sequence[Any]) -> dict[str, Sequence[Any]]:
        columns: dict[str, Sequence[Any]] = dict(zip(names, zip(*rows, strict=True), strict=True))
        dates = zip(columns["joined_at"], columns["joined_told"], strict=True)
        columns["joined"] = [_moment(at) if told else None for at, told in dates]  # an assumption is nobody's word
        for mode in modes:
            columns[mode] = [_MODES[value] for value in columns[f"{mode}_mode"]]
        return columns | {
            name: [known.get(number) for number in columns[column]] for name, (column, known) in codes.items()
        }

    return query, read


def _bindings(_session: Session) -> tuple[Executable, _Reader]:
    query = (
        select(CardRow.iccid, TerminalRow.serial, BindingRow.since, BindingRow.until, BindingRow.reason)
        .select_from(BindingRow)
        .join(CardRow, CardRow.id == BindingRow.card_id)
        .join(TerminalRow, TerminalRow.id == BindingRow.terminal_id)
        .order_by(BindingRow.id)
    )

    def read(rows: Sequence[Any]) -> dict[str, Sequence[Any]]:
        iccid, serial, since, until, reason = zip(*rows, strict=True)
        return {
            "iccid": iccid,
            "serial": serial,
            "since": [_moment(seconds) for seconds in since],
            "until": [_moment(seconds) for seconds in until],
            "reason": reason,
        }

    return query, read


def _moment(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_READERS: Final[dict[Kind, Callable[[Session], tuple[Executable, _Reader]]]] = {
    Kind.ENTERPRISES: _enterprises,
    Kind.CLASSES: _classes,
    Kind.AREAS: _areas,
    Kind.CELLS: _cells,
    Kind.GROUP_LISTS: _group_lists,
    Kind.TERMINALS: _terminals,
    Kind.CARDS: _cards,
    Kind.BINDINGS: _bindings,
}
