import json
from typing import Any

import pytest

from tallyward.detect.cards.rule import Rule, Trial
from tallyward.detect.cards.rule_text import read_rules
from tallyward.detect.cards.trial import MOST_TIMES, check_trials, read_trial, verdict
from tallyward.kernel.errors import InvalidError
from tests.detect.rule_making import fault, make_rule

PLAIN: dict[str, Any] = {"name": "t", "records": [{}], "hit": True}


def trial(**given: object) -> Trial:
    return read_trial(read_rules(json.dumps({**PLAIN, **given}, ensure_ascii=False).encode(), "a.yaml"))


def refusal(**given: object) -> InvalidError:
    with pytest.raises(InvalidError) as caught:
        trial(**given)
    error = caught.value
    assert (error.parameters["file"], error.parameters["line"]) == ("a.yaml", 1)
    assert error.sentence("en") != error.sentence("zh-CN")
    return error


def test_words_and_times_are_read_as_numbers_and_rows() -> None:
    found = trial(profile={"data_mode": "directed", "day_bytes": 7}, records=[{"svc": "voice", "times": 3}, {"up": 4}])
    assert found.profile == {"data_mode": 1, "day_bytes": 7}
    assert [(row["svc"], row["up"]) for row in found.records] == [(2, 0)] * 3 + [(0, 4)]


def test_what_a_test_leaves_out_is_a_card_without_fault(rules: tuple[Rule, ...]) -> None:
    plain = trial(records=[{"svc": service} for service in ("data", "sms", "voice")], hit=False)
    assert [rule.id for rule in rules if verdict(rule, plain)] == []


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        ({"records": [{"imie": 1}]}, "detect.rule_name", {"name": "imie", "hint": "imei"}),
        ({"profile": {"imei_bund": 1}}, "detect.rule_name", {"name": "imei_bund", "hint": "imei_bound"}),
        ({"records": [{"data_mode": 1}]}, "detect.rule_name", {"name": "data_mode"}),
        ({"records": [{"svc": "vioce"}]}, "detect.rule_choice", {"key": "svc", "hint": "voice"}),
        ({"records": [{"up": "many"}]}, "detect.rule_value", {"key": "up"}),
        ({"records": [{"up": -1}]}, "detect.rule_value", {"key": "up"}),
        ({"records": [{"up": 1.5}]}, "detect.rule_value", {"key": "up"}),
        ({"records": {}}, "detect.rule_value", {"key": "records"}),
        ({"hit": 1}, "detect.rule_value", {"key": "hit"}),
        ({"on_list": ["x"]}, "detect.rule_value", {"key": "on_list"}),
        ({"other_cards": "x"}, "detect.rule_value", {"key": "other_cards"}),
        ({"places": {"a": [1, 2]}}, "detect.rule_value", {"key": "places"}),
        ({"places": {"1": [1]}}, "detect.rule_value", {"key": "places"}),
        ({"places": {"1": ["x", 2]}}, "detect.rule_value", {"key": "places"}),
        ({"record": []}, "detect.rule_key", {"key": "record", "hint": "records"}),
    ],
)
def test_what_is_not_understood_is_refused(given: dict[str, Any], code: str, told: dict[str, str]) -> None:
    error = refusal(**given)
    assert error.code == code
    assert {key: error.parameters[key] for key in told} == told


@pytest.mark.parametrize("lacking", ["name", "records", "hit"])
def test_a_test_needs_name_records_and_verdict(lacking: str) -> None:
    content = {key: value for key, value in PLAIN.items() if key != lacking}
    with pytest.raises(InvalidError) as caught:
        read_trial(read_rules(json.dumps(content).encode(), "a.yaml"))
    assert (caught.value.code, caught.value.parameters["key"]) == ("detect.rule_lacks", lacking)


@pytest.mark.parametrize("records", [[{"times": MOST_TIMES + 1}], [{"times": MOST_TIMES}, {}]])
def test_a_test_cannot_ask_for_endless_records(records: list[dict[str, int]]) -> None:
    assert refusal(records=records).code == "detect.rule_value"
    assert len(trial(records=[{"times": MOST_TIMES}]).records) == MOST_TIMES


@pytest.mark.parametrize("places", [{"1": [True, 2]}, {"²": [1, 2]}])
def test_a_place_that_only_looks_like_numbers_is_refused(places: dict[str, Any]) -> None:
    assert refusal(places=places).code == "detect.rule_value"


@pytest.mark.parametrize(
    ("made", "given", "hit"),
    [
        ({"card": "sum(up) > 5"}, {"records": [{"up": 3, "times": 2}]}, True),
        ({"card": "sum(up) > 6"}, {"records": [{"up": 3, "times": 2}]}, False),
        ({"card": "sum(up) > day_bytes"}, {"profile": {"day_bytes": 2}, "records": [{"up": 3}]}, True),
        ({"record": "NOT on_list(data_list, peer)"}, {"profile": {"data_list": 1}, "records": [{"peer": 9}]}, True),
        (
            {"record": "NOT on_list(data_list, peer)"},
            {"profile": {"data_list": 1}, "records": [{"peer": 9}], "on_list": [9]},
            False,
        ),
        ({"record": "fraud_prone(area)"}, {"records": [{"area": 4}], "fraud_prone": [4]}, True),
        ({"record": "fraud_prone(area)"}, {"records": [{"area": 4}], "fraud_prone": [5]}, False),
        (
            {"card": "span_km(cell) > 50"},
            {"records": [{"cell": 1}, {"cell": 2}], "places": {"1": [30, 110], "2": [31, 110]}},
            True,
        ),
        (
            {"card": "span_km(cell) > 50"},
            {"records": [{"cell": 1}, {"cell": 2}], "places": {"1": [30, 110], "2": [30.1, 110]}},
            False,
        ),
        ({"card": "month_sum(up) > 5"}, {"records": [{"up": 1}], "earlier": [{"up": 5}]}, True),
        ({"card": "sum(up) > 5"}, {"records": [{"up": 1}], "earlier": [{"up": 5}]}, False),
        ({"card": "count() = 0"}, {"records": []}, False),
    ],
)
def test_the_verdict_follows_profile_records_and_world(made: dict[str, Any], given: dict[str, Any], hit: bool) -> None:
    assert verdict(make_rule(fault(**made)), trial(**given)) is hit


@pytest.mark.parametrize(("others", "hit"), [(0, False), (1, False), (2, True), (9, True)])
def test_cards_by_another_key_are_this_one_and_the_others(others: int, hit: bool) -> None:
    rule = make_rule(fault(across={"by": "imei", "count_distinct": "card_id", "at_least": "many"}))
    assert verdict(rule, trial(records=[{"imei": 5}], other_cards=others)) is hit
    assert not verdict(rule, trial(records=[{"imei": 0}], other_cards=others)), "an absent key counts nothing"


def test_any_fault_is_enough() -> None:
    rule = make_rule(fault("a", card="sum(up) > 100"), fault("b", card="sum(dn) > 1"))
    assert verdict(rule, trial(records=[{"dn": 2}]))


def test_a_test_that_comes_out_otherwise_is_named_with_its_line() -> None:
    tests = [
        {"name": "ok", "records": [{"up": 2}], "hit": True},
        {"name": "wrong", "records": [{"up": 2}], "hit": False},
    ]
    rule = make_rule(fault(card="sum(up) > 1"), tests=tests)
    with pytest.raises(InvalidError) as caught:
        check_trials(rule)
    error = caught.value
    assert error.code == "detect.rule_test_failed"
    told = {key: error.parameters[key] for key in ("file", "line", "rule", "name", "expected")}
    assert told == {"file": "test.yaml", "line": 1, "rule": "T1", "name": "wrong", "expected": "false"}


def test_the_tests_of_the_default_rules_come_out_and_all_can_fail(rules: tuple[Rule, ...]) -> None:
    for rule in rules:
        check_trials(rule)
        for one in rule.trials:
            assert verdict(rule, one) is one.hit
