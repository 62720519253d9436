import pytest
from sqlalchemy import select

from tallyward.kernel.actor import EVERYTHING, Actor
from tallyward.kernel.paging import PageRequest, decode_cursor
from tallyward.registry.adapters import paging
from tallyward.registry.adapters.paging import begins, page_of
from tallyward.registry.adapters.tables import CardRow, table_of
from tests.registry.world import World

COLUMNS = (CardRow.iccid, CardRow.imsi, CardRow.msisdn)


def more_cards(world: World, many: int) -> None:
    """Cards from id 5 on: of A by `op`, of B by `op2`, of `op` by `op` in turn."""
    ids = {code: world.of(code).scope.enterprise for code in ("a", "b", "op", "op2")}
    sides = ((ids["a"], ids["op"]), (ids["b"], ids["op2"]), (ids["op"], ids["op"]))
    with world.sessions.begin(EVERYTHING) as session:
        model = dict(session.execute(select(*table_of(CardRow).c).where(CardRow.id == 2)).one()._mapping)
        for number in range(5, 5 + many):
            holder, operator = sides[number % 3]
            own = {"id": number, "iccid": f"x{number:03}", "imsi": f"y{number:03}", "enterprise_id": holder}
            session.add(CardRow(**{**model, **own, "operator_id": operator}))


def walk(world: World, actor: Actor, limit: int) -> list[int]:
    """All ids, page by page."""
    found: list[int] = []
    request = PageRequest(limit=limit)
    while True:
        with world.sessions.reading(actor.scope) as session:
            page = page_of(session, CardRow, request, [CardRow.id != 7], lambda row: row.id)
        assert len(page.rows) <= limit
        found += page.rows
        if page.next_cursor is None:
            return found
        assert len(page.rows) == limit
        request = PageRequest(limit=limit, after=decode_cursor(page.next_cursor, int))


@pytest.mark.parametrize("limit", [1, 3, 500])
def test_pages_hold_each_visible_row_once_and_in_order(world: World, limit: int) -> None:
    world.take_all()
    more_cards(world, 12)
    for code in ("a", "b", "op", "op2", "reg"):
        actor = world.of(code)
        whose = actor.scope.enterprise
        with world.sessions.reading(EVERYTHING) as session:
            rows = session.execute(select(CardRow.id, CardRow.enterprise_id, CardRow.operator_id)).all()
        expected = sorted(row[0] for row in rows if whose in row[1:] and row[0] != 7)
        assert walk(world, actor, limit) == expected, code
    assert walk(world, Actor("x", EVERYTHING), limit) == [one for one in range(1, 17) if one != 7]


@pytest.mark.parametrize("few", [0, 2, 2000])
def test_a_prefix_finds_the_same_whatever_its_number_of_matches(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    sqlite_world.take_all()
    monkeypatch.setattr(paging, "FEW", few)
    with sqlite_world.sessions.reading(EVERYTHING) as session:
        for prefix, expected in (("8986000", [1, 2, 4]), ("46", [1, 2, 3, 4]), ("86144", [1, 3, 4]), ("7", [])):
            condition = begins(session, CardRow.id, COLUMNS, prefix)
            assert session.scalars(select(CardRow.id).where(condition).order_by(CardRow.id)).all() == expected


def test_a_prefix_ends_at_the_next_sign(world: World) -> None:
    world.take_all()
    more_cards(world, 12)
    with world.sessions.reading(world.of("op").scope) as session:
        condition = begins(session, CardRow.id, COLUMNS, "x01")
        found = session.scalars(select(CardRow.iccid).where(condition).order_by(CardRow.id)).all()
        assert found == ["x011", "x012", "x014", "x015"]  # 10 and 13, 16 are of B by another operator
