from tallyward.detect.cards.plan import make_plan
from tallyward.detect.cards.rule import Rule
from tests.detect.rule_making import fault, make_rule


def test_all_rules_share_one_grouping_that_reads_no_profile(rules: tuple[Rule, ...]) -> None:
    plan = make_plan(rules, (3,), 100)
    assert plan.sketch.count("GROUP BY card_id") == 1
    assert "profile" not in plan.sketch
    assert plan.pick.count("LEFT JOIN profile") == 1
    assert len(plan.faults) == sum(len(rule.faults) for rule in rules)


def test_a_second_key_is_planned_once_a_fault_that_counts_by_it(rules: tuple[Rule, ...]) -> None:
    plan = make_plan(rules, (), 100)
    (key,) = plan.keys
    assert plan.rules[plan.faults[key.fault].rule].id == "R4"
    assert key.at_least == 8


def test_no_inner_join_can_drop_a_record(rules: tuple[Rule, ...]) -> None:
    plan = make_plan(rules, (3,), 100)
    assert " JOIN " not in plan.sketch.replace("LEFT JOIN", "")
    assert " JOIN " not in plan.pick.replace("LEFT JOIN", "")


def test_a_rule_alone_keeps_only_what_it_needs(rules: tuple[Rule, ...]) -> None:
    alone = make_plan((make_rule(fault(card="sum(up) > day_bytes")),), (), 100)
    assert len(alone.sketch) < len(make_plan(rules, (), 100).sketch) / 3
    assert "sum" in alone.sketch
    assert "peer_list" not in alone.sketch
