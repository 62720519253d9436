from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards.verdict import BucketAnswer, FaultHit, KeyPairs, Seen, hot_pairs, of_fullest_keys

Pair = tuple[int, int]

PAIRS = st.lists(st.tuples(st.integers(1, 6) | st.just(2**64 - 1), st.integers(1, 5) | st.just(2**32 - 1)), max_size=40)


def parts_of(*groups: list[Pair]) -> list[KeyPairs]:
    return [
        KeyPairs(0, np.array([key for key, _ in own], np.uint64), np.array([card for _, card in own], np.uint32))
        for own in groups
    ]


@given(st.lists(PAIRS, max_size=4), st.integers(1, 5))
def test_hot_pairs_are_those_of_keys_that_enough_cards_have_over_all_buckets(
    groups: list[list[Pair]], at_least: int
) -> None:
    cards_of: defaultdict[int, set[int]] = defaultdict(set)
    for key, card in (pair for own in groups for pair in own):
        cards_of[key].add(card)
    expected = sorted(
        (key, card, len(cards)) for key, cards in cards_of.items() if len(cards) >= at_least for card in cards
    )
    keys, cards, counts = hot_pairs(parts_of(*groups), at_least)
    assert list(zip(keys.tolist(), cards.tolist(), counts.tolist(), strict=True)) == expected


def test_one_card_seen_often_with_a_key_is_one_card() -> None:
    keys, _, _ = hot_pairs(parts_of([(7, 1)] * 10, [(7, 1), (7, 2)]), 3)
    assert keys.size == 0


def test_cards_of_one_key_are_counted_across_buckets() -> None:
    keys, cards, counts = hot_pairs(parts_of([(7, 1)], [(7, 2)], [(7, 3), (8, 3)]), 3)
    assert (keys.tolist(), cards.tolist(), counts.tolist()) == ([7, 7, 7], [1, 2, 3], [3, 3, 3])


def test_without_pairs_the_answer_has_the_same_types() -> None:
    none, some = hot_pairs([], 2), hot_pairs(parts_of([(1, 1), (1, 2)]), 2)
    assert [part.size for part in none] == [0, 0, 0]
    assert [part.dtype for part in none] == [part.dtype for part in some]


def test_answers_of_two_buckets_share_nothing() -> None:
    one, other = BucketAnswer(1), BucketAnswer(2)
    one.blind.append(3)
    one.cells.append(Seen(1, 1, 0, 0, ()))
    assert (other.blind, other.cells, other.hits) == ([], [], [])


def test_pairs_of_some_cards() -> None:
    (pairs,) = parts_of([(7, 1), (8, 5), (9, 6)])
    assert pairs.between(5, 6).keys.tolist() == [8]
    assert pairs.between(10, 20).cards.tolist() == []


@given(PAIRS, st.integers(1, 4))
def test_a_card_is_hit_once_by_the_fullest_of_its_keys(pairs: list[Pair], at_least: int) -> None:
    each = sorted(set(pairs))
    hits = [FaultHit(0, card, 1, 0, 0, None, at_least, "rule", (), key) for key, card in each]
    cards_of = {key: {card for one, card in each if one == key} for key, _ in each}
    expected = {}
    for card in {card for _, card in each}:
        full = [(-len(cards_of[key]), key) for key, one in each if one == card and len(cards_of[key]) >= at_least]
        if full:
            expected[card] = (min(full)[1], -min(full)[0])
    assert {hit.card: (hit.key, hit.observed) for hit in of_fullest_keys(hits, at_least)} == expected
