from datetime import timedelta

from tallyward.kernel.actor import EVERYTHING
from tallyward.kernel.ids import AreaId
from tallyward.registry.adapters.sql_development import SqlDevelopment
from tallyward.registry.columns import Kind
from tallyward.registry.development import CardSlice
from tallyward.registry.inspection_period import Period
from tallyward.registry.model import RealName
from tests.registry.world import FILES, NOW, World

TODAY = Period(NOW.date(), NOW.date())


def test_cards_are_counted_along_each_side_of_what_one_may_see(world: World) -> None:
    world.take_all()
    store = SqlDevelopment(world.sessions)
    ids = {one.code: one.id for one in world.registry.enterprises(world.of("reg"))} or {}
    whole = store.stock(EVERYTHING, CardSlice())
    assert (whole.total, whole.undated) == (4, 0)
    assert whole.by_state == {RealName.ACTIVE: 2, RealName.NONE: 1, RealName.SUSPENDED: 1}
    assert sorted(whole.by_operator.values()) == [1, 3]
    assert store.stock(EVERYTHING, CardSlice(operator=ids["op"])).total == 3
    assert store.stock(world.of("b").scope, CardSlice()).total == 2
    assert store.stock(world.of("b").scope, CardSlice(operator=ids["op2"])).total == 1
    areas = {area.code: area.id for area in world.registry.areas()}
    assert store.stock(EVERYTHING, CardSlice(area=areas["CN-32"])).total == 3
    assert store.stock(EVERYTHING, CardSlice(card_class=999)).total == 0
    assert whole.by_area[AreaId(0)] == 1


def test_joined_by_day_and_counted_anew_when_the_registry_changes(world: World) -> None:
    world.take_all(joined=NOW)
    store = SqlDevelopment(world.sessions)
    assert store.joined(EVERYTHING, CardSlice(), TODAY) == {NOW.date(): 4}
    assert store.joined(world.of("a").scope, CardSlice(), TODAY) == {NOW.date(): 2}
    assert store.joined(EVERYTHING, CardSlice(), TODAY) is store.joined(EVERYTHING, CardSlice(), TODAY)
    world.clock.set(NOW + timedelta(days=1))
    more = FILES[Kind.CARDS] + "8986031840201A123457,460000000000009,,op,a,open,none,,none,,open,,no,no,,,none,\n"
    world.take(Kind.CARDS, more)
    later = Period(TODAY.since, TODAY.until + timedelta(days=1))
    assert sorted(store.joined(EVERYTHING, CardSlice(), later).values()) == [4]
    assert store.assumed(EVERYTHING, CardSlice(), later) == 1
    assert store.assumed(EVERYTHING, CardSlice(), TODAY) == store.assumed(world.of("b").scope, CardSlice(), later) == 0
    assert store.stock(EVERYTHING, CardSlice()).total == 5
