import inspect
from collections.abc import Callable

import pytest

from tallyward.kernel.actor import EVERYTHING, PLATFORM, Actor
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, TallywardError
from tallyward.kernel.ids import CardId, CellId, EnterpriseId, TerminalId
from tallyward.kernel.paging import PageRequest
from tallyward.registry.cadence import Cadence
from tallyward.registry.columns import Kind
from tallyward.registry.filters import CardFilter, TerminalFilter
from tallyward.registry.model import EnterpriseKind, FunctionMode
from tallyward.registry.service import RegistryService
from tests.registry.world import ICCIDS, World

PAGE = PageRequest(limit=500)
A_CARDS, B_CARD, B_TERMINAL = {1, 2}, CardId(3), "T-3"
FOR_EVERYBODY = {"card_classes", "areas", "cell_names", "set_fraud_prone", "add_enterprise"}
FOR_THE_PLATFORM = {"version", "directory", "export_profiles", "owners", "holdings", "speaks_for_all"}


def b_terminal(world: World) -> TerminalId:
    """The terminal of enterprise B."""
    rows = world.registry.terminals(PLATFORM, TerminalFilter(q=B_TERMINAL), PAGE).rows
    return rows[0].id


def b_list(world: World) -> int:
    """The group list of enterprise B."""
    b = world.of("b").scope.enterprise
    return next(made.id for made in world.registry.group_lists(PLATFORM) if made.enterprise == b)


ASK_FOR_B: dict[str, Callable[[World, Actor], object]] = {
    "enterprises": lambda w, a: [one for one in w.registry.enterprises(a) if one.code == "b"],
    "enterprise": lambda w, a: w.registry.enterprise(a, w.of("b").scope.enterprise or EnterpriseId(0)),
    "group_lists": lambda w, a: [one for one in w.registry.group_lists(a) if one.id == b_list(w)],
    "group_list": lambda w, a: w.registry.group_list(a, b_list(w)),  # type: ignore[arg-type]
    "card": lambda w, a: w.registry.card(a, B_CARD),
    "find_card": lambda w, a: w.registry.find_card(a, ICCIDS[2]),
    "cards": lambda w, a: [one for one in w.registry.cards(a, CardFilter(), PAGE).rows if one.id not in A_CARDS],
    "count_cards": lambda w, a: w.registry.count_cards(a).total - len(A_CARDS),
    "bindings": lambda w, a: w.registry.bindings(a, B_CARD),
    "bind": lambda w, a: w.registry.bind(a, CardId(4), b_terminal(w), "stolen"),
    "unbind": lambda w, a: w.registry.unbind(a, B_CARD, "stolen"),
    "effective_cadence": lambda w, a: w.registry.effective_cadence(a, B_CARD),
    "set_card_cadence": lambda w, a: w.registry.set_card_cadence(a, B_CARD, Cadence.DAILY),
    "find_terminal": lambda w, a: w.registry.find_terminal(a, B_TERMINAL),
    "set_terminal_cadence": lambda w, a: w.registry.set_terminal_cadence(a, b_terminal(w), Cadence.DAILY),
    "terminal": lambda w, a: w.registry.terminal(a, b_terminal(w)),
    "terminals": lambda w, a: w.registry.terminals(a, TerminalFilter(q=B_TERMINAL), PAGE).rows,
    "count_terminals": lambda w, a: w.registry.count_terminals(a).total - 4,
    "terminal_bindings": lambda w, a: w.registry.terminal_bindings(a, b_terminal(w)),
}


def test_the_list_of_use_cases_is_whole() -> None:
    public = {name for name, _ in inspect.getmembers(RegistryService, inspect.isfunction) if not name.startswith("_")}
    assert set(ASK_FOR_B) | FOR_EVERYBODY | FOR_THE_PLATFORM == public


@pytest.mark.parametrize("use_case", ASK_FOR_B)
def test_a_tenant_sees_and_changes_nothing_of_another(world: World, use_case: str) -> None:
    world.take_all()
    version = world.registry.version()
    try:
        found = ASK_FOR_B[use_case](world, world.of("a"))
    except NotFoundError as refusal:
        assert refusal.code.startswith("registry.no_")  # the same as for what does not exist
    else:
        assert not found
    assert world.registry.version() == version
    assert ASK_FOR_B[use_case](world, PLATFORM), "the test asks for something that is there"


def test_an_operator_sees_the_cards_it_issued_and_who_holds_them(world: World) -> None:
    world.take_all()
    op, op2 = world.of("op"), world.of("op2")
    assert [card.id for card in world.registry.cards(op, CardFilter(), PAGE).rows] == [1, 2, 3]
    assert [card.id for card in world.registry.cards(op2, CardFilter(), PAGE).rows] == [4]
    assert [one.code for one in world.registry.enterprises(op)] == ["a", "b", "op", "op2"]
    assert [one.code for one in world.registry.enterprises(op2)] == ["b", "op", "op2"]
    assert [one.code for one in world.registry.enterprises(world.of("a"))] == ["a", "op", "op2"]


def test_bindings_have_a_history(world: World) -> None:
    world.take_all()
    terminal = b_terminal(world)
    with pytest.raises(ConflictError, match=r"registry\.card_bound"):
        world.registry.bind(PLATFORM, CardId(1), terminal, "moved")
    ended = world.registry.unbind(PLATFORM, CardId(1), "broken")
    assert ended.until == world.clock.now()
    bound = world.registry.bind(world.of("op"), CardId(1), terminal, "replaced")
    assert (bound.terminal, bound.until, bound.reason) == (terminal, None, "replaced")
    world.registry.unbind(PLATFORM, CardId(1), "wrong one")
    again = world.registry.bind(PLATFORM, CardId(1), terminal, "right after all")
    assert again.since > bound.since  # in the same second, yet in order
    with pytest.raises(ConflictError, match=r"registry\.card_not_bound"):
        world.registry.unbind(PLATFORM, CardId(4), "nothing")
    assert [one.reason for one in world.registry.bindings(PLATFORM, CardId(1))] == [
        *("right after all", "replaced", "first fitted")
    ]


def test_changes_are_in_the_audit_log_of_both_sides(world: World) -> None:
    world.take_all()
    op = world.of("op")
    world.registry.unbind(op, CardId(1), "broken")
    for scope in (EVERYTHING, op.scope, world.of("a").scope):
        newest = world.audit.page(scope, PageRequest(limit=1)).rows[0]
        assert (newest.actor, newest.action, newest.subject) == ("op-person", "registry.unbind", "card 1")
        assert newest.detail == {"reason": "broken"}
        assert newest.at == world.clock.now()
    assert not world.audit.page(world.of("b").scope, PageRequest()).rows


def test_a_refused_change_leaves_no_entry(world: World) -> None:
    world.take_all()
    before = world.audit.page(EVERYTHING, PAGE).rows
    with pytest.raises(TallywardError):
        world.registry.bind(PLATFORM, CardId(1), b_terminal(world), "again")
    with pytest.raises(ConflictError, match=r"registry\.enterprise_exists"):
        world.registry.add_enterprise(PLATFORM, "a", "Other", EnterpriseKind.VENDOR)
    assert world.audit.page(EVERYTHING, PAGE).rows == before


def test_enterprises_are_added_by_the_platform(world: World) -> None:
    world.take_all()
    added = world.registry.add_enterprise(PLATFORM, "new", " Neu 新 ", EnterpriseKind.RESELLER)
    assert (added.code, added.name, added.kind) == ("new", "Neu 新", EnterpriseKind.RESELLER)
    assert world.registry.enterprise(PLATFORM, added.id) == added
    with pytest.raises(ForbiddenError, match=r"registry\.platform_only"):
        world.registry.add_enterprise(world.of("a"), "mine", "Mine", EnterpriseKind.OPERATOR)
    for code, name in (("no code", "x"), ("x", " "), ("x", "a\nb"), ("x", "n" * 201)):
        with pytest.raises(InvalidError):
            world.registry.add_enterprise(PLATFORM, code, name, EnterpriseKind.VENDOR)


def test_areas_are_marked_by_the_platform(world: World) -> None:
    world.take_all()
    version = world.registry.version()
    assert world.registry.set_fraud_prone(PLATFORM, "CN-32", True).fraud_prone
    assert world.registry.version() == version + 1
    world.registry.set_fraud_prone(PLATFORM, "CN-32", True)
    assert world.registry.version() == version + 1
    with pytest.raises(NotFoundError, match=r"registry\.no_area"):
        world.registry.set_fraud_prone(PLATFORM, "CN-99", True)
    with pytest.raises(ForbiddenError):
        world.registry.set_fraud_prone(world.of("a"), "CN-32", False)


def test_reference_tables_come_whole(world: World) -> None:
    world.take_all()
    classes = {one.code: one for one in world.registry.card_classes()}
    assert (classes["meter"].limits.max_peers, classes["meter"].limits.max_cells) == (4, None)
    areas = {one.code: one for one in world.registry.areas()}
    assert (areas["CN-32"].plmns, areas["X"].fraud_prone, areas["CN-32"].title_zh) == (("46000", "46001"), True, "江苏")
    names = world.registry.cell_names([CellId(1), CellId(99)])
    assert list(names) == [1]


@pytest.mark.parametrize("text", [ICCIDS[2].lower(), " 460000000000003 ", "+86 1440 0000 003"])
def test_a_card_is_found_by_any_of_its_numbers(world: World, text: str) -> None:
    world.take_all()
    found = world.registry.find_card(PLATFORM, text)
    assert found is not None
    assert (found.iccid, found.data.mode) == (ICCIDS[2], FunctionMode.DIRECTED)
    assert world.registry.find_card(PLATFORM, " ") is None
    assert world.registry.find_card(PLATFORM, "1" * 300) is None


def test_who_speaks_for_all_is_the_platform_or_the_only_operator(world: World) -> None:
    world.take(Kind.ENTERPRISES, "code,name,kind\nop,Huaxun,operator\na,Alpha,industry_user\n")
    assert world.registry.speaks_for_all(PLATFORM)
    assert world.registry.speaks_for_all(world.of("op"))
    assert not world.registry.speaks_for_all(world.of("a"))
    world.take(Kind.ENTERPRISES, "code,name,kind\nop2,Other,operator\n")
    assert not world.registry.speaks_for_all(world.of("op"))
    assert world.registry.speaks_for_all(PLATFORM)
