"""What the room needs from outside: whose a card is, which operator delivered an intake, and a store."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol, TypeAlias

from tallyward.detect.cards.finding import Finding
from tallyward.incidents.life_cycle import State
from tallyward.incidents.model import (
    Assignee,
    Change,
    Counts,
    Incident,
    IncidentDetail,
    IncidentFilter,
    Key,
    Owners,
    Step,
)
from tallyward.kernel.actor import Scope
from tallyward.kernel.ids import CardId, EnterpriseId, IncidentId, RuleId
from tallyward.kernel.paging import Page, PageRequest

CardOwners: TypeAlias = Callable[[Sequence[CardId]], Mapping[CardId, tuple[EnterpriseId, EnterpriseId]]]
"""(holder, operator) of cards; cards that the registry does not know are left out."""

SourceOperator: TypeAlias = Callable[[int], EnterpriseId | None]
"""The operator whose source brought an intake."""


class IncidentWork(Protocol):
    """One transaction of changes: all of it is kept or nothing. Each step is written to the audit log with it."""

    def known(self, keys: Sequence[Key]) -> dict[Key, Incident]:
        """The incidents of these keys that exist."""
        ...

    def one(self, incident: IncidentId) -> Incident:
        """One incident of the scope; refuses with `incidents.unknown`."""
        ...

    def open(self, findings: Sequence[tuple[Finding, Owners]], step: Step) -> None:
        """New incidents, each with `step` as the first of its history."""
        ...

    def grow(self, incident: IncidentId, finding: Finding, told_records: int | None) -> None:
        """Take over the finding's figures and evidence; `told_records` is the count that history tells now."""
        ...

    def move(self, incident: IncidentId, state: State) -> None:
        """Set the state."""
        ...

    def assign(self, incident: IncidentId, assignee: Assignee | None) -> None:
        """Set the assignee."""
        ...

    def write(self, incident: IncidentId, step: Step) -> None:
        """Add a step to an incident's history and to the audit log."""
        ...


class IncidentStore(Protocol):
    """Keeps incidents. Every reading sees the rows of its scope only."""

    def work(self, scope: Scope) -> AbstractContextManager[IncidentWork]:
        """A transaction of changes; one at a time, so that numbers of steps grow in the order of commits."""
        ...

    def page(self, scope: Scope, wanted: IncidentFilter, request: PageRequest) -> Page[Incident]:
        """Incidents, newest first."""
        ...

    def detail(self, scope: Scope, incident: IncidentId) -> IncidentDetail:
        """One incident; refuses with `incidents.unknown`."""
        ...

    def counts(self, scope: Scope) -> Counts:
        """How many there are."""
        ...

    def open_by_card(self, scope: Scope, cards: Sequence[CardId]) -> dict[CardId, int]:
        """Incidents not closed of each of these cards; cards without any are left out."""
        ...

    def cards_with_open(self, scope: Scope, after: CardId, limit: int) -> tuple[CardId, ...]:
        """Cards above `after` that have incidents not closed, in order."""
        ...

    def cards_of_rule(self, scope: Scope, rule: RuleId, since: date, after: CardId, limit: int) -> tuple[CardId, ...]:
        """Cards above `after` with incidents of a rule from a day on that are no false positives, in order."""
        ...

    def changes_after(self, scope: Scope, step: int, limit: int) -> tuple[Change, ...]:
        """Steps with numbers above `step`, in order."""
        ...

    def last_change(self) -> int:
        """The number of the newest step, 0 where there is none."""
        ...
