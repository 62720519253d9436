"""Which cards were used without registration: incidents know it, the inspection asks it."""

from collections.abc import Iterator, Sequence
from typing import Final

from tallyward.incidents.service import IncidentService
from tallyward.kernel.actor import Actor, Scope
from tallyward.kernel.ids import CardId, RuleId
from tallyward.registry.inspecting import UsedUnregistered
from tallyward.registry.inspection_period import Period

RULE: Final = RuleId("R7")
"""Use while not real-name active."""


def used_unregistered(incidents: IncidentService) -> UsedUnregistered:
    """The cards that rule R7 found from the first day of a period on; false positives do not count."""

    def used(scope: Scope, period: Period) -> Iterator[Sequence[CardId]]:
        return incidents.cards_of_rule(Actor("inspection", scope), RULE, period.since)

    return used
