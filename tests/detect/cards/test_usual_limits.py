"""Limits by baseline: the order of limits, and the same answer of every way to judge a day."""

import random
from collections.abc import Callable

import pytest

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.finding import LimitOrigin
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.usual_limits import asks_for_usual, set_into
from tests.detect.adapters.test_duckdb_traversal import found, throw_day
from tests.detect.adapters.test_live_columns import Arriving, told_live
from tests.detect.rule_making import LIMITS, fault, make_rule, random_fault
from tests.detect.world import DAY, World

USUAL = {
    "bytes_p99": {1: 4, 2: 10},
    "peers_p999": {1: 1, 3: 2},
    "cells_p95": {0: 1, 2: 2, 3: 3},
    "records_p50": {1: 7, 3: 1},
    "hours_p999": {},
}
BY_BASELINE = {
    "day_bytes": {"baseline": "bytes_p99", "times": 1.5, "at_least": 5, "else": 6},
    "month_bytes": {"baseline": "bytes_p99", "times": 3, "else": 9},
    "max_peers": {"baseline": "peers_p999", "times": 2, "at_least": 1, "else": 2},
    "max_cells": {"baseline": "cells_p95", "else": 2},
    "max_imeis": {"baseline": "hours_p999", "else": 1},
    "far_km": {"baseline": "records_p50", "times": 10, "else": 20.5},
}


def settled(*rules: Rule) -> tuple[Rule, ...]:
    return set_into(RuleBook(rules, "book"), USUAL, "v1").rules


def random_rules(dice: random.Random, count: int) -> tuple[Rule, ...]:
    limits = {**LIMITS, **BY_BASELINE}
    made = [make_rule(random_fault(dice, "f"), rule=f"T{number}", limits=limits) for number in range(count)]
    return settled(*made)


def throw_classes(world: World, dice: random.Random) -> None:
    throw_day(world, dice)
    for profile in world.profiles.values():
        profile.update(card_class=dice.randint(0, 4), own_limits=dice.randint(0, 31))


@pytest.mark.parametrize("seed", range(30))
def test_stage_one_and_sql_find_with_baselines_what_plain_python_finds(
    new_world: Callable[[], World], seed: int
) -> None:
    dice = random.Random(seed)
    world = new_world()
    throw_classes(world, dice)
    rules = random_rules(dice, 10)
    assert found(world.scan(rules).run(DAY)) == world.verdicts(rules)


@pytest.mark.parametrize("seed", range(20))
def test_live_finds_with_baselines_what_plain_python_finds(new_world: Callable[[], World], seed: int) -> None:
    dice = random.Random(seed)
    world = new_world()
    throw_classes(world, dice)
    rules = told_live(random_rules(dice, 16))
    arriving = Arriving(world, rules)
    records, so_far = world.records, set[tuple[int, str]]()
    dice.shuffle(records)
    flags: set[tuple[int, str]] = set()
    for at in range(0, len(records), 17):
        arriving.write(records[at : at + 17])
        flags |= set(arriving.flags(arriving.take(arriving.intake - 1)))
        world.records = records[: at + 17]
        so_far |= world.verdicts(rules)
        assert flags == so_far


ORDER = {  # card: (profile, limit of peers, who set it)
    1: ({"max_peers": 3, "own_limits": 4, "card_class": 1}, 3, LimitOrigin.CARD),
    2: ({"max_peers": 5, "own_limits": 0, "card_class": 1}, 5, LimitOrigin.CLASS),
    3: ({"card_class": 1}, 2, LimitOrigin.BASELINE),
    4: ({"card_class": 3}, 4, LimitOrigin.BASELINE),
    5: ({"card_class": 2}, 64, LimitOrigin.RULE),  # a class without baseline
    6: ({"card_class": 9}, 64, LimitOrigin.RULE),  # a class that came after
}
PEERS = {"max_peers": {"baseline": "peers_p999", "times": 2, "else": 64}, "own": {"baseline": "peers_p999", "else": 9}}


def order_rules() -> tuple[Rule, ...]:
    words = {"why": {"en": "{limit} ({origin})", "zh-CN": "{limit}（{origin}）"}}
    peers = fault("peers", card="count() > 0", limit="max_peers") | words
    own = fault("own", card="count() > 0 AND own > 0", limit="own") | words
    return settled(make_rule(peers, rule="T1", limits=PEERS), make_rule(own, rule="T2", limits=PEERS))


def ordered(world: World) -> World:
    for card, (profile, _, _) in ORDER.items():
        world.use(world.card(card, **profile))
    return world


def test_the_cards_own_limit_goes_first_then_its_class_then_the_baseline_then_the_rule(world: World) -> None:
    findings = ordered(world).scan(order_rules()).run(DAY).findings
    told = {one.card: one.measures[0] for one in findings if one.rule == "T1"}
    assert {card: (int(one.limit), one.origin) for card, one in told.items()} == {
        card: (limit, origin) for card, (_, limit, origin) in ORDER.items()
    }
    own = {one.card: (one.measures[0].limit, one.measures[0].origin) for one in findings if one.rule == "T2"}
    assert own == {
        **dict.fromkeys((1, 2, 3), ("1", LimitOrigin.BASELINE)),
        4: ("2", LimitOrigin.BASELINE),
        **dict.fromkeys((5, 6), ("9", LimitOrigin.RULE)),
    }


def test_live_tells_the_same_limit_and_who_set_it(world: World) -> None:
    ordered(world)
    rules = order_rules()
    arriving = Arriving(world, rules)
    arriving.write(world.records)
    hits = arriving.take(0)
    scanned = ordered(world).scan(rules).run(DAY).findings
    assert {(hit.card, hit.fault): (str(hit.limit), hit.origin) for hit in hits} == {
        (one.card, {"T1": 0, "T2": 1}[one.rule]): (one.measures[0].limit, one.measures[0].origin.value)
        for one in scanned
        if one.rule in {"T1", "T2"}
    }
    assert len(hits) == 2 * len(ORDER)


def test_an_explanation_names_the_baseline_as_who_set_the_limit(world: World) -> None:
    findings = ordered(world).scan(order_rules()).run(DAY).findings
    (one,) = [one for one in findings if (one.rule, one.card) == ("T1", 3)]
    assert one.explanation["en"].why == "2 (usual of its class)"
    assert one.explanation["zh-CN"].why == "2（同类基线）"


def test_new_numbers_change_the_books_version_and_no_rules(world: World) -> None:
    book = RuleBook((make_rule(fault(card="count_distinct(peer) > max_peers"), limits=PEERS),), "book")
    first, same, second = (set_into(book, USUAL, version) for version in ("v1", "v1", "v2"))
    assert first == same
    assert len({book.version, first.version, second.version}) == 3
    assert {one.rules[0].version for one in (book, first, second)} == {book.rules[0].version}


def test_only_rules_with_such_limits_ask_for_baselines(rules: tuple[Rule, ...]) -> None:
    assert not asks_for_usual(RuleBook(rules, "book"))
    assert asks_for_usual(RuleBook((make_rule(fault(card="count() > max_peers"), limits=PEERS),), "book"))
    assert set_into(RuleBook(rules, "book"), USUAL, "v1").rules == rules
