import random
from collections.abc import Sequence
from typing import Any

import pytest

from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.rule_diff import RuleDiff, diff_rule, diff_rules
from tests.detect.rule_making import LIMITS, TEXTS, fault, make_rule, random_fault

PLAIN: dict[str, Any] = {"card": "sum(up + dn) > day_bytes AND fixed = 1", "limit": "day_bytes"}


def places(found: RuleDiff) -> list[str]:
    return [one.place for one in found.differences]


def test_a_rule_does_not_differ_from_itself() -> None:
    for rule in RuleBook.load().rules:
        found = diff_rule(rule, rule)
        assert found.finds_the_same
        assert not found.differences


def test_spaces_and_brackets_that_change_nothing_are_no_difference() -> None:
    loose = {**PLAIN, "card": "( sum( up+dn )  > day_bytes )  AND (fixed=1)"}
    found = diff_rule(make_rule(fault(**PLAIN)), make_rule(fault(**loose)))
    assert found.finds_the_same
    assert not found.differences


def test_a_limits_number_is_told_once_and_changes_what_is_found() -> None:
    found = diff_rule(make_rule(fault(**PLAIN)), make_rule(fault(**PLAIN), limits={**LIMITS, "day_bytes": 7}))
    assert not found.finds_the_same
    assert found.differences == (("limits.day_bytes", "6", "7", True),)


def test_a_limit_that_nothing_uses_changes_nothing() -> None:
    found = diff_rule(make_rule(fault(**PLAIN)), make_rule(fault(**PLAIN), limits={**LIMITS, "spare": 1}))
    assert found.finds_the_same
    assert found.differences == (("limits.spare", None, "1", False),)


def test_a_condition_is_shown_as_it_was_written() -> None:
    tighter = {**PLAIN, "card": "sum(up + dn) >= day_bytes AND fixed = 1"}
    found = diff_rule(make_rule(fault(**PLAIN)), make_rule(fault(**tighter)))
    assert found.differences == (("any_of.one.card", PLAIN["card"], tighter["card"], True),)


def test_sentences_titles_and_tests_differ_without_a_new_version() -> None:
    trials = [{"name": "found", "records": [], "hit": True}, {"name": "new", "records": [], "hit": False}]
    why = {"en": "other", "zh-CN": TEXTS["zh-CN"]}
    new = make_rule(fault(**{**PLAIN, "why": why}), title={"en": "T", "zh-CN": "标题"}, tests=trials)
    found = diff_rule(make_rule(fault(**PLAIN)), new)
    assert found.finds_the_same
    assert places(found) == [
        "title.en",
        "title.zh-CN",
        "any_of.one.why.en",
        "tests.found",
        "tests.not found",
        "tests.new",
    ]
    assert not any(one.finds for one in found.differences)


@pytest.mark.parametrize(
    ("given", "rule_given", "place"),
    [
        ({"observed": "sum(up)"}, {}, "any_of.one.observed"),
        ({"unit": "bytes"}, {}, "any_of.one.unit"),
        ({"missing": "fire"}, {}, "any_of.one.missing"),
        ({"limit": "month_bytes"}, {}, "any_of.one.limit"),
        ({"origin": "area"}, {}, "any_of.one.origin"),
        ({"record": "svc = 'sms'"}, {}, "any_of.one.record"),
        ({}, {"severity": "high"}, "severity"),
    ],
)
def test_whatever_else_names_what_is_found(given: dict[str, Any], rule_given: dict[str, Any], place: str) -> None:
    found = diff_rule(make_rule(fault(**PLAIN)), make_rule(fault(**{**PLAIN, **given}), **rule_given))
    assert not found.finds_the_same
    assert place in places(found)


def test_a_way_more_a_way_less_and_another_order_are_told() -> None:
    one, two = fault(**PLAIN), fault("two", across={"by": "imei", "count_distinct": "card_id", "at_least": "many"})
    found = diff_rule(make_rule(one), make_rule(one, two))
    assert ("any_of", "one", "one, two", True) in found.differences
    assert ("any_of.two.across", None, "count_distinct(card_id) BY imei >= many", True) in found.differences
    assert places(diff_rule(make_rule(one, two), make_rule(two, one))) == ["any_of"]


def test_versions_and_differences_never_contradict_each_other() -> None:
    dice = random.Random(4)
    unlike = 0
    for _ in range(300):
        first = [random_fault(dice, "one"), random_fault(dice, "two")]
        second = [
            dice.choice([random_fault(dice, "one"), first[0]]),
            dice.choice([random_fault(dice, "two"), first[1]]),
        ]
        limits = {**LIMITS, dice.choice(list(LIMITS)): dice.choice([1, 2, 3])}
        found = diff_rule(make_rule(*first), make_rule(*second, limits=limits))
        assert any(one.finds for one in found.differences) != found.finds_the_same, found
        unlike += not found.finds_the_same
    assert 50 < unlike < 300


def rules(*names: str) -> Sequence[Rule]:
    return [make_rule(fault(**PLAIN), rule=name) for name in names]


def test_rules_are_paired_by_id_and_single_ones_whatever_their_ids() -> None:
    (copy,) = diff_rules(rules("A"), rules("B"))
    assert copy.finds_the_same
    assert copy.differences == (("id", "A", "B", False),)
    paired = diff_rules(rules("A", "B"), rules("B", "C"))
    assert [(one.before, one.after) for one in paired] == [("A", None), ("B", "B"), (None, "C")]
    assert [one.finds_the_same for one in paired] == [False, True, False]
    assert all(one.before is None for one in paired[2].differences)
