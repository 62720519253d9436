import pytest
from sqlalchemy import event

from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import CardId, TerminalId
from tallyward.kernel.paging import PageRequest
from tallyward.registry.columns import Kind
from tallyward.registry.filters import CardFilter, TerminalFilter
from tallyward.registry.model import RealName
from tests.registry.world import FILES, ICCIDS, World

FILTERS: list[tuple[CardFilter, list[int]]] = [
    (CardFilter(), [1, 2, 3, 4]),
    (CardFilter(q="+86 1440 0000 00"), [1, 3, 4]),
    (CardFilter(q="46000000000000"), [1, 2, 3, 4]),
    (CardFilter(q="8986031840201a"), [3]),
    (CardFilter(q="%"), []),
    (CardFilter(card_class="meter"), [1, 3]),
    (CardFilter(card_class="gold"), []),
    (CardFilter(real_name=RealName.SUSPENDED), [4]),
    (CardFilter(enterprise="b"), [3, 4]),
    (CardFilter(enterprise="op"), [1, 2, 3]),
    (CardFilter(home_area="CN-32", fixed=True), [1, 3]),
    (CardFilter(fixed=False), [2, 4]),
    (CardFilter(ids=frozenset({CardId(2), CardId(9)})), [2]),
    (CardFilter(ids=frozenset()), []),
]


def test_cards_meet_every_condition(world: World) -> None:
    world.take_all()
    for wanted, expected in FILTERS:
        page = world.registry.cards(PLATFORM, wanted, PageRequest())
        assert [card.id for card in page.rows] == expected, wanted


def test_counts_are_those_of_the_scope_and_follow_changes(world: World) -> None:
    world.take_all()
    counts = world.registry.count_cards(PLATFORM)
    assert (counts.total, counts.by_class, counts.by_area) == (4, {"meter": 2, "open": 2}, {"CN-32": 3, "": 1})
    assert counts.by_real_name == {RealName.ACTIVE: 2, RealName.NONE: 1, RealName.SUSPENDED: 1}
    assert world.registry.count_cards(world.of("a")).by_real_name == {RealName.ACTIVE: 1, RealName.NONE: 1}
    world.take(Kind.CARDS, FILES[Kind.CARDS].replace("suspended", "active"))
    assert world.registry.count_cards(PLATFORM).by_real_name == {RealName.ACTIVE: 3, RealName.NONE: 1}


def test_all_cards_are_counted_along_an_index_and_nothing_is_sorted(sqlite_world: World) -> None:
    sqlite_world.take_all()
    asked: list[str] = []
    event.listen(sqlite_world.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    sqlite_world.registry.count_cards(PLATFORM)
    (counting,) = (one for one in asked if "GROUP BY" in one)
    with sqlite_world.engine.connect() as connection:
        (step,) = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {counting}")
    assert "COVERING INDEX ix_card_stock" in step.detail


def test_one_cards_imsi_before_anothers_msisdn(world: World) -> None:
    world.take_all()
    world.take(Kind.CARDS, FILES[Kind.CARDS].replace("460000000000002,,", "460000000000002,460000000000003,"))
    found = world.registry.find_card(PLATFORM, "460000000000003")
    assert found is not None
    assert found.iccid == ICCIDS[2]


def test_whoever_may_see_a_card_may_bind_it_whatever_others_have_bound(world: World) -> None:
    world.take_all()
    for code in ("a", "op"):
        actor = world.of(code)
        world.registry.unbind(actor, CardId(1), "broken")
        assert world.registry.bind(actor, CardId(1), TerminalId(1), "mended").reason == "mended"


def test_a_card_that_changed_hands_brings_its_bindings(world: World) -> None:
    world.take_all()
    world.take(Kind.CARDS, FILES[Kind.CARDS].replace("8614400000001,op,a,", "8614400000001,op,b,"))
    b = world.of("b")
    assert [binding.reason for binding in world.registry.bindings(b, CardId(1))] == ["first fitted"]
    assert world.registry.unbind(b, CardId(1), "sold").until == world.clock.now()
    own = world.registry.terminals(b, TerminalFilter(q="T-3"), PageRequest()).rows[0]
    assert world.registry.bind(b, CardId(1), own.id, "bought").terminal == own.id


@pytest.mark.parametrize("q", ["%", "9" * 5000, "江苏", "\U0010ffff"])
def test_whatever_is_searched_for_is_an_answer(world: World, q: str) -> None:
    world.take_all()
    assert world.registry.cards(PLATFORM, CardFilter(q=q), PageRequest()).rows == ()
    assert world.registry.find_card(PLATFORM, q) is None


def test_a_prefix_before_the_surrogates_is_an_answer(world: World) -> None:
    world.take_all()
    assert world.registry.cards(PLATFORM, CardFilter(q="\ud7ff"), PageRequest()).rows == ()


@pytest.mark.postgres
@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
def test_a_prefix_with_a_nul_is_an_answer(world: World) -> None:
    world.take_all()
    assert world.registry.cards(PLATFORM, CardFilter(q="8\x00"), PageRequest()).rows == ()
