"""Imported group lists. Lists are short and few: they are compared here, not in the database."""

from collections import defaultdict
from typing import TypeAlias

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from tallyward.registry.adapters.state import next_id
from tallyward.registry.adapters.tables import GroupEntryRow, GroupListRow
from tallyward.registry.block import Rows
from tallyward.registry.importing import Merged

_Entry: TypeAlias = tuple[str, str]


def merge_lists(session: Session, rows: Rows, *, whole: bool) -> Merged:
    """Add new lists and entries; where `whole`, lists that have rows lose the entries that have none."""
    wanted: dict[tuple[int, str], set[_Entry]] = defaultdict(set)
    names = ("enterprise_id", "code", "kind", "entry")
    for holder, code, kind, entry in zip(*(rows.columns[name].to_pylist() for name in names), strict=True):
        wanted[holder, code].add((kind, entry))
    ids = _ids(session, list(wanted))
    there: dict[int, set[_Entry]] = defaultdict(set)
    for row in session.scalars(select(GroupEntryRow)):
        there[row.list_id].add((row.kind, row.entry))
    added = removed = 0
    for (holder, code), entries in wanted.items():
        number = ids[holder, code]
        fresh = sorted(entries - there[number])
        session.add_all(
            GroupEntryRow(list_id=number, kind=kind, entry=entry, enterprise_id=holder) for kind, entry in fresh
        )
        gone = sorted(there[number] - entries) if whole else []
        _remove(session, number, gone)
        added += len(fresh)
        removed += len(gone)
    session.flush()
    return Merged(added, removed)


def _ids(session: Session, wanted: list[tuple[int, str]]) -> dict[tuple[int, str], int]:
    ids = {(row.enterprise_id, row.code): row.id for row in session.scalars(select(GroupListRow))}
    free = next_id(session, GroupListRow.id)
    for number, (holder, code) in enumerate((key for key in wanted if key not in ids), start=free):
        session.add(GroupListRow(id=number, enterprise_id=holder, code=code))
        ids[holder, code] = number
    session.flush()
    return ids


def _remove(session: Session, number: int, gone: list[_Entry]) -> None:
    for start in range(0, len(gone), 400):
        some = gone[start : start + 400]
        pair = tuple_(GroupEntryRow.kind, GroupEntryRow.entry)
        session.execute(delete(GroupEntryRow).where(GroupEntryRow.list_id == number, pair.in_(some)))
