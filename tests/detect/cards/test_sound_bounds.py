import random
from collections.abc import Callable
from typing import Any

import pytest

from tallyward.detect.cards.sound_bounds import Lifter, Sketch
from tests.detect.rule_making import fault, make_rule, random_rule
from tests.detect.world import DAY, World


def lifted(**given: Any) -> tuple[str, bool, dict[str, str]]:
    one = make_rule(fault(**given)).faults[0]
    sketch = Sketch()
    found = Lifter(sketch, (3,)).candidate(one.record, one.card)
    return found.sql, found.exact, sketch.names


def test_a_comparison_with_the_profile_is_lifted_to_both_ends_exactly() -> None:
    sql, exact, names = lifted(record="up <> day_bytes")
    assert exact
    assert sorted(name.split("(")[0] for name in names) == ["max", "min"]
    assert all(column in sql for column in names.values())


@pytest.mark.parametrize(
    "card", ["count_distinct(peer) > max_peers", "count_distinct(cell) > 2", "span_km(cell) > far_km"]
)
def test_what_one_grouping_cannot_count_is_a_bound_and_no_verdict(card: str) -> None:
    _, exact, names = lifted(card=card)
    assert not exact
    assert not any("DISTINCT" in name for name in names)


def test_two_mixed_comparisons_of_one_record_are_a_bound_and_no_verdict() -> None:
    assert not lifted(record="up > day_bytes AND dn > month_bytes")[1]


def test_rules_share_their_aggregates() -> None:
    sketch = Sketch()
    first = sketch.keep("max", "cell")
    assert sketch.keep("max", "cell") == first
    assert sketch.keep("min", "imei", "(imei <> 0)") != first
    assert list(sketch.names) == ["max(cell)", "min(nullif(imei, 0))"]


@pytest.mark.parametrize("seed", range(6))
def test_candidates_contain_every_exact_hit_of_random_rules(seed: int, new_world: Callable[[], World]) -> None:
    dice = random.Random(seed)
    world = new_world()
    for card in range(1, 30):
        world.card(card, fixed=dice.randint(0, 1), imei_bound=dice.choice([0, 1, 2]), roam_ok=dice.randint(0, 1))
        for _ in range(dice.randint(0, 4)):
            world.use(
                card,
                up=dice.randint(0, 4),
                dn=dice.randint(0, 4),
                imei=dice.randint(0, 3),
                cell=dice.randint(0, 4),
                peer=(1 << 60) | dice.randint(1, 4),
                svc=dice.randint(0, 2),
            )
    rules = tuple(random_rule(dice, f"T{number}") for number in range(3))
    exact = world.verdicts(rules)
    report = world.scan(rules).run(DAY)
    assert {(int(one.card), str(one.rule)) for one in report.findings if not one.rule.startswith("R0")} == exact
    across = any(one.across for rule in rules for one in rule.faults)
    assert across or report.candidates >= len({card for card, _ in exact})
