from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import TerminalId
from tallyward.kernel.paging import PageRequest
from tallyward.registry.columns import Kind
from tallyward.registry.filters import TerminalFilter
from tallyward.registry.model import Access, Terminal, Usage
from tests.registry.world import FILES, World


def terminals(world: World, wanted: TerminalFilter) -> dict[str, Terminal]:
    """Terminals by serial."""
    return {one.serial: one for one in world.registry.terminals(PLATFORM, wanted, PageRequest()).rows}


FILTERS = [
    (TerminalFilter(q="T-"), {"T-1", "T-2", "T-3"}),
    (TerminalFilter(q=" 49015 "), {"T-1"}),
    (TerminalFilter(q="t-"), set()),
    (TerminalFilter(enterprise="b"), {"T-3"}),
    (TerminalFilter(enterprise="nobody"), set()),
    (TerminalFilter(access=Access.WIRED), {"GW-0", "GW-1"}),
    (TerminalFilter(usage=Usage.PUBLIC, fixed=False), {"T-2"}),
    (TerminalFilter(fixed=True), {"T-1", "GW-0", "GW-1"}),
]


def test_terminals_meet_every_condition(world: World) -> None:
    world.take_all()
    for wanted, expected in FILTERS:
        assert set(terminals(world, wanted)) == expected, wanted


def test_a_terminal_is_as_its_file_said(world: World) -> None:
    world.take_all()
    found = terminals(world, TerminalFilter())
    assert (found["T-1"].home, found["T-1"].imei, found["T-1"].gateway) == ((32.06, 118.79), "490154203237518", None)
    assert (found["T-2"].home, found["T-2"].gateway) == (None, found["GW-1"].id)
    assert (found["T-3"].imei, found["T-3"].vendor, found["T-3"].usage) == (None, "", Usage.CONSUMER)
    assert found["GW-1"].gateway == found["GW-0"].id
    assert world.registry.terminal(PLATFORM, found["T-1"].id) == found["T-1"]


def test_counts_follow_changes(world: World) -> None:
    world.take_all()
    counts = world.registry.count_terminals(PLATFORM)
    assert (counts.total, counts.fixed, counts.by_access[Access.WIRED]) == (5, 3, 2)
    assert counts.by_usage == {Usage.PUBLIC: 2, Usage.PRODUCTION: 2, Usage.CONSUMER: 1}
    world.take(Kind.TERMINALS, FILES[Kind.TERMINALS].replace("b,consumer", "b,public"))
    assert world.registry.count_terminals(PLATFORM).by_usage == {Usage.PUBLIC: 3, Usage.PRODUCTION: 2}
    assert world.registry.count_terminals(world.of("b")).total == 1


def test_the_operator_of_the_card_inside_sees_the_terminal(world: World) -> None:
    world.take_all()
    seen = world.registry.terminals(world.of("op"), TerminalFilter(), PageRequest()).rows
    assert {one.serial for one in seen} == {"T-1", "T-2", "T-3"}


def test_bindings_of_a_terminal_come_newest_first(world: World) -> None:
    world.take_all()
    number = terminals(world, TerminalFilter(q="T-1"))["T-1"].id
    assert [one.card for one in world.registry.terminal_bindings(PLATFORM, TerminalId(number))] == [1, 2]
