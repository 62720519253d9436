from dataclasses import replace

import pytest

from tallyward.console.ports import AuditLog, Records, Registry, Scans, Traversal
from tallyward.records.service import RecordsService
from tests.console.fakes import DAY, NOON, FakeRecords
from tests.console.house import House

WHOLE = Traversal(DAY, NOON, 10, 10, 1, 100, 98, 2)


def records_fit(service: RecordsService) -> Records:
    """Checked by mypy: the real room has the console's shape."""
    return service


def test_services_and_fakes_have_the_shapes_the_console_asks_for(reading_house: House) -> None:
    registry: Registry = reading_house.services.registry
    fake: Records = FakeRecords()
    audit: AuditLog = reading_house.audit
    scans: Scans = reading_house.scans
    assert all((registry, fake, audit, scans))
    assert callable(records_fit)


@pytest.mark.parametrize(
    ("change", "complete"),
    [
        ({}, True),
        ({"cards_read": 9}, False),
        ({"records_used": 97}, False),
        ({"records_in": 99}, False),
        ({"cards_unknown": 7}, True),
    ],
)
def test_a_traversal_is_complete_when_its_sums_match(change: dict[str, int], complete: bool) -> None:
    assert replace(WHOLE, **change).complete is complete  # type: ignore[arg-type] # all of them are int fields
