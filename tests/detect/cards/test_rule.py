from dataclasses import FrozenInstanceError

import pytest

from tallyward.detect.cards.rule import Rule
from tests.detect.rule_making import fault, make_rule


def test_conditions_are_one_text_a_fault_as_people_wrote_them() -> None:
    rule = make_rule(
        fault("a", record="up   >  3"),
        fault("b", record="svc = 'data' OR up > 1", card="count() > many"),
        fault("c", across={"by": "imei", "count_distinct": "card_id", "at_least": "many"}),
    )
    assert rule.conditions == (
        "up > 3",
        "(svc = 'data' OR up > 1) AND (count() > many)",
        "count_distinct(card_id) BY imei >= many",
    )


def test_two_conditions_keep_their_own_brackets() -> None:
    only = make_rule(fault(record="up > 1 OR dn > 1", card="fixed = 1 OR roam_ok = 0")).conditions[0]
    assert only == "(up > 1 OR dn > 1) AND (fixed = 1 OR roam_ok = 0)"


def test_the_default_rules_show_a_condition_for_every_fault(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        assert len(rule.conditions) == len(rule.faults)
        assert all(rule.conditions), rule.id


def test_a_loaded_rule_cannot_be_changed() -> None:
    rule = make_rule(fault(card="count() > 1"))
    with pytest.raises(FrozenInstanceError):
        rule.severity = "high"  # type: ignore[misc] # that is what is tried
