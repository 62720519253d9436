"""The registry's counters: what tells everybody else that something changed."""

import secrets
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from tallyward.registry.adapters.tables import StateRow


def change(session: Session, *, numbers: bool = False) -> int:
    """The new version. Taken before anything else is written, it makes the registry's writers take turns.

    `numbers`: numbers of cards, cells or areas may change, so directories must be read anew.
    """
    raised: dict[Any, Any] = {StateRow.version: StateRow.version + 1, StateRow.stamp: secrets.randbits(32)}
    if numbers:
        raised[StateRow.numbers] = StateRow.numbers + 1
    session.execute(update(StateRow).values(raised))
    return versions(session)[0]


def take_turn(session: Session) -> None:
    """Wait until no other transaction changes the registry (SQLite: a writer has the lock from its start)."""
    session.execute(select(StateRow.version).with_for_update())


def versions(session: Session) -> tuple[int, int]:
    """(version, version of the numbers)."""
    version, numbers = session.execute(select(StateRow.version, StateRow.numbers)).one()
    return version, numbers


def stamp(session: Session) -> int:
    """Drawn anew with each change."""
    drawn: int = session.execute(select(StateRow.stamp)).scalar_one()
    return drawn


def next_id(session: Session, ids: InstrumentedAttribute[int]) -> int:
    """The next free id of a table; only after `take_turn` or `change`."""
    return (session.scalar(select(func.max(ids))) or 0) + 1
