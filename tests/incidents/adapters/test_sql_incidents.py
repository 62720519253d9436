from datetime import date

import pytest

from tallyward.incidents.adapters.sql_incidents import SqlIncidents
from tallyward.incidents.life_cycle import Event, State
from tallyward.incidents.model import IncidentFilter
from tallyward.incidents.service import IncidentService
from tallyward.kernel.actor import EVERYTHING, PLATFORM, Actor, Scope
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import AreaId, CardId, IncidentId, RuleId
from tallyward.kernel.paging import PageRequest, decode_cursor
from tests.incidents.making import DAY, HOLDER, OPERATOR, OTHER_HOLDER, make_finding

WU = Actor("wu", Scope(OPERATOR))


@pytest.fixture
def filled(service: IncidentService, store: SqlIncidents) -> SqlIncidents:
    """Ten incidents: cards 1 to 5, rules R1 and R2, R2 in area 6; card 1 resolved, card 3 assigned to wu."""
    service.absorb(
        [make_finding(card, rule, area=5 if rule == "R1" else 6) for card in range(1, 6) for rule in ("R1", "R2")]
    )
    service.act(PLATFORM, IncidentId(1), Event.RESOLVE)
    service.assign(WU, IncidentId(5), "wu", OPERATOR)
    return store


def ids(store: SqlIncidents, wanted: IncidentFilter, scope: Scope = EVERYTHING) -> list[int]:
    return [row.id for row in store.page(scope, wanted, PageRequest()).rows]


def test_filters_choose_rows_and_the_newest_comes_first(filled: SqlIncidents) -> None:
    assert ids(filled, IncidentFilter()) == list(range(10, 0, -1))
    assert ids(filled, IncidentFilter(states=frozenset({State.RESOLVED}))) == [1]
    assert ids(filled, IncidentFilter(states=frozenset({State.OPEN}), rule=RuleId("R1"))) == [9, 7, 5, 3]
    assert ids(filled, IncidentFilter(card=CardId(2))) == [4, 3]
    assert ids(filled, IncidentFilter(area=AreaId(6))) == [10, 8, 6, 4, 2]
    assert ids(filled, IncidentFilter(severity="low")) == []
    assert ids(filled, IncidentFilter(day=DAY)) == list(range(10, 0, -1))
    assert ids(filled, IncidentFilter(day=date(2026, 3, 3))) == []


def test_work_of_another_enterprise_is_nobodys_to_us(filled: SqlIncidents) -> None:
    assert ids(filled, IncidentFilter(assignee="wu")) == [5]
    assert ids(filled, IncidentFilter(assignee="wu"), Scope(OPERATOR)) == [5]
    assert ids(filled, IncidentFilter(assignee="wu"), Scope(HOLDER)) == []
    assert 5 in ids(filled, IncidentFilter(assignee=""), Scope(HOLDER))
    assert 5 not in ids(filled, IncidentFilter(assignee=""), Scope(OPERATOR))
    assert 5 not in ids(filled, IncidentFilter(assignee=""))


def test_pages_join_without_gap_or_repeat(filled: SqlIncidents) -> None:
    seen: list[int] = []
    after = None
    for _ in range(4):
        page = filled.page(EVERYTHING, IncidentFilter(), PageRequest(3, after))
        seen += [row.id for row in page.rows]
        if page.next_cursor is None:
            break
        after = decode_cursor(page.next_cursor, int)
    assert seen == list(range(10, 0, -1))
    assert page.next_cursor is None


def test_counts_are_of_the_scope(filled: SqlIncidents) -> None:
    everything = filled.counts(EVERYTHING)
    assert (everything.open, everything.total) == (9, 10)
    assert everything.by_rule[RuleId("R1")].open == 4
    assert everything.by_area == {5: 4, 6: 5}
    assert filled.counts(Scope(OTHER_HOLDER)).total == 4


def test_cards_with_open_incidents(filled: SqlIncidents) -> None:
    assert filled.open_by_card(EVERYTHING, [CardId(1), CardId(2), CardId(99)]) == {1: 1, 2: 2}
    assert filled.open_by_card(Scope(HOLDER), [CardId(1), CardId(2)]) == {1: 1}
    assert filled.open_by_card(EVERYTHING, []) == {}
    assert filled.cards_with_open(EVERYTHING, CardId(0), 3) == (1, 2, 3)
    assert filled.cards_with_open(EVERYTHING, CardId(3), 3) == (4, 5)
    assert filled.cards_with_open(Scope(OTHER_HOLDER), CardId(0), 9) == (2, 4)


def test_details_come_back_as_they_were_found(filled: SqlIncidents) -> None:
    finding = make_finding(3, "R2", area=6)
    detail = filled.detail(EVERYTHING, IncidentId(6))
    assert detail.measures == finding.measures
    assert detail.evidence == finding.evidence
    assert detail.explanation == finding.explanation
    assert detail.incident.subject == finding.subject
    with pytest.raises(NotFoundError):
        filled.detail(Scope(OTHER_HOLDER), IncidentId(6))
