import pytest

from tallyward.kernel.actor import EVERYTHING
from tallyward.registry.adapters.sql_references import read_references, terminal_ids
from tallyward.registry.block import NONE, References
from tallyward.registry.columns import Kind
from tallyward.registry.model import EnterpriseKind
from tests.registry.world import ICCIDS, World

NEEDED = {
    Kind.ENTERPRISES: {"areas"},
    Kind.CELLS: {"areas"},
    Kind.GROUP_LISTS: {"enterprises"},
    Kind.TERMINALS: {"enterprises"},
    Kind.CARDS: {"enterprises", "kinds", "classes", "areas", "cells", "lists"},
    Kind.BINDINGS: {"cards", "terminals"},
}


def references(world: World, kind: Kind) -> References:
    """What rows of a kind may refer to."""
    with world.sessions.reading(EVERYTHING) as session:
        return read_references(session, kind)


@pytest.mark.parametrize("kind", NEEDED)
def test_a_kind_reads_the_tables_it_names_and_no_other(sqlite_world: World, kind: Kind) -> None:
    sqlite_world.take_all()
    found = references(sqlite_world, kind)
    read = {
        name
        for name in References.__dataclass_fields__
        if getattr(found, name) != {} and getattr(found, name) is not NONE
    }
    assert read == NEEDED[kind]


def test_codes_ids_and_owners_stand_at_the_same_place(world: World) -> None:
    world.take_all()
    cards = references(world, Kind.BINDINGS).cards
    assert cards.holder is not None
    assert cards.operator is not None
    ids = {one.code: one.id for one in world.registry.enterprises(world.of("op"))}
    rows = zip(cards.codes.to_pylist(), cards.ids.tolist(), cards.holder.tolist(), cards.operator.tolist(), strict=True)
    owners = {code: (number, holder, operator) for code, number, holder, operator in rows}
    assert owners[ICCIDS[0]] == (1, ids["a"], ids["op"])
    assert owners[ICCIDS[3]] == (4, ids["b"], ids["op2"])
    found = references(world, Kind.CARDS)
    assert found.kinds[ids["op"]] is EnterpriseKind.OPERATOR
    assert {code for _, code in found.lists} == {"net", "common"}


def test_many_serials_are_asked_for_at_once(world: World) -> None:
    world.take_all(Kind.TERMINALS)
    with world.sessions.reading(EVERYTHING) as session:
        found = terminal_ids(session, [*(f"X-{number}" for number in range(1200)), "T-1", "GW-0"])
    assert set(found) == {"T-1", "GW-0"}
