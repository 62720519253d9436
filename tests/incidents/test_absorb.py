from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tallyward.detect.cards.finding import EvidenceRecord
from tallyward.incidents.absorb import growth, where
from tallyward.incidents.life_cycle import State
from tallyward.incidents.model import Incident, Owners
from tallyward.kernel.ids import AreaId, CardId, IncidentId
from tests.incidents.making import DAY_TS, EVENING, make_finding


def known(*, records: int = 3, last: int = 3600, state: State = State.OPEN, closed: datetime | None = None) -> Incident:
    found = make_finding(records=records, last=last)
    return Incident(
        id=IncidentId(1),
        rule=found.rule,
        rule_version=found.rule_version,
        severity=found.severity,
        day=found.day,
        subject=found.subject,
        card=CardId(1),
        owners=Owners(),
        area=AreaId(5),
        state=state,
        assignee=None,
        records=records,
        told_records=records,
        first_ts=found.first_ts,
        last_ts=found.last_ts,
        opened_at=EVENING,
        changed_at=EVENING,
        closed_at=closed,
    )


def test_the_same_finding_tells_nothing_new() -> None:
    assert growth(known(), make_finding()) is None


def test_the_look_at_an_older_snapshot_changes_nothing() -> None:
    assert growth(known(records=5, last=7200), make_finding(records=3, last=3600)) is None


def test_another_version_of_the_rule_is_news_even_with_fewer_records() -> None:
    news = growth(known(records=5), make_finding(records=2, version="v2"))
    assert news is not None
    assert news.tell


@pytest.mark.parametrize(("records", "tell"), [(4, False), (5, False), (6, True), (40, True)])
def test_history_tells_growth_when_the_count_has_doubled(records: int, tell: bool) -> None:
    news = growth(known(records=3), make_finding(records=records))
    assert news is not None
    assert news.tell is tell
    assert not news.reopen


def test_what_goes_on_after_it_was_resolved_opens_again() -> None:
    closed = datetime.fromtimestamp(DAY_TS + 3600, UTC)
    resolved = known(state=State.RESOLVED, closed=closed)
    later, earlier = make_finding(records=4, last=3601), make_finding(records=4, last=3600)
    assert getattr(growth(resolved, later), "reopen", None) is True
    assert getattr(growth(resolved, earlier), "reopen", None) is False


def test_a_false_positive_stays_one() -> None:
    marked = known(state=State.FALSE_POSITIVE, closed=EVENING - timedelta(days=30))
    assert getattr(growth(marked, make_finding(records=400)), "reopen", None) is False


def test_the_place_is_that_of_the_newest_evidence_that_names_one() -> None:
    records = [
        EvidenceRecord(1, row, DAY_TS + row, 0, 0, "", 0, 0, 0, 0, area) for row, area in ((9, 0), (5, 7), (3, 8))
    ]
    finding = replace(make_finding(), evidence=tuple(records))
    assert where(finding) == 7
    assert where(replace(finding, evidence=())) == 0
