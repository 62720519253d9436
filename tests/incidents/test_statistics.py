from datetime import date

import pytest

from tallyward.incidents.life_cycle import State
from tallyward.incidents.statistics import IncidentGroup, Tally, median, security_of
from tallyward.kernel.ids import AreaId, EnterpriseId, RuleId

DAY = date(2026, 3, 2)


def group(rule: str, state: State, number: int, operator: int = 1) -> IncidentGroup:
    return IncidentGroup(RuleId(rule), EnterpriseId(operator), 0, AreaId(5), state, number)


def test_what_became_of_them_along_each_side() -> None:
    groups = [
        group("R1", State.OPEN, 4),
        group("R1", State.ACKNOWLEDGED, 1),
        group("R1", State.FALSE_POSITIVE, 1),
        group("R7", State.RESOLVED, 3, operator=2),
    ]
    counts = security_of(groups, {DAY: 9}, {DAY: 4}, 60.0, None)
    assert counts.all == Tally(new=9, open=5, resolved=3, false_positive=1)
    assert counts.all.false_positive_share == 0.25
    assert counts.by_rule == {"R1": Tally(6, 5, 0, 1), "R7": Tally(3, 0, 3, 0)}
    assert counts.by_operator == {1: Tally(6, 5, 0, 1), 2: Tally(3, 0, 3, 0)}
    assert (counts.by_day, counts.closed_by_day) == ({DAY: 9}, {DAY: 4})


def test_without_a_closed_one_there_is_no_share() -> None:
    assert Tally(new=2, open=2).false_positive_share is None


@pytest.mark.parametrize(("middle", "found"), [([], None), ([4], 4.0), ([4, 7], 5.5)])
def test_the_median_is_the_middle(middle: list[int], found: float | None) -> None:
    assert median(middle) == found
