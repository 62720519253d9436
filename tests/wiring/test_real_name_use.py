from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tallyward.incidents.life_cycle import Event
from tallyward.kernel.actor import EVERYTHING, PLATFORM, Scope
from tallyward.kernel.ids import EnterpriseId, IncidentId
from tallyward.registry.inspection_period import Period
from tallyward.wiring.platform import open_platform
from tallyward.wiring.real_name_use import used_unregistered
from tallyward.wiring.settings import read_settings
from tests.incidents.making import DAY, make_finding


def test_cards_that_r7_found_and_nobody_called_a_false_positive(tmp_path: Path) -> None:
    with open_platform(read_settings(home=tmp_path)) as platform:
        rules: Callable[[int], str] = {4: "R1"}.get  # type: ignore[assignment] # the default is below
        earlier = make_finding(5, "R7", day=DAY - timedelta(days=1))
        platform.incidents.absorb([*(make_finding(card, rules(card) or "R7") for card in (1, 2, 3, 4)), earlier])
        platform.incidents.act(PLATFORM, IncidentId(2), Event.MARK_FALSE_POSITIVE, "a test card")
        platform.incidents.act(PLATFORM, IncidentId(3), Event.RESOLVE)
        used = used_unregistered(platform.incidents)
        assert list(used(EVERYTHING, Period(DAY, DAY))) == [(1, 3)]
        assert list(used(Scope(EnterpriseId(8)), Period(DAY, DAY))) == []
