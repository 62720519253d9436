import json
from importlib.resources import files
from typing import Any, Final

import pytest
import yaml

from tallyward.detect.cards import tree
from tallyward.detect.cards.baseline import ByBaseline
from tallyward.detect.cards.finding import LimitOrigin
from tallyward.detect.cards.rule_file import MOST_FAULTS, MOST_RULES, kind_of_observed, load_rules
from tallyward.detect.cards.vocabulary import Kind
from tallyward.kernel.errors import InvalidError
from tests.detect.rule_making import LIMITS, TEXTS, TRIALS, fault, make_rule, rule_text

GOOD: Final = fault(card="count() > 3")
ACROSS: Final = {"by": "imei", "count_distinct": "card_id", "at_least": "many"}


def refusal(text: str) -> InvalidError:
    with pytest.raises(InvalidError) as caught:
        load_rules(text.encode(), "a.yaml")
    error = caught.value
    assert error.parameters["file"] == "a.yaml"
    assert error.sentence("en") != error.sentence("zh-CN")
    return error


def lined(**given: Any) -> str:
    """A rule with each of its keys on a line of its own: id on line 1 .. any_of on line 6, tests on line 7."""
    content = {**json.loads(rule_text(GOOD)), **given}
    return "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in content.items())


def line_of(key: str, **given: Any) -> int:
    return next(at for at, line in enumerate(lined(**given).split("\n"), start=1) if line.startswith(f"{key}:"))


@pytest.mark.parametrize(
    ("given", "key", "code", "told"),
    [
        ({"severty": "low"}, "severty", "detect.rule_key", {"key": "severty", "hint": "severity"}),
        ({"id": "r1"}, "id", "detect.rule_id", {"text": "r1"}),
        ({"id": "R0.x"}, "id", "detect.rule_id", {}),
        ({"id": "R0"}, "id", "detect.rule_id", {}),
        ({"id": 7}, "id", "detect.rule_value", {"key": "id"}),
        ({"severity": "hihg"}, "severity", "detect.rule_choice", {"key": "severity", "hint": "high"}),
        ({"title": "text"}, "title", "detect.rule_value", {"key": "title"}),
        ({"title": {"en": "text"}}, "title", "detect.rule_lacks", {"key": "zh-CN"}),
        ({"title": {**TEXTS, "en": "{observed}"}}, "title", "detect.rule_blank", {"name": "observed"}),
        ({"missing": "fyre"}, "missing", "detect.rule_choice", {"hint": "fire"}),
        ({"limits": {"up": 1}}, "limits", "detect.rule_limit_name", {"key": "up"}),
        ({"limits": {"Far": 1}}, "limits", "detect.rule_limit_name", {"key": "Far"}),
        ({"limits": {"day_bytes": 1.5}}, "limits", "detect.rule_value", {"key": "day_bytes"}),
        ({"limits": {"many": -1}}, "limits", "detect.rule_value", {"key": "many"}),
        ({"any_of": []}, "any_of", "detect.rule_faults", {"most": MOST_FAULTS}),
        ({"any_of": [GOOD] * (MOST_FAULTS + 1)}, "any_of", "detect.rule_faults", {}),
        ({"any_of": GOOD}, "any_of", "detect.rule_value", {"wanted": "list"}),
        ({"any_of": ["count() > 3"]}, "any_of", "detect.rule_value", {"wanted": "mapping"}),
        ({"tests": []}, "tests", "detect.rule_untested", {"name": "T1"}),
        ({"tests": TRIALS[:1]}, "tests", "detect.rule_untested", {}),
        ({"tests": TRIALS[1:]}, "tests", "detect.rule_untested", {}),
    ],
)
def test_a_rule_that_is_not_understood_is_refused(
    given: dict[str, Any], key: str, code: str, told: dict[str, Any]
) -> None:
    error = refusal(lined(**given))
    assert (error.code, error.parameters["line"]) == (code, line_of(key, **given))
    assert {name: error.parameters[name] for name in told} == told


@pytest.mark.parametrize("key", ["id", "severity", "title", "description", "any_of", "tests"])
def test_a_rule_needs_all_its_parts(key: str) -> None:
    content = {name: value for name, value in json.loads(rule_text(GOOD)).items() if name != key}
    error = refusal(json.dumps(content))
    assert (error.code, error.parameters["key"]) == ("detect.rule_lacks", key)


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        ({}, "detect.rule_no_fault", {"name": "one"}),
        ({"recrod": "up > 1"}, "detect.rule_key", {"key": "recrod", "hint": "record"}),
        ({"name": "No Name", "card": "fixed = 1"}, "detect.rule_fault_name", {"text": "No Name"}),
        ({"record": "imie = imei_bound"}, "detect.rule_name", {"name": "imie", "hint": "imei"}),
        ({"record": 7}, "detect.rule_value", {"key": "condition"}),
        ({"record": "up > 1", "card": "month_sum(up) > 1"}, "detect.rule_month_of_some", {}),
        ({"across": ACROSS, "card": "count() > 1"}, "detect.rule_across_aggregate", {}),
        ({"across": {**ACROSS, "at_least": "mny"}}, "detect.rule_name", {"name": "mny", "hint": "many"}),
        ({"across": {**ACROSS, "at_least": "max_peers"}}, "detect.rule_name", {"name": "max_peers"}),
        ({"across": {**ACROSS, "by": "peer"}}, "detect.rule_choice", {"key": "by", "hint": "imei"}),
        ({"card": "fixed = 1", "limit": "max_pers"}, "detect.rule_name", {"name": "max_pers", "hint": "max_peers"}),
        ({"card": "fixed = 1", "limit": "peer"}, "detect.rule_name", {"name": "peer"}),
        ({"card": "fixed = 1", "origin": "crad"}, "detect.rule_choice", {"hint": "card"}),
        ({"card": "fixed = 1", "unit": "miles"}, "detect.rule_choice", {"key": "unit"}),
        ({"card": "fixed = 1", "observed": "fixed"}, "detect.rule_observed", {"text": "fixed"}),
        ({"card": "fixed = 1", "observed": "7"}, "detect.rule_observed", {}),
        ({"card": "fixed = 1", "observed": "count() + up"}, "detect.rule_observed", {}),
        ({"card": "fixed = 1", "why": {**TEXTS, "en": "{observd}"}}, "detect.rule_blank", {"hint": "observed"}),
        ({"card": "fixed = 1", "why": {**TEXTS, "en": "{observed!r}"}}, "detect.rule_blank", {}),
        ({"card": "fixed = 1", "why": {**TEXTS, "en": "{observed:>9999999}"}}, "detect.rule_blank", {}),
        ({"card": "fixed = 1", "why": {**TEXTS, "en": "{observed.__class__}"}}, "detect.rule_blank", {}),
        ({"card": "fixed = 1", "normal": {**TEXTS, "zh-CN": "{}"}}, "detect.rule_blank", {}),
        ({"card": "fixed = 1", "normal": {**TEXTS, "zh-CN": "{"}}, "detect.rule_blank", {}),
    ],
)
def test_a_fault_that_is_not_understood_is_refused(given: dict[str, Any], code: str, told: dict[str, Any]) -> None:
    error = refusal("\n\n" + rule_text(fault(**given)))
    assert (error.code, error.parameters["line"]) == (code, 3)
    assert {name: error.parameters[name] for name in told} == told


def test_the_column_points_at_the_word_that_is_wrong() -> None:
    text = rule_text(fault(record="up > 1 AND imie = imei_bound"))
    assert refusal(text).parameters["column"] == text.index("imie") + 1


def test_braces_that_are_written_twice_are_no_blank() -> None:
    made = make_rule(fault(card="fixed = 1", why={**TEXTS, "en": "{{x}} {observed}"}))
    assert made.faults[0].why["en"].format(observed=3) == "{x} 3"


def test_a_file_holds_one_rule_or_a_list_of_them() -> None:
    both = f"[{rule_text(GOOD)}, {rule_text(GOOD, rule='T2')}]"
    assert [rule.id for rule in load_rules(both.encode(), "a.yaml")] == ["T1", "T2"]
    assert refusal(f"[{'1,' * (MOST_RULES + 1)}]").code == "detect.rule_many"
    assert refusal("7").code == "detect.rule_value"


def test_a_fault_is_read_as_it_stands() -> None:
    made = make_rule(
        fault(record="up > 1", card="count() > max_peers", limit="max_peers", unit="bytes"), missing="fire"
    )
    found = made.faults[0]
    assert (found.missing, found.unit, found.observed) == ("fire", "bytes", tree.Aggregate("count", None))
    assert found.limit is not None
    assert (found.limit.name, found.limit.default, found.origin) == ("max_peers", 2, LimitOrigin.RULE)
    assert made.limits["far_km"] == 20
    own = make_rule(fault(card="fixed = 1", missing="ignore", limit="imei_bound"), missing="fire").faults[0]
    assert (own.missing, own.origin) == ("ignore", LimitOrigin.BINDING)
    across = make_rule(fault(across=ACROSS, observed="imei")).faults[0]
    assert across.across is not None
    assert across.limit == across.across.at_least
    assert kind_of_observed(across) is Kind.IMEI
    assert kind_of_observed(found) is Kind.NUMBER


def version(*faults: dict[str, Any], **given: Any) -> str:
    return make_rule(*faults, **given).version


def test_the_version_changes_with_what_is_found_and_with_nothing_else() -> None:
    plain = fault(card="sum(up) > day_bytes", limit="day_bytes")
    same = [
        version(plain),
        version({**plain, "card": "sum( up )  >  day_bytes"}),
        version({**plain, "why": {"en": "other", "zh-CN": "别的"}}),
        version(plain, title={"en": "other", "zh-CN": "别的"}),
        version(plain, reference="page 9"),
        version(plain, rule="T9"),
    ]
    other = [
        version({**plain, "card": "sum(up) >= day_bytes"}),
        version({**plain, "missing": "fire"}),
        version({**plain, "observed": "sum(up)"}),
        version(plain, limits={"day_bytes": 7}),
        version(plain, severity="high"),
        version(plain, fault("two", card="fixed = 1")),
    ]
    assert len(set(same)) == 1
    assert len({*same, *other}) == 1 + len(other)


@pytest.mark.parametrize("name", [f"R{number}.yaml" for number in range(1, 8)])
def test_no_default_rule_survives_a_key_that_is_misspelt(name: str) -> None:
    data = files("tallyward.detect.cards").joinpath("rules", name).read_bytes()
    load_rules(data, name)
    for key in yaml.safe_load(data):
        with pytest.raises(InvalidError) as caught:
            load_rules((b"\n" + data).replace(f"\n{key}:".encode(), f"\n{key}x:".encode()), name)
        assert (caught.value.code, caught.value.parameters["hint"]) == ("detect.rule_key", key)


PEERS = {"baseline": "peers_p999", "times": 2, "at_least": 8, "else": 64}


def test_a_limit_may_follow_from_a_baseline_and_has_a_number_for_where_there_is_none() -> None:
    made = make_rule(fault(card="count_distinct(peer) > max_peers", limit="max_peers"), limits={"max_peers": PEERS})
    limit = made.faults[0].limit
    assert limit is not None
    assert (limit.default, limit.baseline, limit.by_class) == (64, ByBaseline("peers_p999", 2, 8), ())
    assert (made.limits, made.baselines) == ({"max_peers": 64}, {"max_peers": ByBaseline("peers_p999", 2, 8)})
    assert made.limit_texts == {"max_peers": "peers_p999 × 2, ≥ 8, else 64"}
    short = make_rule(fault(card="count() > own"), limits={"own": {"baseline": "hours_p50", "else": 2.5}})
    assert short.baselines == {"own": ByBaseline("hours_p50", 1, 0)}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"else": None}, "detect.rule_lacks"),
        ({"baseline": None}, "detect.rule_lacks"),
        ({"baseline": "peers_p42"}, "detect.rule_choice"),
        ({"baseline": 7}, "detect.rule_choice"),
        ({"times": 0}, "detect.rule_value"),
        ({"times": -1}, "detect.rule_value"),
        ({"times": 1_000_001}, "detect.rule_value"),
        ({"times": "many"}, "detect.rule_value"),
        ({"at_least": -1}, "detect.rule_value"),
        ({"at_least": 1.5}, "detect.rule_value"),
        ({"else": 1.5}, "detect.rule_value"),  # peers are whole
        ({"else": PEERS}, "detect.rule_value"),
        ({"at_most": 9}, "detect.rule_key"),
    ],
)
def test_a_limit_by_baseline_that_is_not_understood_is_refused(changes: dict[str, Any], code: str) -> None:
    given = {key: value for key, value in {**PEERS, **changes}.items() if value is not None}
    assert refusal(rule_text(fault(card="count() > max_peers"), limits={"max_peers": given})).code == code


def test_cards_counted_by_another_key_are_of_many_classes_so_their_limit_is_a_number() -> None:
    many = {"baseline": "peers_p999", "else": 3}
    assert (
        refusal(rule_text(fault(across=ACROSS), limits={**LIMITS, "many": many})).code == "detect.rule_across_baseline"
    )


def test_the_version_names_how_a_limit_follows_from_a_baseline() -> None:
    limit = fault(card="count_distinct(peer) > max_peers")
    versions = [
        version(limit, limits={"max_peers": given})
        for given in (64, PEERS, {**PEERS, "times": 3}, {**PEERS, "at_least": 9}, {**PEERS, "baseline": "peers_p99"})
    ]
    assert len(set(versions)) == len(versions)
    unused = [version(fault(card="count() > 1"), limits={"max_peers": given}) for given in (64, PEERS)]
    assert len(set(unused)) == 1
