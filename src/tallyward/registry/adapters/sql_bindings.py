"""Imported bindings: a card rides in one terminal at a time, so a later binding ends the one before."""

from sqlalchemy import bindparam, case, func, insert, or_, select, update
from sqlalchemy.orm import Session

from tallyward.registry.adapters.staging import COUNTED, Stage
from tallyward.registry.adapters.tables import BindingRow, TerminalRow, table_of
from tallyward.registry.block import Rows
from tallyward.registry.importing import Merged

_KEYS = ("card_id", "since")
_NAMES = (*_KEYS, "terminal_id", "until", "reason", "enterprise_id", "operator_id")
_BINDING = table_of(BindingRow)
_TERMINAL = table_of(TerminalRow)


def merge_bindings(session: Session, rows: Rows) -> Merged:
    """Add new bindings, change those that differ.

    `open_ended` rows say "until the next one": they last until the card's next binding, in the file or in the table,
    and never open again one that has ended. So the same file can come twice, whatever happened in between.
    """
    stage = Stage(_BINDING, _NAMES, extra=("open_ended",))
    stage.fill(session, rows)
    _end_at_the_next(session, stage)
    _end_earlier(session, stage)
    changed = _change(session, stage)
    added = _add(session, stage)
    _pass_on_operator(session, stage)
    return Merged(added, changed)


def _end_at_the_next(session: Session, stage: Stage) -> None:
    staged = stage.table
    following = (
        select(func.min(_BINDING.c.since))
        .where(_BINDING.c.card_id == staged.c.card_id, _BINDING.c.since > staged.c.since)
        .scalar_subquery()
    )
    sooner = or_(staged.c.until.is_(None), following < staged.c.until)
    session.connection().execute(
        update(staged).where(staged.c.open_ended == 1, following.is_not(None), sooner).values(until=following)
    )


def _end_earlier(session: Session, stage: Stage) -> None:
    """Bindings of the table that are still open end where the card's next staged one begins."""
    staged = stage.table
    later = (_BINDING.c.card_id == staged.c.card_id) & _BINDING.c.until.is_(None) & (staged.c.since > _BINDING.c.since)
    ends = (select(_BINDING.c.id, func.min(staged.c.since).label("ends")).join_from(staged, _BINDING, later)).group_by(
        _BINDING.c.id
    )
    found = [{"which": number, "ends": moment} for number, moment in session.connection().execute(ends)]
    if found:
        statement = update(_BINDING).where(_BINDING.c.id == bindparam("which")).values(until=bindparam("ends"))
        session.connection().execute(statement, found)


def _change(session: Session, stage: Stage) -> int:
    staged = stage.table
    until = case((staged.c.open_ended == 1, _BINDING.c.until), else_=staged.c.until)
    differs = or_(
        _BINDING.c.terminal_id != staged.c.terminal_id,
        _BINDING.c.reason != staged.c.reason,
        _BINDING.c.until.is_distinct_from(until),
    )
    statement = (
        update(_BINDING)
        .where(stage.same(_KEYS), differs)
        .values(terminal_id=staged.c.terminal_id, reason=staged.c.reason, until=until)
    )
    return session.connection().execute(statement).rowcount


def _add(session: Session, stage: Stage) -> int:
    staged = stage.table
    last = session.scalar(select(func.coalesce(func.max(_BINDING.c.id), 0)))
    new = (
        select(func.row_number().over(order_by=stage.position) + last, *(staged.c[name] for name in _NAMES))
        .join_from(staged, _BINDING, stage.same(_KEYS), isouter=True)
        .where(_BINDING.c.id.is_(None))
        .order_by(stage.position)
    )
    return (
        session.connection()
        .execute(insert(_BINDING).from_select(["id", *_NAMES], new), execution_options=COUNTED)
        .rowcount
    )


def _pass_on_operator(session: Session, stage: Stage) -> None:
    """The operator of the card a terminal carries now may see the terminal."""
    staged = stage.table
    carried = (_TERMINAL.c.id == staged.c.terminal_id) & staged.c.until.is_(None)
    differs = _TERMINAL.c.operator_id.is_distinct_from(staged.c.operator_id)
    session.connection().execute(update(_TERMINAL).where(carried, differs).values(operator_id=staged.c.operator_id))


def bring_along(session: Session, cards: Stage) -> None:
    """Bindings go with their card when it changes hands; `cards` are those just merged."""
    staged, card = cards.table, cards.target
    same = card.c.iccid == staged.c.iccid
    owned = ("enterprise_id", "operator_id")
    moved = or_(*(_BINDING.c[name].is_distinct_from(staged.c[name]) for name in owned))
    session.connection().execute(
        update(_BINDING)
        .where(same, _BINDING.c.card_id == card.c.id, moved)
        .values({name: staged.c[name] for name in owned})
    )
