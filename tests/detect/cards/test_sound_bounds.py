import random

import numpy as np
import pytest

from tallyward.detect.cards import evaluate
from tallyward.detect.cards.possible import value
from tallyward.detect.cards.row_sight import RowSight
from tallyward.detect.cards.rule import Fault
from tallyward.detect.cards.sound_bounds import CardSight, Effort, counts_exactly, month_key
from tallyward.detect.cards.tree import Aggregate, aggregates
from tests.detect.stretches import one_fault, stretch
from tests.detect.world import PLACES

KEPT = [
    "count()", "sum(up + dn)", "sum(up - dn)", "sum(up * 0.3)", "min(up)", "max(dn)", "max(dn * 0.7)",
    "count_distinct(peer)", "count_distinct(cell)", "count_distinct(imei)", "span_km(cell)",
]  # fmt: skip
WORLD = evaluate.World(lambda _list, _peer: False, places=PLACES)


def kept(text: str) -> tuple[Fault, Aggregate]:
    fault = one_fault(card=f"{text} > 1", observed=text)
    return fault, aggregates(fault.card)[0]


def random_records(dice: random.Random) -> list[dict[str, int]]:
    return [
        {
            "card": dice.randint(0, 4),
            "up": dice.choice([0, 1, 2, 2**32 - 1]),
            "dn": dice.randint(0, 5),
            "imei": dice.choice([0, 1, 2, 2**64 - 1]),
            "peer": dice.choice([0, 1 << 60, (1 << 60) + 1, (2 << 60) + 7]),
            "cell": dice.choice([0, 1, 2, 4, 6, 9, 1 << 31]),
        }
        for _ in range(dice.randint(1, 40))
    ]


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("effort", list(Effort))
@pytest.mark.parametrize("text", KEPT)
def test_the_true_value_lies_within_the_bounds(text: str, effort: Effort, in_order: bool) -> None:
    fault, part = kept(text)
    for seed in range(12):
        records = random_records(random.Random(seed))
        if in_order:
            records.sort(key=lambda row: row["card"])
        made = stretch([{}] * 5, records)
        sight = CardSight(RowSight(made.day, made.profiles, made.references), None, effort)
        cards = sight.cards()
        span = value(part, sight, cards)
        low, high = (np.broadcast_to(np.asarray(end), len(cards)).tolist() for end in (span.low, span.high))
        for place, card in enumerate(cards.tolist()):
            own = [row for row in records if row["card"] == card]
            exact = evaluate.observed(fault, {}, own, WORLD) or 0
            assert low[place] <= exact <= high[place], (seed, card)
            assert abs(exact) <= span.size * (1 + 1e-12)


@pytest.mark.parametrize("text", ["count_distinct(peer)", "count_distinct(cell)", "count()", "sum(up + dn)"])
def test_with_every_effort_whole_numbers_are_exact(text: str) -> None:
    fault, part = kept(text)
    records = random_records(random.Random(3))
    made = stretch([{}] * 5, records)
    sight = CardSight(RowSight(made.day, made.profiles, made.references), None)
    span = value(part, sight, sight.cards())
    assert span.exact
    for card, found in zip(sight.cards().tolist(), np.asarray(span.low).tolist(), strict=True):
        own = [row for row in records if row["card"] == card]
        assert found == (evaluate.observed(fault, {}, own, WORLD) or 0)


def test_only_counts_of_values_and_distances_take_more_than_sums_and_ends() -> None:
    assert counts_exactly(one_fault(card="sum(up) > 1 AND max(dn) > 2").card)
    assert not counts_exactly(one_fault(card="count_distinct(peer) > 1").card)
    assert not counts_exactly(one_fault(card="span_km(cell) > 1").card)


def test_a_month_is_known_by_what_it_sums_up() -> None:
    (part,) = aggregates(one_fault(card="month_sum(up + dn) > 1").card)
    assert month_key(part) == "(up::BIGINT + dn::BIGINT)"
