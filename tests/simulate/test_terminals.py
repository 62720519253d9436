from collections import Counter

import pytest

from tallyward.kernel.identities import imei
from tallyward.registry.model import Access
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.terminals import Thing, things


@pytest.fixture(scope="module")
def all_things(fleet: Fleet) -> list[Thing]:
    return list(things(fleet))


def test_there_are_as_many_as_asked_for(fleet: Fleet, all_things: list[Thing]) -> None:
    assert len(all_things) == fleet.terminals == len({thing.serial for thing in all_things})


def test_those_with_cards_have_valid_imeis(fleet: Fleet, all_things: list[Thing]) -> None:
    with_imei = [thing for thing in all_things if thing.imei]
    assert len(with_imei) == fleet.cellular
    assert all(imei(str(thing.imei)) for thing in with_imei)


def test_gateways_are_terminals_of_the_same_firm(all_things: list[Thing]) -> None:
    by_serial = {thing.serial: thing for thing in all_things}
    behind = [thing for thing in all_things if thing.gateway]
    assert behind
    assert all(by_serial[thing.gateway].firm == thing.firm and thing.home is None for thing in behind)


def test_every_kind_of_access_is_there(all_things: list[Thing]) -> None:
    assert set(Counter(thing.access for thing in all_things)) == set(Access)


def test_fixed_ones_stand_somewhere(all_things: list[Thing]) -> None:
    homes = [thing.home for thing in all_things if thing.home]
    assert 0.4 < len(homes) / len(all_things) < 0.9
    assert all(
        15_000_000 < latitude < 50_000_000 and 70_000_000 < longitude < 130_000_000 for latitude, longitude in homes
    )
