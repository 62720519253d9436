from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import CardId, TerminalId
from tallyward.kernel.paging import PageRequest
from tallyward.registry.columns import Kind
from tallyward.registry.filters import TerminalFilter
from tests.registry.world import FILES, ICCIDS, World


def test_a_later_binding_ends_the_one_before(world: World) -> None:
    world.take_all()
    header = FILES[Kind.BINDINGS].splitlines()[0]
    moved = f"{header}\n{ICCIDS[0]},T-2,2026-05-01T00:00:00Z,,moved\n"
    assert world.take(Kind.BINDINGS, moved).added == 1
    newest, before = world.registry.bindings(PLATFORM, CardId(1))
    assert before.until == newest.since
    assert newest.until is None
    for text in (moved, FILES[Kind.BINDINGS]):
        report = world.take(Kind.BINDINGS, text)
        assert (report.added, report.changed, report.rejected_count) == (0, 0, 0)


def test_an_earlier_binding_lasts_until_the_known_one(world: World) -> None:
    world.take_all()
    header = FILES[Kind.BINDINGS].splitlines()[0]
    world.take(Kind.BINDINGS, f"{header}\n{ICCIDS[0]},T-2,2024-05-01T00:00:00Z,,\n")
    newest, before = world.registry.bindings(PLATFORM, CardId(1))
    assert newest.until is None
    assert before.until == newest.since


def test_a_correction_of_the_terminal_is_a_change(world: World) -> None:
    world.take_all()
    corrected = FILES[Kind.BINDINGS].replace(",T-3,", ",T-2,")
    report = world.take(Kind.BINDINGS, corrected)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 3)


def test_an_ended_binding_is_not_opened_again_by_an_old_file(world: World) -> None:
    world.take_all()
    world.registry.unbind(PLATFORM, CardId(1), "returned")
    report = world.take(Kind.BINDINGS, FILES[Kind.BINDINGS])
    assert report.changed == 0
    assert world.registry.bindings(PLATFORM, CardId(1))[0].until == world.clock.now()


def test_the_operator_of_the_card_inside_may_see_the_terminal(world: World) -> None:
    world.take_all()
    seen = world.registry.terminals(world.of("op"), TerminalFilter(), PageRequest()).rows
    assert [terminal.serial for terminal in seen] == sorted(["T-1", "T-3", "T-2"], key=[t.serial for t in seen].index)
    assert world.registry.terminal_bindings(world.of("op"), TerminalId(seen[0].id))
