from tallyward.kernel.actor import PLATFORM
from tallyward.registry.columns import Kind
from tallyward.registry.model import PeerKind
from tests.registry.world import World, codes


def test_a_list_is_as_its_file_says_unless_the_file_is_spoilt(world: World) -> None:
    world.take_all(Kind.GROUP_LISTS)
    spoilt = "enterprise,code,kind,entry\na,net,ipv4,10.9.0.0/24\na,net,ipv4,10.9.0.1/24\n"
    report = world.take(Kind.GROUP_LISTS, spoilt)
    assert codes(report) == [(3, "entry", "registry.peer_form")]
    assert (report.added, report.changed) == (1, 0)
    report = world.take(Kind.GROUP_LISTS, "enterprise,code,kind,entry\na,net,ipv4,10.9.0.0/24\n")
    assert (report.added, report.changed, report.unchanged) == (0, 2, 1)
    entries = {(made.enterprise, made.code): made.entries for made in world.registry.group_lists(PLATFORM)}
    assert ((PeerKind.IPV4, "10.9.0.0/24"),) in entries.values()


def test_lists_of_two_enterprises_may_have_one_code(world: World) -> None:
    world.take_all(Kind.GROUP_LISTS)
    found = world.registry.group_lists(PLATFORM)
    assert [made.code for made in found] == ["common", "net", "net"]
    assert len({made.enterprise for made in found}) == 3
    assert [len(made.entries) for made in found] == [2, 2, 1]


def test_one_peer_written_in_two_ways_is_one_entry(world: World) -> None:
    world.take_all(Kind.ENTERPRISES)
    text = "enterprise,code,kind,entry\na,l,ipv4,10.0.0.1\na,l,ipv4,10.0.0.1/32\n"
    report = world.take(Kind.GROUP_LISTS, text)
    assert report.added == 1
    assert codes(report) == [(3, "entry", "registry.repeated_key")]
