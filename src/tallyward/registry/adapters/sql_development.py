"""The stock of cards counted in the state database, and kept until the registry changes."""

import threading
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tallyward.kernel.actor import Scope
from tallyward.kernel.clock import SECONDS_PER_DAY, day_of
from tallyward.kernel.ids import AreaId, EnterpriseId
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.state import versions
from tallyward.registry.adapters.tables import CardRow
from tallyward.registry.development import CardSlice, Stock, StockGroup, stock_of
from tallyward.registry.inspection_period import Period
from tallyward.registry.model import RealName

_MOST: Final = 256
_KEYS: Final = (CardRow.operator_id, CardRow.class_id, CardRow.home_area, CardRow.real_name)


class SqlDevelopment:
    """`DevelopmentStore` on either engine."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._kept: dict[object, tuple[int, Any]] = {}
        self._lock = threading.Lock()

    def stock(self, scope: Scope, wanted: CardSlice) -> Stock:
        """All cards of the slice."""
        found: Stock = self._once((scope, wanted), scope, lambda session: _stock(session, wanted))
        return found

    def joined(self, scope: Scope, wanted: CardSlice, period: Period) -> Mapping[date, int]:
        """Cards that joined, by day."""
        key = (scope, wanted, period)
        found: Mapping[date, int] = self._once(key, scope, lambda session: _joined(session, wanted, period))
        return found

    def assumed(self, scope: Scope, wanted: CardSlice, period: Period) -> int:
        """Cards of the period whose date nobody told."""
        key = ("assumed", scope, wanted, period)
        found: int = self._once(key, scope, lambda session: _assumed(session, wanted, period))
        return found

    def _once(self, key: object, scope: Scope, count: Callable[[Session], Any]) -> Any:  # noqa: ANN401 - what `count` gives
        with self._sessions.reading(scope) as session:
            version = versions(session)[0]
            kept = self._kept.get(key)
            if kept is not None and kept[0] == version:
                return kept[1]
            counted = count(session)
        with self._lock:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[key] = version, counted
        return counted


def _stock(session: Session, wanted: CardSlice) -> Stock:
    rows = session.execute(select(*_KEYS, func.count()).where(*_of(wanted)).group_by(*_KEYS))
    groups = [
        StockGroup(EnterpriseId(operator), card_class, AreaId(area or 0), RealName(state), cards)
        for operator, card_class, area, state, cards in rows
    ]
    undated = session.scalar(select(func.count()).select_from(CardRow).where(CardRow.joined_at.is_(None), *_of(wanted)))
    return stock_of(groups, undated or 0)


def _joined(session: Session, wanted: CardSlice, period: Period) -> dict[date, int]:
    day = (CardRow.joined_at // SECONDS_PER_DAY).label("day")
    within = (*_in(period), CardRow.joined_told)
    rows = session.execute(select(day, func.count()).where(*within, *_of(wanted)).group_by(day))
    return {day_of(int(number or 0) * SECONDS_PER_DAY): cards for number, cards in rows}


def _assumed(session: Session, wanted: CardSlice, period: Period) -> int:
    query = select(func.count()).select_from(CardRow).where(*_in(period), ~CardRow.joined_told, *_of(wanted))
    return session.scalar(query) or 0


def _in(period: Period) -> tuple[ColumnElement[bool], ...]:
    first, after = period.seconds
    return CardRow.joined_at >= first, CardRow.joined_at < after


def _of(wanted: CardSlice) -> list[ColumnElement[bool]]:
    pairs = ((CardRow.operator_id, wanted.operator), (CardRow.class_id, wanted.card_class))
    conditions = [column == value for column, value in pairs if value is not None]
    return conditions if wanted.area is None else [*conditions, CardRow.home_area == wanted.area]
