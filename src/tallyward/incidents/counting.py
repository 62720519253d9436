"""Counts of incidents from groups of them. Pure."""

from collections import Counter
from collections.abc import Iterable

from tallyward.incidents.life_cycle import CLOSED, State
from tallyward.incidents.model import Counts, OpenAndTotal
from tallyward.kernel.ids import AreaId, RuleId


def counts_of(groups: Iterable[tuple[RuleId, State, AreaId, int]]) -> Counts:
    """Counts from (rule, state, area, how many) groups; every state is named, areas only where something is open."""
    by_state: Counter[State] = Counter(dict.fromkeys(State, 0))
    by_rule: Counter[RuleId] = Counter()
    open_by_rule: Counter[RuleId] = Counter()
    by_area: Counter[AreaId] = Counter()
    for rule, state, area, number in groups:
        by_state[state] += number
        by_rule[rule] += number
        if state not in CLOSED:
            open_by_rule[rule] += number
            by_area[area] += number
    return Counts(
        open=open_by_rule.total(),
        total=by_state.total(),
        by_state=dict(by_state),
        by_rule={rule: OpenAndTotal(open_by_rule[rule], total) for rule, total in sorted(by_rule.items())},
        by_area=dict(by_area),
    )
