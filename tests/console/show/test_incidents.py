from datetime import UTC, datetime

import pytest

from tallyward.console.look_up import LookUp
from tallyward.console.show.incidents import incident_detail, incident_rows, moment, service_name
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import IncidentId
from tests.console.fakes import DAY_TS
from tests.console.house import House


@pytest.mark.parametrize(("number", "name"), [(0, "data"), (1, "sms"), (2, "voice"), (3, "unknown"), (9, "unknown")])
def test_services_have_names(number: int, name: str) -> None:
    assert service_name(number) == name


def test_moments_are_utc() -> None:
    assert moment(DAY_TS) == datetime(2026, 3, 2, tzinfo=UTC)


def test_an_incident_without_card_or_owner_is_shown_too(reading_house: House) -> None:
    look_up = LookUp(reading_house.services, PLATFORM)
    detail = reading_house.incidents.get(PLATFORM, IncidentId(9))
    shown = incident_detail(look_up, detail, may_act=True)
    assert (shown.subject.kind, shown.card, shown.holder) == ("imsi", None, None)
    assert incident_rows(look_up, []) == []
