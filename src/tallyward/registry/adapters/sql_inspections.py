"""Inspections in the state database. Cards are counted along the index of their times of joining."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, defer

from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.ids import CardId, EnterpriseId
from tallyward.kernel.paging import Page, PageRequest, encode_cursor
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.state import take_turn
from tallyward.registry.adapters.tables import CardRow, EnterpriseRow, InspectionPartRow, InspectionRow
from tallyward.registry.inspection import MOST_LATE, Inspection, Joined, LateCard, Part, Whose
from tallyward.registry.inspection_period import Cadence, Period
from tallyward.registry.model import EnterpriseKind, RealName

_AT_ONCE: Final = 500
_WHOSE: Final = (CardRow.enterprise_id, CardRow.operator_id)


class SqlInspections:
    """`InspectionStore` on either engine."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def joined(self, scope: Scope, period: Period, *, also_assumed: bool = False) -> tuple[Joined, ...]:
        """Cards that joined, counted."""
        query = select(*_WHOSE, CardRow.real_name, func.count(), func.min(CardRow.joined_at))
        with self._sessions.reading(scope) as session:
            query = query.where(*_in(period, also_assumed=also_assumed), _industry())
            rows = session.execute(query.group_by(*_WHOSE, CardRow.real_name)).all()
        return tuple(
            Joined(_whose(holder, operator), RealName(state), cards, earliest or 0)
            for holder, operator, state, cards, earliest in rows
        )

    def assumed(self, scope: Scope, period: Period) -> Mapping[Whose, int]:
        """Cards of the period whose date nobody told."""
        query = select(*_WHOSE, func.count()).where(*_in(period, also_assumed=True), ~CardRow.joined_told, _industry())
        with self._sessions.reading(scope) as session:
            rows = session.execute(query.group_by(*_WHOSE)).all()
        return {_whose(holder, operator): cards for holder, operator, cards in rows}

    def late(self, scope: Scope, period: Period, *, also_assumed: bool = False) -> Mapping[Whose, Sequence[LateCard]]:
        """The unregistered that joined first."""
        place = func.row_number().over(partition_by=_WHOSE, order_by=(CardRow.joined_at, CardRow.id)).label("place")
        names = (*_WHOSE, CardRow.id, CardRow.iccid, CardRow.real_name, CardRow.joined_at, CardRow.joined_told)
        found: dict[Whose, list[LateCard]] = defaultdict(list)
        with self._sessions.reading(scope) as session:
            ranked = (
                select(*names, place)
                .where(*_in(period, also_assumed=also_assumed), CardRow.real_name != RealName.ACTIVE.value, _industry())
                .subquery()
            )
            query = select(ranked).where(ranked.c.place <= MOST_LATE).order_by(ranked.c.joined_at, ranked.c.id)
            for holder, operator, card, iccid, state, joined_at, told, _ in session.execute(query):
                one = LateCard(CardId(card), iccid, RealName(state), joined_at, assumed=not told)
                found[_whose(holder, operator)].append(one)
        return found

    def undated(self, scope: Scope) -> Mapping[Whose, int]:
        """Cards of unknown time of joining."""
        with self._sessions.reading(scope) as session:
            query = select(*_WHOSE, func.count()).where(CardRow.joined_at.is_(None), _industry())
            rows = session.execute(query.group_by(*_WHOSE)).all()
        return {_whose(holder, operator): cards for holder, operator, cards in rows}

    def among_joined(
        self, scope: Scope, period: Period, cards: Sequence[CardId], *, also_assumed: bool = False
    ) -> Iterable[tuple[Whose, CardId]]:
        """Those that joined in the period."""
        found = []
        within = _in(period, also_assumed=also_assumed)
        with self._sessions.reading(scope) as session:
            for start in range(0, len(cards), _AT_ONCE):
                some = CardRow.id.in_(cards[start : start + _AT_ONCE])
                rows = session.execute(select(*_WHOSE, CardRow.id).where(some, *within, _industry()))
                found += [(_whose(holder, operator), CardId(card)) for holder, operator, card in rows]
        return found

    def keep(self, cadence: Cadence, period: Period, at: datetime, threshold: float, parts: Sequence[Part]) -> bool:
        """In one transaction."""
        with self._sessions.begin(EVERYTHING) as session:
            take_turn(session)
            if session.scalar(_head(cadence, period)) is not None:
                return False
            number = (session.scalar(select(func.max(InspectionRow.id))) or 0) + 1
            head = InspectionRow(
                id=number,
                cadence=cadence.value,
                since=period.since,
                until=period.until,
                made_at=int(at.timestamp()),
                threshold=threshold,
            )
            session.add(head)
            session.flush()
            session.add_all(_part_row(number, part) for part in parts)
            return True

    def kept(self, cadence: Cadence, period: Period) -> bool:
        """Whether it is there."""
        with self._sessions.reading(EVERYTHING) as session:
            return session.scalar(_head(cadence, period)) is not None

    def page(self, scope: Scope, request: PageRequest) -> Page[tuple[Inspection, tuple[Part, ...]]]:
        """Newest first."""
        query = select(InspectionRow).order_by(InspectionRow.id.desc()).limit(request.limit + 1)
        if request.after is not None:
            query = query.where(InspectionRow.id < int(request.after[0]))
        if scope.enterprise is not None:
            query = query.where(InspectionRow.id.in_(select(InspectionPartRow.inspection_id)))
        with self._sessions.reading(scope) as session:
            heads = session.scalars(query).all()
            shown = heads[: request.limit]
            parts = _parts(session, InspectionPartRow.inspection_id.in_([head.id for head in shown]))
        rows = tuple((_inspection(head), tuple(parts[head.id])) for head in shown)
        return Page(rows, encode_cursor((shown[-1].id,)) if len(heads) > request.limit else None)

    def one(self, scope: Scope, inspection: int) -> tuple[Inspection, tuple[Part, ...]] | None:
        """One of them."""
        with self._sessions.reading(scope) as session:
            return _read(session, inspection, InspectionPartRow.inspection_id == inspection, empty=scope == EVERYTHING)

    def of_enterprise(
        self, scope: Scope, inspection: int, enterprise: EnterpriseId
    ) -> tuple[Inspection, tuple[Part, ...]] | None:
        """One enterprise's parts."""
        which = (InspectionPartRow.inspection_id == inspection) & (InspectionPartRow.enterprise_id == enterprise)
        with self._sessions.reading(scope) as session:
            return _read(session, inspection, which, cards=True)


def _read(
    session: Session, inspection: int, which: ColumnElement[bool], *, empty: bool = False, cards: bool = False
) -> tuple[Inspection, tuple[Part, ...]] | None:
    """`empty`: also without any part."""
    head = session.scalar(select(InspectionRow).where(InspectionRow.id == inspection))
    parts = _parts(session, which, cards=cards)[inspection]
    return (_inspection(head), tuple(parts)) if head is not None and (parts or empty) else None


def _parts(session: Session, which: ColumnElement[bool], *, cards: bool = False) -> dict[int, list[Part]]:
    query = select(InspectionPartRow).where(which)
    found: dict[int, list[Part]] = defaultdict(list)
    for row in session.scalars(query if cards else query.options(defer(InspectionPartRow.late))):
        found[row.inspection_id].append(_part(row, row.late if cards else []))
    return found


def _head(cadence: Cadence, period: Period) -> Any:  # noqa: ANN401 - a select of one number
    return select(InspectionRow.id).where(InspectionRow.cadence == cadence.value, InspectionRow.since == period.since)


def _in(period: Period, *, also_assumed: bool) -> tuple[ColumnElement[bool], ...]:
    first, after = period.seconds
    within: tuple[ColumnElement[bool], ...] = (CardRow.joined_at >= first, CardRow.joined_at < after)
    return within if also_assumed else (*within, CardRow.joined_told.is_(True))


def _industry() -> ColumnElement[bool]:
    """Cards of industry users."""
    users = select(EnterpriseRow.id).where(EnterpriseRow.kind == EnterpriseKind.INDUSTRY_USER.value)
    return CardRow.enterprise_id.in_(users)


def _whose(holder: int, operator: int) -> Whose:
    return EnterpriseId(holder), EnterpriseId(operator)


def _inspection(row: InspectionRow) -> Inspection:
    made = datetime.fromtimestamp(row.made_at, UTC)
    return Inspection(row.id, row.cadence, row.since, row.until, made, row.threshold)


def _part_row(inspection: int, part: Part) -> InspectionPartRow:
    return InspectionPartRow(
        inspection_id=inspection,
        enterprise_id=part.whose[0],
        operator_id=part.whose[1],
        states={state.value: cards for state, cards in part.states.items()},
        in_use=part.in_use,
        undated=part.undated,
        assumed=part.assumed,
        longest_since=part.longest_since,
        late=[
            {
                "card": one.card,
                "iccid": one.iccid,
                "state": one.state,
                "joined_at": one.joined_at,
                "in_use": one.in_use,
                "assumed": one.assumed,
            }
            for one in part.late
        ],
    )


def _part(row: InspectionPartRow, late: list[dict[str, Any]]) -> Part:
    return Part(
        whose=_whose(row.enterprise_id, row.operator_id),
        states={RealName(state): cards for state, cards in row.states.items()},
        in_use=row.in_use,
        undated=row.undated,
        longest_since=row.longest_since,
        late=tuple(
            LateCard(
                CardId(one["card"]),
                one["iccid"],
                RealName(one["state"]),
                one["joined_at"],
                one["in_use"],
                one.get("assumed", False),  # inspections of before did not know
            )
            for one in late
        ),
        assumed=row.assumed,
    )
