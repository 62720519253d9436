from collections import Counter

import numpy as np
import pytest

from tallyward.simulate.chain import Chain
from tallyward.simulate.chain_faults import EVERY, FATES, SHELVED, SOLD, Who, choose_fates
from tallyward.simulate.columns import NOT_SET
from tallyward.simulate.fleet import Fleet, build_fleet
from tallyward.simulate.numbering import iccids
from tallyward.simulate.truth import tell_truth
from tests.simulate.conftest import DAY


@pytest.fixture(scope="session")
def seen(fleet: Fleet) -> Counter[int]:
    """Records of each card on the day."""
    cards, records = fleet.block(1, fleet.cards)
    return Counter(cards.number[records.card].tolist())


def test_there_is_a_fault_and_a_near_miss_of_each_kind(fleet: Fleet) -> None:
    fates = choose_fates(fleet)
    planted, near = fates.cards(planted=True), fates.cards(planted=False)
    kinds = {fate.kind for fate in FATES}
    assert {kind for kind, _ in planted} == {kind for kind, _ in near} == kinds
    names = [name for _, name in (*planted, *near)]
    assert len(set(names)) == len(names)
    assert all(len(fates.having(fate.name)) == fate.count(fleet.cards) for fate in FATES)


def test_those_in_use_are_seen_on_the_day_and_the_silent_are_not(fleet: Fleet, seen: Counter[int]) -> None:
    fates = choose_fates(fleet)
    for fate in FATES:
        counts = [seen[number] for number in fates.having(fate.name).tolist()]
        assert counts
        assert min(counts) >= 5 if fate.who is Who.BUSY else not any(counts)


def test_those_in_use_ride_in_one_device(fleet: Fleet) -> None:
    fates = choose_fates(fleet)
    busy = {number for fate in FATES if fate.who is Who.BUSY for number in fates.having(fate.name).tolist()}
    cards, records = fleet.block(1, fleet.cards)
    pairs = zip(cards.number[records.card].tolist(), records.imei.tolist(), strict=True)
    devices = {(number, imei) for number, imei in pairs if number in busy and imei}
    assert len(devices) == len(busy)


def test_no_card_of_the_fleets_own_faults_and_near_misses_is_taken(fleet: Fleet) -> None:
    fates = choose_fates(fleet)
    busy = np.concatenate([fates.having(fate.name) for fate in FATES if fate.who is Who.BUSY])
    assert set(fleet.numbered(busy).role.tolist()) == {fleet.cast.plain}
    planted = {name for _, name in fates.cards(planted=True)}
    assert not planted & {hit.number for hit in tell_truth(fleet).hits}


def test_the_unsold_are_with_those_who_may_do_what_is_done_to_them(fleet: Fleet) -> None:
    fates = choose_fates(fleet)
    for who, prefix in ((Who.WITH_RESELLER, 1), (Who.WITH_SHOP, 4)):
        for fate in (fate for fate in FATES if fate.who is who):
            cards = fleet.numbered(fates.having(fate.name))
            assert (cards.role == fleet.cast.unsold).all()
            assert (cards.terminal == NOT_SET).all()
            assert ((cards.holder >= prefix) & (cards.holder < prefix + 3 + (who is Who.WITH_SHOP))).all()


def test_the_same_fleet_has_the_same_fates_and_another_seed_others(fleet: Fleet) -> None:
    other = build_fleet(cards=fleet.cards, terminals=fleet.terminals, seed=12, day=DAY)
    first, second = choose_fates(fleet).cards(planted=True), choose_fates(other).cards(planted=True)
    assert first == choose_fates(fleet).cards(planted=True)
    assert set(first) != set(second)


def test_a_card_without_a_fate_is_sold_or_on_a_shelf(fleet: Fleet) -> None:
    fates = choose_fates(fleet)
    cards = fleet.cards_between(1, fleet.cards)
    named = [EVERY[place] for place in fates.of(cards.number, cards.role).tolist()]
    told = dict(zip(fates.numbers.tolist(), fates.place.tolist(), strict=True))
    for number, role, fate in zip(cards.number.tolist(), cards.role.tolist(), named, strict=True):
        other = SHELVED if role == fleet.cast.unsold else SOLD
        assert fate == (FATES[told[number]] if number in told else other)


def test_a_fleet_too_small_for_all_has_some_of_each_sort_of_card(chain: Chain) -> None:
    small = choose_fates(build_fleet(cards=400, terminals=200, seed=1, day=DAY))
    assert 0 < len(small.numbers) < len(chain.fates.numbers)
    assert {name for _, name in small.cards(planted=True)} <= set(iccids(np.arange(1, 401)))
