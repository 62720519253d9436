import numpy as np
import pytest

from tallyward.kernel.errors import InvalidError
from tallyward.simulate.draws import Draws
from tallyward.simulate.faults import FAULTS
from tallyward.simulate.near_misses import NEAR_MISSES
from tallyward.simulate.roles import LEAST_CARDS, Cast, Role

ROLES = (*FAULTS, *NEAR_MISSES)


@pytest.mark.parametrize("cards", [LEAST_CARDS, 200, 997, 20_000])
def test_ranks_are_a_permutation_and_numbers_turn_it_back(cards: int) -> None:
    cast = Cast(cards, Draws(1), ROLES)
    numbers = np.arange(1, cards + 1, dtype=np.int64)
    ranks = cast.ranks(numbers)
    assert sorted(ranks.tolist()) == list(range(cards))
    assert cast.numbers(ranks).tolist() == numbers.tolist()


@pytest.mark.parametrize("cards", [LEAST_CARDS, 5_000, 1_000_000])
def test_every_role_is_played_as_often_as_it_says(cards: int) -> None:
    cast = Cast(cards, Draws(2), ROLES)
    parts, turns = cast.parts(np.arange(cards, dtype=np.int64))
    counts = np.bincount(parts, minlength=len(ROLES) + 2)
    assert counts[: len(ROLES)].tolist() == [role.count(cards) for role in ROLES]
    assert counts[cast.plain] > cards * (0.02 if cards == LEAST_CARDS else 0.9)
    assert counts[cast.unsold] == cast.stock == cards * 25 // 1000
    for number, role in enumerate(ROLES):
        assert turns[parts == number].tolist() == list(range(role.count(cards)))
        assert role.count(cards) % role.group == 0


def test_turns_name_the_cards_of_a_role() -> None:
    cast = Cast(3_000, Draws(3), ROLES)
    parts, turns = cast.parts(cast.ranks(cast.turns(4)))
    assert set(parts.tolist()) == {4}
    assert turns.tolist() == list(range(cast.counts[4]))


def test_cards_of_a_group_are_spread_over_the_fleet() -> None:
    cast = Cast(1_000_000, Draws(4), ROLES)
    box = cast.turns([role.name for role in ROLES].index("box"))[:8]
    assert len(np.unique(box // 250_000)) >= 3


def test_faults_are_rare() -> None:
    by_rule: dict[str, float] = {}
    for role in FAULTS:
        for rule in role.hits:
            by_rule[rule] = by_rule.get(rule, 0) + role.share
    assert set(by_rule) == {"R1", "R2", "R3", "R4", "R5", "R6", "R7", "R0.unknown_cell"}
    assert all(50 <= share <= 500 for share in by_rule.values())


def test_names_of_roles_are_different_and_near_misses_hit_nothing() -> None:
    assert len({role.name for role in ROLES}) == len(ROLES)
    assert not any(role.hits for role in NEAR_MISSES)


def test_a_fleet_too_small_is_refused() -> None:
    with pytest.raises(InvalidError) as refusal:
        Cast(LEAST_CARDS - 1, Draws(1), ROLES)
    assert refusal.value.code == "simulate.too_few_cards"


def test_counts_come_in_whole_groups() -> None:
    assert Role("x", (), 100, (), group=7, least=3).count(100) == 7
    assert Role("x", (), 1000, (), group=7).count(1000) == 14
