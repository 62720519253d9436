"""Misuse that people have confirmed is told to the card ledger, where it counts against whoever held the cards.

An incident that somebody resolved, rather than called false, becomes an INCIDENT entry of the monitoring party, once:
its evidence is the hash of what the incident says, by which it is known again after any restart.
"""

import json
import threading
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from tallyward.custody.card_path import at, path
from tallyward.custody.fields import Part
from tallyward.custody.reports import Incident as Told
from tallyward.custody.signing import signed
from tallyward.detect.cards.finding import SubjectKind
from tallyward.detect.cards.unknown import CUSTODY
from tallyward.incidents.life_cycle import State
from tallyward.incidents.model import Incident, IncidentFilter
from tallyward.incidents.service import IncidentService
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.clock import Clock
from tallyward.kernel.ids import IncidentId
from tallyward.kernel.paging import MAX_LIMIT, PageRequest
from tallyward.registry.service import RegistryService
from tallyward.wiring.custody.ledger import Custody, has_custody, open_custody
from tallyward.wiring.settings import Settings

_LONGEST_RULE: Final = 64


class CustodyTelling:
    """Looks through resolved incidents; those it has dealt with are not looked at again until the next start."""

    def __init__(self, settings: Settings, registry: RegistryService, incidents: IncidentService, clock: Clock) -> None:
        """Nothing is opened before there is something to tell."""
        self._settings = settings
        self._registry = registry
        self._incidents = incidents
        self._clock = clock
        self._one_at_a_time = threading.Lock()
        self._done: set[IncidentId] = set()

    def tell(self) -> int:
        """Tell what was resolved since; how many entries that made. Without a kept monitoring key nothing is told."""
        with self._one_at_a_time:
            waiting = [one for one in self._resolved() if one.id not in self._done]
            if not waiting or not has_custody(self._settings):
                return 0
            with open_custody(self._settings, self._clock) as opened:
                by = _monitor(opened)
                told = sum(self._told(opened, by, one) for one in waiting) if by else 0
            self._done |= {one.id for one in waiting} if by else set()
            return told

    def _resolved(self) -> Iterator[Incident]:
        after: tuple[int, ...] | None = None
        while True:
            wanted = IncidentFilter(states=frozenset({State.RESOLVED}))
            page = self._incidents.page(PLATFORM, wanted, PageRequest(MAX_LIMIT, after))
            yield from page.rows
            if page.next_cursor is None:
                return
            after = (page.rows[-1].id,)

    def _told(self, opened: Custody, by: str, one: Incident) -> bool:
        """Whether an incident made an entry: one of a card that is in a lot, and that the ledger has not heard of."""
        numbers = self._registry.directory().numbers
        place = opened.books.find(_iccid(numbers.iccid[numbers.card == one.card].tolist())) if one.card else None
        if one.subject.kind is not SubjectKind.CARD or place is None:
            return False
        evidence = _evidence(one)
        service = opened.service
        if any(row.evidence == evidence for row in service.state.incidents.rows.values()):
            return False
        lot, slot = place
        machine = service.machine
        stages = path(machine.state, machine.state.lots.rows[lot.encode()].number, slot, machine.times, service.now)
        stage = stages[at(stages, one.first_ts)]
        entry = Told(by, (Part(lot, slot, slot + 1, stage.entry),), evidence, self._rule(one))
        service.submit(signed(machine.id, entry, opened.keys.read(by)))
        return True

    def _rule(self, one: Incident) -> str:
        """What was broken: of a broken chain its gravest break, by which credit knows unregistered use."""
        if one.rule != CUSTODY.id:
            return str(one.rule)[:_LONGEST_RULE]
        return self._incidents.get(PLATFORM, one.id).measures[0].name


def _monitor(opened: Custody) -> str | None:
    """The monitoring party whose key is kept here; None if there is none."""
    members = (one for one in opened.service.members() if one.kind == "monitor" and not one.gone)
    return next((one.id for one in members if opened.keys.path(one.id).exists()), None)


def _evidence(one: Incident) -> bytes:
    said = [int(one.id), str(one.rule), one.day.isoformat(), one.subject.kind.value, one.subject.number]
    return sha256(json.dumps(said, ensure_ascii=False).encode()).digest()


def _iccid(found: list[bytes | str]) -> str:
    number = found[0] if found else ""
    return number.decode("ascii", "replace") if isinstance(number, bytes) else str(number)
