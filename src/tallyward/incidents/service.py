"""Incidents: findings go in, people work on them. Every use case takes the actor whose rows it may touch."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Final

from tallyward.detect.cards.finding import Finding
from tallyward.incidents.absorb import growth
from tallyward.incidents.discretion import detail_for, incident_for
from tallyward.incidents.life_cycle import Event, State, step
from tallyward.incidents.model import (
    MAX_TEXT,
    Absorbed,
    Assignee,
    Change,
    ChangeKind,
    Counts,
    Incident,
    IncidentDetail,
    IncidentFilter,
    Owners,
    Step,
    key_of,
)
from tallyward.incidents.ports import CardOwners, IncidentStore, IncidentWork, SourceOperator
from tallyward.kernel.actor import PLATFORM, Actor
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import InvalidError
from tallyward.kernel.ids import CardId, EnterpriseId, IncidentId, RuleId
from tallyward.kernel.paging import Page, PageRequest

_CARDS_AT_ONCE: Final = 10_000
CHUNK: Final = 400
"""Findings of one transaction: short enough that people's changes need not wait."""


def _nobody(_intake: int) -> EnterpriseId | None:
    return None


class IncidentService:
    """The use cases of the room."""

    def __init__(
        self, store: IncidentStore, owners: CardOwners, clock: Clock, source_operator: SourceOperator = _nobody
    ) -> None:
        """`owners` tells whose cards are, `source_operator` who delivered what no card can be named for."""
        self._store = store
        self._owners = owners
        self._clock = clock
        self._source_operator = source_operator

    def absorb(self, findings: Iterable[Finding]) -> Absorbed:
        """Open or join one incident per (subject, rule, day). Absorbing the same findings again changes nothing.

        Committed in chunks: after a crash the next scan does the rest.
        """
        rest, total = iter(findings), Absorbed()
        while chunk := list(islice(rest, CHUNK)):
            # One key may come twice in a chunk (two rule files, two scans joined): the later look counts.
            latest = {key_of(finding): finding for finding in chunk}
            done = self._absorb_chunk(list(latest.values()))
            total = Absorbed(
                opened=total.opened + done.opened,
                joined=total.joined + done.joined,
                unchanged=total.unchanged + done.unchanged + len(chunk) - len(latest),
                reopened=total.reopened + done.reopened,
            )
        return total

    def page(self, actor: Actor, wanted: IncidentFilter, request: PageRequest) -> Page[Incident]:
        """Incidents that the actor may see, newest first."""
        page = self._store.page(actor.scope, wanted, request)
        return replace(page, rows=tuple(incident_for(actor.scope, incident) for incident in page.rows))

    def get(self, actor: Actor, incident: IncidentId) -> IncidentDetail:
        """One incident with evidence and history; refuses with `incidents.unknown`."""
        return detail_for(actor.scope, self._store.detail(actor.scope, incident))

    def act(self, actor: Actor, incident: IncidentId, event: Event, reason: str | None = None) -> IncidentDetail:
        """Move it along its life cycle; refuses as `life_cycle.step` does, and with `incidents.text_long`."""
        text = _checked(reason)
        with self._store.work(actor.scope) as work:
            before = work.one(incident).state
            after = step(before, event, text)
            work.move(incident, after)
            work.write(
                incident, self._step(actor, ChangeKind.STATE, event=event, before=before, after=after, text=text)
            )
        return self.get(actor, incident)

    def assign(
        self, actor: Actor, incident: IncidentId, name: str | None, enterprise: EnterpriseId | None = None
    ) -> IncidentDetail:
        """Hand it to the user `name` of `enterprise`, or to nobody. The caller knows whether there is one."""
        with self._store.work(actor.scope) as work:
            before = work.one(incident).assignee
            after = Assignee(name, enterprise) if name else None
            if before != after:
                work.assign(incident, after)
                work.write(
                    incident,
                    self._step(actor, ChangeKind.ASSIGNED, before=before.name if before else None, after=name or None),
                )
        return self.get(actor, incident)

    def comment(self, actor: Actor, incident: IncidentId, text: str) -> IncidentDetail:
        """Add a comment; refuses with `incidents.comment_empty` or `incidents.text_long`."""
        checked = _checked(text)
        if checked is None:
            raise InvalidError("incidents.comment_empty")
        with self._store.work(actor.scope) as work:
            work.one(incident)
            work.write(incident, self._step(actor, ChangeKind.COMMENT, text=checked))
        return self.get(actor, incident)

    def counts(self, actor: Actor) -> Counts:
        """How many there are of each state, rule and area."""
        return self._store.counts(actor.scope)

    def open_by_card(self, actor: Actor, cards: Sequence[CardId]) -> dict[CardId, int]:
        """Incidents not closed of each card; cards without any are left out."""
        return self._store.open_by_card(actor.scope, cards)

    def cards_with_open(self, actor: Actor, after: CardId, limit: int) -> tuple[CardId, ...]:
        """Cards above `after` with incidents not closed, in order."""
        return self._store.cards_with_open(actor.scope, after, limit)

    def cards_of_rule(self, actor: Actor, rule: RuleId, since: date) -> Iterator[tuple[CardId, ...]]:
        """All cards with an incident of a rule on a day from `since` on that is no false positive, some at a time."""
        after = CardId(0)
        while cards := self._store.cards_of_rule(actor.scope, rule, since, after, _CARDS_AT_ONCE):
            yield cards
            after = cards[-1]

    def changes_after(self, actor: Actor, event_id: int, limit: int = 500) -> tuple[Change, ...]:
        """What happened after the step `event_id`, by whatever process, in order."""
        return self._store.changes_after(actor.scope, event_id, limit)

    def last_change(self) -> int:
        """The number of the newest step, to begin watching from."""
        return self._store.last_change()

    def _absorb_chunk(self, findings: Sequence[Finding]) -> Absorbed:
        owners = dict(self._owned(findings))
        opened: list[tuple[Finding, Owners]] = []
        joined = reopened = 0
        with self._store.work(PLATFORM.scope) as work:
            known = work.known([key_of(finding) for finding in findings])
            for index, finding in enumerate(findings):
                incident = known.get(key_of(finding))
                if incident is None:
                    opened.append((finding, owners[index]))
                elif (grown := growth(incident, finding)) is not None:
                    self._join(work, incident, finding, tell=grown.tell, reopen=grown.reopen)
                    joined += 1
                    reopened += grown.reopen
            if opened:
                work.open(opened, self._step(PLATFORM, ChangeKind.OPENED, after=State.OPEN))
        return Absorbed(len(opened), joined, len(findings) - len(opened) - joined, reopened)

    def _join(self, work: IncidentWork, incident: Incident, finding: Finding, *, tell: bool, reopen: bool) -> None:
        work.grow(incident.id, finding, finding.records if tell else None)
        if tell:
            before, after = str(incident.records), str(finding.records)
            work.write(incident.id, self._step(PLATFORM, ChangeKind.GROWN, before=before, after=after))
        if reopen:
            work.move(incident.id, State.OPEN)
            work.write(
                incident.id,
                self._step(PLATFORM, ChangeKind.STATE, event=Event.REOPEN, before=incident.state, after=State.OPEN),
            )

    def _owned(self, findings: Sequence[Finding]) -> Iterator[tuple[int, Owners]]:
        cards = self._owners([card for card in {finding.card for finding in findings} if card])
        operators: dict[int, EnterpriseId | None] = {}
        for index, finding in enumerate(findings):
            if finding.card in cards:
                yield index, Owners(*cards[finding.card])
                continue
            if finding.source_intake not in operators:
                operators[finding.source_intake] = self._source_operator(finding.source_intake)
            yield index, Owners(operator=operators[finding.source_intake])

    def _step(
        self,
        actor: Actor,
        kind: ChangeKind,
        *,
        event: Event | None = None,
        before: str | None = None,
        after: str | None = None,
        text: str | None = None,
    ) -> Step:
        return Step(kind, self._clock.now(), actor.name, actor.scope.enterprise, event, before, after, text)


def _checked(text: str | None) -> str | None:
    """Trimmed, None where nothing is left; refuses with `incidents.text_long`."""
    trimmed = (text or "").strip()
    if len(trimmed) > MAX_TEXT:
        raise InvalidError("incidents.text_long", most=MAX_TEXT)
    return trimmed or None
