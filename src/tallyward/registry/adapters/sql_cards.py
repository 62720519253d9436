"""Cards and their bindings in the state database."""

from collections import Counter
from datetime import UTC, datetime
from typing import Final

import numpy as np
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.identities import Iccid, Imsi, Msisdn
from tallyward.kernel.ids import AreaId, CardId, CellId, EnterpriseId, GroupListId, TerminalId
from tallyward.kernel.paging import Page, PageRequest
from tallyward.registry.adapters.counted import Counted
from tallyward.registry.adapters.paging import begins, page_of
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.sql_audit import write_audit
from tallyward.registry.adapters.state import change, next_id, take_turn
from tallyward.registry.adapters.tables import AreaRow, BindingRow, CardClassRow, CardRow, EnterpriseRow, TerminalRow
from tallyward.registry.adapters.tenant import outside_scope
from tallyward.registry.audit import AuditEntry
from tallyward.registry.cadence import Cadence, effective
from tallyward.registry.checks import is_code
from tallyward.registry.filters import CardCounts, CardFilter
from tallyward.registry.model import Binding, Card, FunctionLimit, FunctionMode, RealName, UsageLimits

_MOST_BINDINGS: Final = 500


class SqlCards:
    """`CardStore` on either engine."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._counted = Counted(sessions, _count)

    def card(self, scope: Scope, card: CardId) -> Card | None:
        """One card."""
        with self._sessions.reading(scope) as session:
            row = session.scalar(select(CardRow).where(CardRow.id == card))
            return None if row is None else card_of(row)

    def find(self, scope: Scope, number: str) -> Card | None:
        """The card with this ICCID, IMSI or MSISDN; where one card's IMSI is another's MSISDN, in that order."""
        with self._sessions.reading(scope) as session:
            for column in (CardRow.iccid, CardRow.imsi, CardRow.msisdn):
                row = session.scalar(select(CardRow).where(column == number))
                if row is not None:
                    return card_of(row)
        return None

    def page(self, scope: Scope, wanted: CardFilter, request: PageRequest) -> Page[Card]:
        """Cards by id. Key: (id,)."""
        with self._sessions.reading(scope) as session:
            return page_of(session, CardRow, request, _conditions(session, wanted), card_of)

    def counts(self, scope: Scope) -> CardCounts:
        """Counted anew only when the registry has changed."""
        return self._counted.of(scope)

    def bindings(self, scope: Scope, card: CardId) -> tuple[Binding, ...]:
        """Newest first."""
        with self._sessions.reading(scope) as session:
            query = select(BindingRow).where(BindingRow.card_id == card).order_by(BindingRow.since.desc())
            return tuple(map(binding_of, session.scalars(query.limit(_MOST_BINDINGS))))

    def bind(
        self, scope: Scope, card: CardId, terminal: TerminalId, at: datetime, reason: str, audit: AuditEntry
    ) -> Binding | None:
        """The new binding, begun later than any before; None where the card is bound already."""
        with self._sessions.begin(scope) as session:
            take_turn(session)
            if _open(session, card) is not None:
                return None
            change(session)
            whose = session.execute(select(CardRow.enterprise_id, CardRow.operator_id).where(CardRow.id == card)).one()
            newest = session.scalar(select(func.max(BindingRow.since)).where(BindingRow.card_id == card))
            with outside_scope(session):
                number = next_id(session, BindingRow.id)
            row = BindingRow(
                id=number,
                card_id=card,
                terminal_id=terminal,
                since=max(int(at.timestamp()), -1 if newest is None else newest + 1),
                until=None,
                reason=reason,
                enterprise_id=whose.enterprise_id,
                operator_id=whose.operator_id,
            )
            session.add(row)
            session.execute(update(TerminalRow).where(TerminalRow.id == terminal).values(operator_id=whose.operator_id))
            write_audit(session, audit)
            session.flush()
            return binding_of(row)

    def unbind(self, scope: Scope, card: CardId, at: datetime, audit: AuditEntry) -> Binding | None:
        """The binding that ended; None where the card is not bound."""
        with self._sessions.begin(scope) as session:
            take_turn(session)
            row = _open(session, card)
            if row is None:
                return None
            change(session)
            row.until = max(int(at.timestamp()), row.since)
            write_audit(session, audit)
            session.flush()
            return binding_of(row)

    def effective_cadence(self, card: Card) -> Cadence:
        """What holds for a card: a terminal counts even where it is another's."""
        query = (
            select(TerminalRow.cadence)
            .join(BindingRow, BindingRow.terminal_id == TerminalRow.id)
            .where(BindingRow.card_id == card.id, BindingRow.until.is_(None))
        )
        with self._sessions.reading(EVERYTHING) as session:
            bound = Cadence(session.scalar(query) or Cadence.DAILY)
        ranks = effective(np.array([card.cadence.rank]), np.array([bound.rank]))
        return tuple(Cadence)[int(ranks[0])]

    def set_cadence(self, scope: Scope, card: CardId, cadence: Cadence, audit: AuditEntry) -> None:
        """Its own; what holds may be its terminal's."""
        with self._sessions.begin(scope) as session:
            take_turn(session)
            change(session)
            session.execute(update(CardRow).where(CardRow.id == card).values(cadence=cadence.value))
            write_audit(session, audit)


def _open(session: Session, card: CardId) -> BindingRow | None:
    return session.scalar(select(BindingRow).where(BindingRow.card_id == card, BindingRow.until.is_(None)))


def _conditions(session: Session, wanted: CardFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    prefix = wanted.q.strip().removeprefix("+").replace(" ", "").upper()
    if prefix:
        conditions.append(begins(session, CardRow.id, (CardRow.iccid, CardRow.imsi, CardRow.msisdn), prefix))
    if wanted.card_class is not None:
        conditions.append(CardRow.class_id == _id(session, CardClassRow, wanted.card_class))
    if wanted.home_area is not None:
        conditions.append(CardRow.home_area == _id(session, AreaRow, wanted.home_area))
    if wanted.enterprise is not None:
        whose = _id(session, EnterpriseRow, wanted.enterprise)
        conditions.append(or_(CardRow.enterprise_id == whose, CardRow.operator_id == whose))
    choices = ((CardRow.real_name, wanted.real_name), (CardRow.cadence, wanted.cadence))
    conditions += [column == choice.value for column, choice in choices if choice is not None]
    if wanted.fixed is not None:
        conditions.append(CardRow.fixed.is_(wanted.fixed))
    if wanted.ids is not None:
        conditions.append(CardRow.id.in_(wanted.ids))
    return conditions


def _id(session: Session, table: type[CardClassRow | AreaRow | EnterpriseRow], code: str) -> int:
    found: int | None = session.scalar(select(table.id).where(table.code == code)) if is_code(code) else None
    return 0 if found is None else found


def _count(session: Session) -> CardCounts:
    real_names: Counter[RealName] = Counter()
    classes: Counter[str] = Counter()
    areas: Counter[str] = Counter()
    class_codes = dict(session.execute(select(CardClassRow.id, CardClassRow.code)).all())
    area_codes = dict(session.execute(select(AreaRow.id, AreaRow.code)).all())
    key = (CardRow.operator_id, CardRow.class_id, CardRow.home_area, CardRow.real_name)  # in the order of an index
    for _, card_class, area, real_name, cards in session.execute(select(*key, func.count()).group_by(*key)):
        real_names[RealName(real_name)] += cards
        classes[class_codes[card_class]] += cards
        areas["" if area is None else area_codes[area]] += cards
    return CardCounts(real_names.total(), dict(real_names), dict(classes), dict(areas))


def _function(mode: int, group_list: int | None) -> FunctionLimit:
    return FunctionLimit(FunctionMode(mode), None if group_list is None else GroupListId(group_list))


def card_of(row: CardRow) -> Card:
    """A row as a value."""
    return Card(
        id=CardId(row.id),
        iccid=Iccid(row.iccid),
        imsi=Imsi(row.imsi),
        msisdn=None if row.msisdn is None else Msisdn(row.msisdn),
        operator=EnterpriseId(row.operator_id),
        enterprise=EnterpriseId(row.enterprise_id),
        card_class=row.class_id,
        voice=_function(row.voice_mode, row.voice_list),
        sms=_function(row.sms_mode, row.sms_list),
        data=_function(row.data_mode, row.data_list),
        roaming=row.roaming,
        fixed=row.fixed,
        home_area=None if row.home_area is None else AreaId(row.home_area),
        home_cell=None if row.home_cell is None else CellId(row.home_cell),
        real_name=RealName(row.real_name),
        limits=UsageLimits(row.month_bytes, row.day_bytes, row.max_peers, row.max_cells, row.max_imeis),
        cadence=Cadence(row.cadence),
    )


def binding_of(row: BindingRow) -> Binding:
    """A row as a value."""
    return Binding(
        card=CardId(row.card_id),
        terminal=TerminalId(row.terminal_id),
        since=datetime.fromtimestamp(row.since, UTC),
        until=None if row.until is None else datetime.fromtimestamp(row.until, UTC),
        reason=row.reason,
    )
