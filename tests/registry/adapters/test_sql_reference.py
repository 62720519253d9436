from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.ids import CellId, EnterpriseId, GroupListId
from tallyward.kernel.paging import PageRequest
from tallyward.registry.adapters.sql_reference import SqlReference
from tallyward.registry.audit import AuditEntry
from tallyward.registry.columns import Kind
from tallyward.registry.model import EnterpriseKind, PeerKind
from tests.registry.world import NOW, World


def test_an_enterprise_and_its_audit_entry_are_one_change(world: World) -> None:
    store = SqlReference(world.sessions)
    entry = AuditEntry(NOW, "who", None, "registry.add_enterprise", "enterprise x")
    added = store.add_enterprise("x", "X", EnterpriseKind.VENDOR, entry)
    assert added is not None
    assert store.add_enterprise("x", "Again", EnterpriseKind.VENDOR, entry) is None
    assert [one.name for one in store.enterprises(PLATFORM.scope)] == ["X"]
    logged = world.audit.page(PLATFORM.scope, PageRequest()).rows
    assert [one.enterprise for one in logged] == [added.id]


def test_what_is_not_there_is_none(world: World) -> None:
    store = SqlReference(world.sessions)
    assert store.enterprise(PLATFORM.scope, EnterpriseId(1)) is None
    assert store.group_list(PLATFORM.scope, GroupListId(1)) is None
    assert store.cells([CellId(1)]) == {}


def test_many_cells_are_asked_for_at_once(world: World) -> None:
    world.take_all(Kind.CELLS)
    found = world.registry.cell_names([*map(CellId, range(3000)), CellId(2)])
    assert sorted(found) == [1, 2, 3, 4]
    assert {cell.cgi for cell in found.values()} == {"460-00-1-1", "460-00-1-2", "460-00-1-3", "999-01-7-7"}


def test_lists_come_with_their_entries_in_order(world: World) -> None:
    world.take_all(Kind.GROUP_LISTS)
    lists = {made.code: made for made in world.registry.group_lists(world.of("op"))}
    assert lists["common"].entries == ((PeerKind.IPV6, "2001:db8::1"), (PeerKind.NUMBER, "8613800000000"))
    assert list(lists) == ["common"]
