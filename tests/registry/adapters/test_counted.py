from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tallyward.kernel.actor import EVERYTHING, PLATFORM
from tallyward.kernel.ids import CardId
from tallyward.registry.adapters.counted import Counted
from tallyward.registry.adapters.tables import CardRow
from tallyward.registry.model import RealName
from tests.registry.world import World


def test_it_counts_once_a_version_and_scope(world: World) -> None:
    world.take_all()
    asked: list[int] = []

    def count(session: Session) -> int:
        asked.append(1)
        return session.scalar(select(func.count()).select_from(CardRow)) or 0

    counted = Counted(world.sessions, count)
    a, b = world.of("a").scope, world.of("b").scope
    assert [counted.of(scope) for scope in (EVERYTHING, a, b, EVERYTHING, a, b)] == [4, 2, 2, 4, 2, 2]
    assert len(asked) == 3
    world.registry.unbind(PLATFORM, CardId(1), "broken")
    assert counted.of(a) == 2
    assert len(asked) == 4


def test_counts_of_the_sample(world: World) -> None:
    world.take_all()
    cards = world.registry.count_cards(PLATFORM)
    assert cards.total == 4
    assert cards.by_real_name == {RealName.ACTIVE: 2, RealName.NONE: 1, RealName.SUSPENDED: 1}
    assert cards.by_class == {"meter": 2, "open": 2}
    assert cards.by_area == {"CN-32": 3, "": 1}
    terminals = world.registry.count_terminals(world.of("a"))
    assert (terminals.total, terminals.fixed) == (4, 3)
    assert sum(terminals.by_access.values()) == sum(terminals.by_usage.values()) == 4
