import pytest
from sqlalchemy.exc import IntegrityError

from tallyward.incidents.adapters.sql_incidents import SqlIncidents
from tallyward.incidents.adapters.tables import Base, IncidentRow, StepRow
from tallyward.incidents.model import ChangeKind, Owners, Step
from tallyward.kernel.actor import EVERYTHING
from tallyward.registry.adapters.tenant import TenantRow
from tests.incidents.making import EVENING, make_finding


def test_rows_of_tenants_are_marked_as_such() -> None:
    assert issubclass(IncidentRow, TenantRow)
    assert issubclass(StepRow, TenantRow)
    assert set(Base.metadata.tables) == {"incident", "incident_step", "incident_counter"}


def test_the_database_itself_refuses_a_second_incident_of_one_key(store: SqlIncidents) -> None:
    step = Step(ChangeKind.OPENED, EVENING, "platform", None)
    twice = [(make_finding(), Owners()), (make_finding(version="v2"), Owners())]
    with pytest.raises(IntegrityError), store.work(EVERYTHING) as work:
        work.open(twice, step)
    assert store.counts(EVERYTHING).total == 0
