import pytest

from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import CardId
from tallyward.kernel.paging import PageRequest
from tallyward.registry.filters import CardFilter, TerminalFilter
from tallyward.registry.model import Access, RealName, Usage
from tests.registry.world import World

PAGE = PageRequest()
CARDS = [
    (CardFilter(), [1, 2, 3, 4]),
    (CardFilter(q="8986031"), [3]),
    (CardFilter(q="46000000000000"), [1, 2, 3, 4]),
    (CardFilter(q="+86 14400000004"), [4]),
    (CardFilter(q="zz"), []),
    (CardFilter(card_class="meter"), [1, 3]),
    (CardFilter(card_class="gold"), []),
    (CardFilter(real_name=RealName.SUSPENDED), [4]),
    (CardFilter(enterprise="a"), [1, 2]),
    (CardFilter(enterprise="op"), [1, 2, 3]),
    (CardFilter(enterprise="nobody"), []),
    (CardFilter(home_area="CN-32"), [1, 3, 4]),
    (CardFilter(fixed=True), [1, 3]),
    (CardFilter(fixed=False, enterprise="b"), [4]),
    (CardFilter(ids=frozenset({CardId(2), CardId(4), CardId(9)})), [2, 4]),
    (CardFilter(ids=frozenset()), []),
]
TERMINALS = [
    (TerminalFilter(), 5),
    (TerminalFilter(q="T-"), 3),
    (TerminalFilter(q="4901"), 1),
    (TerminalFilter(enterprise="b"), 1),
    (TerminalFilter(enterprise="nobody"), 0),
    (TerminalFilter(access=Access.WIRED), 2),
    (TerminalFilter(usage=Usage.CONSUMER), 1),
    (TerminalFilter(fixed=True, access=Access.NB_IOT), 1),
]


def test_cards_meet_every_condition(world: World) -> None:
    world.take_all()
    for wanted, ids in CARDS:
        assert [card.id for card in world.registry.cards(PLATFORM, wanted, PAGE).rows] == ids, wanted


def test_terminals_meet_every_condition(world: World) -> None:
    world.take_all()
    for wanted, count in TERMINALS:
        assert len(world.registry.terminals(PLATFORM, wanted, PAGE).rows) == count, wanted


@pytest.mark.parametrize("code", ["a", "op", "op2", "reg"])
def test_no_condition_widens_what_one_may_see(world: World, code: str) -> None:
    world.take_all()
    mine = {card.id for card in world.registry.cards(world.of(code), CardFilter(), PAGE).rows}
    for wanted, ids in CARDS:
        found = [card.id for card in world.registry.cards(world.of(code), wanted, PAGE).rows]
        if wanted.enterprise is None:
            assert found == [number for number in ids if number in mine], wanted
        assert set(found) <= mine
