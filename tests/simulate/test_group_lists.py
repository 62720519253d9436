import numpy as np
import pytest

from tallyward.simulate.group_lists import (
    POOL,
    PeerLists,
    open_numbers,
    open_peers,
    strange_addresses,
)
from tests.simulate.naive_rules import on_list


@pytest.mark.parametrize("names", [True, False])
def test_members_are_on_their_list_and_edges_are_not(names: bool) -> None:
    lists = PeerLists(names=names)
    for made in lists.lists:
        entries = [(kind.value, text) for kind, text in made.entries]
        assert all(on_list(lists.text(code), entries) for code in made.members)
        assert not on_list(lists.text(made.edge), entries)
        assert len(set(made.members)) == len(made.members)


def test_strangers_are_on_no_list() -> None:
    lists = PeerLists(names=True)
    steps = np.arange(200, dtype=np.int64)
    strange = [
        *open_peers(steps * 991, steps).tolist(),
        *strange_addresses(steps, steps).tolist(),
        *open_numbers(steps, steps).tolist(),
        *lists.strange_names.tolist(),
    ]
    texts = [lists.text(code) for code in strange]
    for made in lists.lists:
        entries = [(kind.value, text) for kind, text in made.entries]
        assert not any(on_list(text, entries) for text in texts)


def test_peers_of_one_card_are_different() -> None:
    steps = np.arange(500, dtype=np.int64)
    for peers in (open_peers, strange_addresses, open_numbers):
        assert len(np.unique(peers(np.full(500, 77, dtype=np.int64), steps))) == 500


def test_lists_with_a_prefix_know_more_peers_than_any_limit() -> None:
    lists = PeerLists(names=False)
    assert lists.size.max() == POOL
    assert lists.pool.shape == (80, POOL)
    assert not lists.strange_names.size


def test_apns_and_ipv6_only_where_allowed() -> None:
    kinds = {kind.value for made in PeerLists(names=False).lists for kind, _ in made.entries}
    assert kinds == {"ipv4", "number"}
    assert {kind.value for made in PeerLists(names=True).lists for kind, _ in made.entries} == {*kinds, "apn", "ipv6"}
