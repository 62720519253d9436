from tallyward.registry.adapters.sql_registry import sql_registry
from tallyward.registry.columns import Kind
from tests.registry.world import World


def test_all_stores_stand_on_one_database(world: World) -> None:
    world.take_all(Kind.CARDS)
    stores = sql_registry(world.sessions)
    scope = world.of("a").scope
    assert stores.snapshots.version() == world.registry.version()
    assert stores.cards.counts(scope).total == 2
    assert stores.terminals.counts(scope).total == 4
    assert [one.code for one in stores.reference.enterprises(scope)] == ["a", "op", "op2"]
