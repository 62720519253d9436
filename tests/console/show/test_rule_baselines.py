from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tallyward.console.look_up import LookUp
from tallyward.console.show.rule_baselines import class_baseline, damage_of, uses_of
from tallyward.console.views.rule_baselines import BaselineUse
from tallyward.detect.cards.book import RuleBook
from tallyward.detect.cards.rule import columns_of
from tallyward.detect.cards.usual_limits import set_into
from tallyward.kernel.actor import PLATFORM
from tallyward.kernel.errors import CorruptError
from tallyward.registry.model import CardClass, UsageLimits
from tests.console.house import House
from tests.detect.rule_making import fault, make_rule
from tests.detect.test_usual import counts, of

CLASSES = (
    CardClass(1, "meter", "Meter", "抄表", UsageLimits(max_peers=5)),
    CardClass(2, "camera", "Camera", "监控", UsageLimits()),
    CardClass(3, "new", "New", "新", UsageLimits(day_bytes=1)),
)
HOW = {"baseline": "peers_p999", "times": 1.5, "at_least": 8, "else": 64}
RULES = (
    make_rule(fault("f", card="count_distinct(peer) > max_peers"), rule="P2", limits={"max_peers": HOW}),
    make_rule(fault("f", card="count_distinct(peer) > far"), rule="P3", limits={"far": {**HOW, "else": 2.5}}),
    make_rule(fault("f", card="count() > 9"), rule="P4", limits={"other": 3}),
)


class ThreeClasses:
    """A registry with these classes."""

    def card_classes(self) -> tuple[CardClass, ...]:
        return CLASSES


def look_up(house: House) -> LookUp:
    registry: Any = ThreeClasses()
    return LookUp(replace(house.services, registry=registry), PLATFORM)


def shown(house: House, usual: Mapping[str, Mapping[int, int]]) -> dict[str, dict[str, tuple[float, str]]]:
    return {use.rule: by_class(use) for use in uses_of(RULES, look_up(house), usual)}


def by_class(use: BaselineUse) -> dict[str, tuple[float, str]]:
    return {one.card_class.code: (one.value, one.origin) for one in use.limits}


def test_a_limit_is_the_class_s_own_then_what_is_usual_then_the_rule_s_number(reading_house: House) -> None:
    assert shown(reading_house, {"peers_p999": {1: 100, 2: 21}, "peers_p50": {3: 7}}) == {
        "P2": {"meter": (5, "class"), "camera": (32, "baseline"), "new": (64, "rule")},
        "P3": {"meter": (150, "baseline"), "camera": (32, "baseline"), "new": (2.5, "rule")},
    }


def test_nothing_is_usual_before_it_was_counted(reading_house: House) -> None:
    assert shown(reading_house, {})["P2"] == {"meter": (5, "class"), "camera": (64, "rule"), "new": (64, "rule")}


def test_a_use_says_how_the_limit_follows(reading_house: House) -> None:
    use, _ = uses_of(RULES, look_up(reading_house), {})
    assert (use.limit, use.baseline, use.times, use.at_least, use.otherwise) == ("max_peers", "peers_p999", 1.5, 8, 64)


def test_what_is_shown_is_what_is_set_into_the_rules(reading_house: House) -> None:
    usual = {"peers_p999": {1: 3, 2: 1 << 62}}
    found = shown(reading_house, usual)["P3"]
    book = set_into(RuleBook.of(RULES), usual, "v1")
    (column,) = {one for one in columns_of(book.rules[1].faults[0]) if one.name == "far"}
    codes = {one.id: one.code for one in CLASSES}
    assert {codes[number]: limit for number, limit in column.by_class} == {
        code: value for code, (value, origin) in found.items() if origin == "baseline"
    }


def test_a_class_that_is_no_more_is_shown_without_name(reading_house: House) -> None:
    (one,) = of({77: counts([1] * 4, hour=3)}, enough=4).classes
    answer = class_baseline(one, look_up(reading_house))
    assert (answer.card_class.code, answer.known, answer.card_days, answer.hours[3]) == ("?", True, 4, 1.0)


def test_damage_is_told_in_both_languages_with_what_to_do() -> None:
    told = damage_of(CorruptError("detect.baselines_damaged", file="x.json", problem="cut off"))
    assert told is not None
    assert "x.json" in told.en
    assert "x.json" in told.zh_cn
    assert "tallyward rules baselines compute" in told.en
    assert damage_of(None) is None
