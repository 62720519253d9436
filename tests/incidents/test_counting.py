from hypothesis import given
from hypothesis import strategies as st

from tallyward.incidents.counting import counts_of
from tallyward.incidents.life_cycle import CLOSED, State
from tallyward.incidents.model import OpenAndTotal
from tallyward.kernel.ids import AreaId, RuleId

R1, R2 = RuleId("R1"), RuleId("R2")


def test_groups_add_up_and_every_state_is_named() -> None:
    counts = counts_of(
        [
            (R1, State.OPEN, AreaId(5), 3),
            (R1, State.RESOLVED, AreaId(6), 2),
            (R2, State.CONTAINED, AreaId(5), 1),
        ]
    )
    assert (counts.open, counts.total) == (4, 6)
    assert counts.by_state == {
        State.OPEN: 3,
        State.ACKNOWLEDGED: 0,
        State.CONTAINED: 1,
        State.RESOLVED: 2,
        State.FALSE_POSITIVE: 0,
    }
    assert counts.by_rule == {R1: OpenAndTotal(3, 5), R2: OpenAndTotal(1, 1)}
    assert counts.by_area == {5: 4}


@given(
    st.lists(
        st.tuples(
            st.sampled_from([R1, R2]),
            st.sampled_from(State),
            st.integers(0, 3).map(AreaId),
            st.integers(1, 9),
        )
    )
)
def test_all_totals_agree(groups: list[tuple[RuleId, State, AreaId, int]]) -> None:
    counts = counts_of(groups)
    assert counts.total == sum(counts.by_state.values()) == sum(one.total for one in counts.by_rule.values())
    assert counts.open == sum(counts.by_area.values()) == sum(one.open for one in counts.by_rule.values())
    assert counts.open == sum(number for state, number in counts.by_state.items() if state not in CLOSED)
