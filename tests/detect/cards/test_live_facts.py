import random

import numpy as np
import pytest

from tallyward.detect.cards import evaluate
from tallyward.detect.cards.live_facts import LiveFacts, LiveSight
from tallyward.detect.cards.possible import value, where
from tallyward.detect.cards.row_sight import RowSight
from tallyward.detect.cards.sound_bounds import CardSight
from tallyward.detect.cards.stage_one import settled
from tallyward.detect.cards.tree import aggregates
from tests.detect.cards.test_sound_bounds import KEPT, WORLD, kept, random_records
from tests.detect.stretches import one_fault, stretch


def grown(part_text: str, batches: list[list[dict[str, int]]]) -> tuple[LiveFacts, LiveSight]:
    _, part = kept(part_text)
    facts = LiveFacts(5, (part,), seed=3)
    for records in batches:
        made = stretch([{}] * 5, records)
        facts.grow(CardSight(RowSight(made.day, made.profiles, made.references), None))
    return facts, LiveSight(made.profiles, made.references, facts)


@pytest.mark.parametrize("text", KEPT)
def test_facts_of_batches_hold_the_value_of_all_of_them(text: str) -> None:
    fault, part = kept(text)
    for seed in range(8):
        dice = random.Random(seed)
        batches = [random_records(dice) for _ in range(dice.randint(1, 4))]
        facts, sight = grown(text, batches)
        everything = [row for batch in batches for row in batch]
        cards = np.flatnonzero(facts.records)
        span = value(part, sight, cards)
        low, high = (np.broadcast_to(np.asarray(end), len(cards)).tolist() for end in (span.low, span.high))
        for place, card in enumerate(cards.tolist()):
            own = [row for row in everything if row["card"] == card]
            exact = evaluate.observed(fault, {}, own, WORLD) or 0
            assert low[place] <= exact <= high[place], (seed, card)
            if span.exact:
                assert low[place] == exact


def test_the_cards_of_a_batch_are_told_and_records_are_counted() -> None:
    _, part = kept("count()")
    facts = LiveFacts(5, (part,), seed=3)
    for cards in ([0, 0, 4], [4], []):
        made = stretch([{}] * 5, [{"card": card} for card in cards])
        found = facts.grow(CardSight(RowSight(made.day, made.profiles, made.references), None))
        assert found.tolist() == sorted(set(cards))
    assert facts.records.tolist() == [2, 0, 0, 0, 2]


@pytest.mark.parametrize("text", ["count_distinct(cell) <= 9", "span_km(cell) < 9"])
def test_without_a_value_a_condition_is_unknown(text: str) -> None:
    fault = one_fault(card=text)
    facts = LiveFacts(2, aggregates(fault.card), seed=3)
    made = stretch([{}] * 2, [{"card": 0, "cell": 0}, {"card": 1, "cell": 1}])
    facts.grow(CardSight(RowSight(made.day, made.profiles, made.references), None))
    sight = LiveSight(made.profiles, made.references, facts)
    assert where(settled(fault)[1], sight, np.arange(2)).tolist() == [1]
    fire = one_fault(card=text, missing="fire")
    assert where(settled(fire)[1], sight, np.arange(2)).tolist() == [0, 1]


def test_a_sum_of_the_day_and_one_of_the_month_are_added_up_once() -> None:
    fault = one_fault(card="sum(up) > 1 OR month_sum(up) > 1")
    facts = LiveFacts(1, aggregates(fault.card), seed=3)
    made = stretch([{}], [{"card": 0, "up": 7}])
    facts.grow(CardSight(RowSight(made.day, made.profiles, made.references), None))
    for part in aggregates(fault.card):
        assert np.asarray(facts.span(part, made.profiles, np.arange(1)).low).tolist() == [7]
