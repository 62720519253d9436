from tallyward.incidents.adapters.sql_incidents import SqlIncidents
from tallyward.incidents.ports import IncidentStore


def test_the_sql_store_is_one(store: SqlIncidents) -> None:
    port: IncidentStore = store
    assert port.last_change() == 0
