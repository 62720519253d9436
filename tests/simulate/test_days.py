import numpy as np

from tallyward.simulate.columns import DATA, DAY_BYTES, MAX_PEERS, Cards, Days
from tallyward.simulate.fleet import Fleet


def test_a_card_has_about_eleven_and_a_half_records(days: Days) -> None:
    assert 11 < days.records.sum() / days.records.shape[1] < 12


def test_stock_and_some_others_are_silent(fleet: Fleet, cards: Cards, days: Days) -> None:
    silent = days.records.sum(axis=0) == 0
    assert silent[cards.role == fleet.cast.unsold].all()
    assert 0 < silent[cards.role == fleet.cast.plain].mean() < 0.03


def test_every_part_finds_the_records_it_needs(fleet: Fleet, cards: Cards, days: Days) -> None:
    for number, role in enumerate(fleet.cast.roles):
        if role.name != "unnamed_silent":
            assert (days.records[:, cards.role == number].sum(axis=0) >= 5).all(), role.name


def test_there_are_as_many_peers_as_promised_only_with_enough_records(days: Days) -> None:
    busy = days.records > 0
    assert (days.peers[busy] + days.strays[busy] <= days.records[busy] + days.strays[busy]).all()
    assert (days.strays <= days.records).all()


def test_plain_cards_stay_well_inside_their_limits(cards: Cards, days: Days) -> None:
    plain = days.plain
    assert (days.volume[plain] < cards.limits[DAY_BYTES, plain] * 0.6).all()
    assert (days.peers[DATA, plain] < cards.limits[MAX_PEERS, plain]).all()
    assert np.unique(days.volume[plain]).size > 1000
