"""Incidents under random findings and random people, against a model that knows the rules by heart."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tallyward.incidents.adapters.sql_incidents import SqlIncidents
from tallyward.incidents.adapters.tables import Base
from tallyward.incidents.life_cycle import CLOSED, Event, State
from tallyward.incidents.model import ChangeKind, IncidentFilter
from tallyward.incidents.service import IncidentService
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import TallywardError
from tallyward.kernel.ids import IncidentId
from tallyward.kernel.paging import PageRequest
from tallyward.registry.adapters.database import open_engine
from tallyward.registry.adapters.sessions import scoped_sessions
from tests.incidents.making import EVENING, AuditBook, make_finding, owners

CARDS = st.integers(1, 3)


class LifeOfIncidents(RuleBasedStateMachine):
    """The model: records and state by card. Findings are all of one rule and day, with one more second each record."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.engine = open_engine(f"sqlite:///{Path(self.folder.name) / 'state.sqlite3'}")
        Base.metadata.create_all(self.engine)
        self.audit = AuditBook()
        self.clock = FixedClock(EVENING)
        store = SqlIncidents(scoped_sessions(self.engine), self.audit.write)
        self.service = IncidentService(store, owners, self.clock)
        self.records: dict[int, int] = {}
        self.states: dict[int, State] = {}
        self.ids: dict[int, IncidentId] = {}

    @rule(card=CARDS, records=st.integers(1, 30))
    def scan(self, card: int, records: int) -> None:
        absorbed = self.service.absorb([make_finding(card, records=records, last=records)])
        if card not in self.records:
            assert (absorbed.opened, absorbed.joined, absorbed.unchanged) == (1, 0, 0)
            self.ids[card] = IncidentId(len(self.ids) + 1)
            self.states[card] = State.OPEN
        else:
            grew = records > self.records[card]
            assert (absorbed.opened, absorbed.joined, absorbed.unchanged) == (0, int(grew), int(not grew))
        self.records[card] = max(records, self.records.get(card, 0))

    @rule(card=CARDS, event=st.sampled_from(Event), reason=st.sampled_from([None, "", "a test card"]))
    def act(self, card: int, event: Event, reason: str | None) -> None:
        self.clock.set(self.clock.now() + timedelta(seconds=1))
        state = self.states.get(card)
        opened = state is not None and state not in CLOSED
        may = {
            Event.ACKNOWLEDGE: state is State.OPEN,
            Event.CONTAIN: state in {State.OPEN, State.ACKNOWLEDGED},
            Event.RESOLVE: opened,
            Event.MARK_FALSE_POSITIVE: opened and bool(reason),
            Event.REOPEN: state in CLOSED,
        }[event]
        if not may:
            with pytest.raises(TallywardError):
                self.service.act(PLATFORM, self.ids.get(card, IncidentId(99)), event, reason)
            return
        detail = self.service.act(PLATFORM, self.ids[card], event, reason)
        self.states[card] = {
            Event.ACKNOWLEDGE: State.ACKNOWLEDGED,
            Event.CONTAIN: State.CONTAINED,
            Event.RESOLVE: State.RESOLVED,
            Event.MARK_FALSE_POSITIVE: State.FALSE_POSITIVE,
            Event.REOPEN: State.OPEN,
        }[event]
        assert detail.incident.state is self.states[card]

    @rule(card=CARDS, text=st.text(min_size=1, max_size=5))
    def comment(self, card: int, text: str) -> None:
        if card in self.ids and text.strip():
            last = self.service.comment(PLATFORM, self.ids[card], text).history[-1].step
            assert (last.kind, last.text) == (ChangeKind.COMMENT, text.strip())

    @invariant()
    def one_incident_a_card_as_the_model_says(self) -> None:
        rows = self.service.page(PLATFORM, IncidentFilter(), PageRequest()).rows
        assert {int(row.subject.number): row.records for row in rows} == self.records
        assert {int(row.subject.number): row.state for row in rows} == self.states
        assert all((row.closed_at is not None) == (row.state in CLOSED) for row in rows)

    @invariant()
    def every_step_is_audited_and_heard(self) -> None:
        heard = self.service.changes_after(PLATFORM, 0)
        assert [change.id for change in heard] == list(range(1, len(self.audit.entries) + 1))

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()


TestLifeOfIncidents = LifeOfIncidents.TestCase
TestLifeOfIncidents.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
