"""What a finding does to the incident of its key: opens it, grows it, reopens it, or tells nothing new. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tallyward.detect.cards.finding import Finding
from tallyward.incidents.life_cycle import State
from tallyward.incidents.model import Incident
from tallyward.kernel.ids import AreaId

TELL_AT: Final = 2
"""History tells growth each time the count has doubled: live scans can't flood it."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What joining changes. `tell`: worth a step of its history; `reopen`: it went on after it was resolved."""

    tell: bool
    reopen: bool


def growth(known: Incident, finding: Finding) -> Growth | None:
    """What `finding` adds to `known`; None where it tells nothing new.

    A count below the known one, by the same rule version, is the look at an older snapshot and changes nothing. A
    false positive stays one: its reason was about the subject, not about how much it does.
    """
    same_rule = finding.rule_version == known.rule_version
    if same_rule and (finding.records, finding.last_ts) <= (known.records, known.last_ts):
        return None
    return Growth(
        tell=not same_rule or finding.records >= known.told_records * TELL_AT,
        reopen=known.state is State.RESOLVED and _after(finding, known.closed_at),
    )


def where(finding: Finding) -> AreaId:
    """The area of the newest evidence that names one; 0 where none does."""
    placed = [record for record in finding.evidence if record.area]
    return AreaId(max(placed, key=lambda record: record.ts).area if placed else 0)


def _after(finding: Finding, closed_at: datetime | None) -> bool:
    return closed_at is not None and datetime.fromtimestamp(finding.last_ts, UTC) > closed_at
