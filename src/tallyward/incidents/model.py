"""Incidents, their history and their counts, as values. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeAlias

from tallyward.detect.cards.finding import EvidenceRecord, Explanation, Finding, Measure, Subject
from tallyward.incidents.life_cycle import Event, State
from tallyward.kernel.catalogue import Language
from tallyward.kernel.ids import AreaId, CardId, EnterpriseId, IncidentId, RuleId

MAX_TEXT: Final = 4000
"""Characters of a reason or a comment."""

Key: TypeAlias = tuple[Subject, RuleId, date]
"""One incident per subject, rule and day, whatever version of the rule found it."""


def key_of(finding: Finding) -> Key:
    """The key of the incident that a finding opens or joins."""
    return finding.subject, finding.rule, finding.day


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose rows an incident is: the card's holder and its operator; both None where nobody can be told."""

    holder: EnterpriseId | None = None
    operator: EnterpriseId | None = None


@dataclass(frozen=True, slots=True)
class Assignee:
    """The person who works on it, and her enterprise: people of other enterprises don't see her name."""

    name: str
    enterprise: EnterpriseId | None


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident. `records`, `first_ts` and `last_ts` are of the finding as last seen; times of the day are UTC.

    `area` is where its newest evidence was recorded (0 unknown). `told_records` is the count that its history last
    told, `closed_at` the time of its last closing, None while it is open.
    """

    id: IncidentId
    rule: RuleId
    rule_version: str
    severity: str
    day: date
    subject: Subject
    card: CardId
    owners: Owners
    area: AreaId
    state: State
    assignee: Assignee | None
    records: int
    told_records: int
    first_ts: int
    last_ts: int
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None


class ChangeKind(StrEnum):
    """What a step of the history is."""

    OPENED = "opened"
    GROWN = "grown"
    STATE = "state"
    ASSIGNED = "assigned"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an incident's history as it is written. `enterprise` is the actor's, None for the platform's own."""

    kind: ChangeKind
    at: datetime
    actor: str | None
    enterprise: EnterpriseId | None
    event: Event | None = None
    before: str | None = None
    after: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A step with its number: numbers grow in the order of commits, over all incidents."""

    id: int
    step: Step


@dataclass(frozen=True, slots=True)
class IncidentDetail:
    """An incident with why it was found and everything that happened to it, oldest first."""

    incident: Incident
    measures: tuple[Measure, ...]
    evidence: tuple[EvidenceRecord, ...]
    explanation: dict[Language, Explanation]
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A step of any incident, for those who watch live."""

    id: int
    kind: ChangeKind
    incident: IncidentId
    rule: RuleId
    severity: str
    state: State
    subject: Subject
    card: CardId
    owners: Owners


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents; None and empty mean all. `assignee` "" means nobody's."""

    states: frozenset[State] = frozenset()
    rule: RuleId | None = None
    severity: str | None = None
    card: CardId | None = None
    assignee: str | None = None
    area: AreaId | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class OpenAndTotal:
    """Incidents not closed, and all."""

    open: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many incidents there are; by_area counts those not closed."""

    open: int = 0
    total: int = 0
    by_state: dict[State, int] = field(default_factory=dict)
    by_rule: dict[RuleId, OpenAndTotal] = field(default_factory=dict)
    by_area: dict[AreaId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What became of findings: incidents opened, grown, reopened; findings that told nothing new or are whitelisted."""

    opened: int = 0
    joined: int = 0
    unchanged: int = 0
    reopened: int = 0
    whitelisted: int = 0
