import threading

from tallyward.incidents.adapters.sql_incidents import SqlIncidents
from tallyward.incidents.model import key_of
from tallyward.incidents.service import IncidentService
from tallyward.kernel.actor import EVERYTHING, PLATFORM
from tests.incidents.making import make_finding


def test_known_gives_the_incidents_of_exactly_these_keys(service: IncidentService, store: SqlIncidents) -> None:
    findings = [make_finding(card, rule) for card in (1, 2) for rule in ("R1", "R2")]
    service.absorb(findings)
    asked = [key_of(findings[0]), key_of(findings[3]), key_of(make_finding(9))]
    with store.work(EVERYTHING) as work:
        assert set(work.known(asked)) == {asked[0], asked[1]}
        assert work.known([]) == {}


def test_writers_at_once_take_turns_and_numbers_have_no_gaps(service: IncidentService) -> None:
    def absorb(first: int) -> None:
        for card in range(first, first + 20):
            service.absorb([make_finding(card), make_finding(1)])

    threads = [threading.Thread(target=absorb, args=(first,)) for first in (1, 11, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    changes = service.changes_after(PLATFORM, 0)
    assert [change.id for change in changes] == list(range(1, 41))
    assert service.counts(PLATFORM).total == 40
