from tallyward.detect.cards import tree
from tallyward.detect.cards.plan import EVIDENCE_COLUMNS, make_plan
from tallyward.detect.cards.rule import Rule
from tallyward.detect.cards.vocabulary import Home
from tallyward.kernel.ids import RuleId
from tests.detect.rule_making import fault, make_rule


def test_every_fault_is_asked_once_and_judged_once(rules: tuple[Rule, ...]) -> None:
    plan = make_plan(rules, (3,), 100)
    assert len(plan.faults) == sum(len(rule.faults) for rule in rules)
    assert len(plan.questions) + len(plan.keys) == len(plan.faults)
    assert plan.count.count("GROUP BY card_id") == 1


def test_a_second_key_is_planned_once_a_fault_that_counts_by_it(rules: tuple[Rule, ...]) -> None:
    plan = make_plan(rules, (), 100)
    (key,) = plan.keys
    assert plan.rules[plan.faults[key.fault].rule].id == "R4"
    assert key.at_least == 8
    assert plan.key_columns == ("card_id", "imei")
    assert plan.key_profile_columns == ("card_id", "imei_bound")


def test_a_record_without_cell_or_list_is_never_dropped_by_a_join(rules: tuple[Rule, ...]) -> None:
    judge = make_plan(rules, (3,), 100).judge
    joins = judge.replace("LEFT JOIN", "").replace("SEMI JOIN wanted", "").replace("JOIN profile", "")
    assert " JOIN " not in joins


def test_only_what_the_rules_and_the_evidence_need_is_read(rules: tuple[Rule, ...]) -> None:
    alone = make_plan((make_rule(fault(card="sum(up) > day_bytes")),), (), 100)
    assert alone.record_columns == tuple(sorted({"card_id", "cell", *EVIDENCE_COLUMNS}))
    assert alone.profile_columns == ("card_id", "day_bytes")
    all_of_them = make_plan(rules, (), 100)
    assert not {"gx", "gy", "plmn", "rat", "stranger", "quality"} & set(all_of_them.record_columns)
    with_network = make_plan((make_rule(fault(record="plmn = 46000 AND rat = 6")),), (), 100)
    assert {"plmn", "rat"} <= set(with_network.record_columns)


def test_what_a_rule_may_lack_is_told_with_whom_it_is_about(rules: tuple[Rule, ...]) -> None:
    lacks = {(one.rule, one.lack.operand.name): one.lack for one in make_plan(rules, (), 100).blind}
    r5 = [rule.id for rule in rules].index(RuleId("R5"))
    lack = lacks[r5, "cell"]
    assert lack.operand.home is Home.RECORD
    assert [column.name for column in tree.columns(lack.about)] == ["fixed"]


def test_a_months_sum_is_kept_once_for_all_rules() -> None:
    text = "month_sum(up + dn) > month_bytes"
    plan = make_plan((make_rule(fault(card=text)), make_rule(fault(card=text), rule="T2")), (), 100)
    assert list(plan.months.values()) == ["e0"]
