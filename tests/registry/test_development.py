from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tallyward.kernel.ids import AreaId, EnterpriseId
from tallyward.registry.development import CardSlice, StockGroup, first_of, steps_of, stock_of
from tallyward.registry.inspection_period import Period
from tallyward.registry.model import RealName


def test_each_side_adds_up_to_the_same_total() -> None:
    stock = stock_of(
        [
            StockGroup(EnterpriseId(1), 7, AreaId(0), RealName.ACTIVE, 5),
            StockGroup(EnterpriseId(1), 8, AreaId(3), RealName.NONE, 2),
            StockGroup(EnterpriseId(2), 7, AreaId(3), RealName.ACTIVE, 1),
        ],
        4,
    )
    assert (stock.total, stock.undated) == (8, 4)
    assert stock.by_state == {RealName.ACTIVE: 6, RealName.NONE: 2}
    assert stock.by_operator == {1: 7, 2: 1}
    assert stock.by_class == {7: 6, 8: 2}
    assert stock.by_area == {0: 5, 3: 3}


@given(
    st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 4, 30)), st.integers(1, 9)),
    st.sampled_from(("day", "week", "month")),
)
def test_no_card_is_lost_between_steps(days: dict[date, int], step: str) -> None:
    period = Period(date(2026, 1, 1), date(2026, 4, 30))
    steps = steps_of(days, period, step)  # type: ignore[arg-type] # one of the three
    assert sum(steps.values()) == sum(days.values())
    assert list(steps) == sorted(steps)


def test_a_week_begins_on_monday_and_empty_ones_are_there() -> None:
    assert first_of(date(2026, 3, 1), "week") == date(2026, 2, 23)
    steps = steps_of({date(2026, 3, 2): 3}, Period(date(2026, 2, 24), date(2026, 3, 10)), "week")
    assert steps == {date(2026, 2, 23): 0, date(2026, 3, 2): 3, date(2026, 3, 9): 0}


def test_a_slice_of_nothing_said_is_all() -> None:
    assert CardSlice() == CardSlice(None, None, None)
