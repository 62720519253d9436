from typing import Any

from tallyward.detect.cards import evaluate
from tallyward.registry.profile_schema import PROFILE
from tests.detect.rule_making import fault, make_rule
from tests.detect.world import PLACES, PLAIN_PROFILE, PLAIN_RECORD, Row, no_limits

PROFILE_ROW = {**dict.fromkeys(PROFILE.names, 0), **no_limits(), **PLAIN_PROFILE}
WORLD = evaluate.World(lambda _list, _peer: False, frozenset({3}), PLACES, [])


def holds(records: list[Row], profile: Row | None = None, **given: Any) -> bool:
    one = make_rule(fault(**given)).faults[0]
    return evaluate.holds(one, {**PROFILE_ROW, **(profile or {})}, [{**PLAIN_RECORD, **row} for row in records], WORLD)


def test_a_limit_is_the_cards_before_the_rules() -> None:
    used: list[Row] = [{"up": 4, "dn": 3}]
    assert holds(used, card="sum(up + dn) > day_bytes")  # the rule's: 6
    assert not holds(used, {"day_bytes": 7}, card="sum(up + dn) > day_bytes")


def test_what_is_absent_says_nothing_unless_it_shall_fire() -> None:
    assert not holds([{"imei": 0}], record="imei <> imei_bound")
    assert holds([{"imei": 0}], record="imei <> imei_bound", missing="fire")
    assert not holds([{"imei": 0}], {"imei_bound": 0}, record="imei <> imei_bound")


def test_the_span_is_the_longer_side_of_the_box_and_shrinks_towards_the_pole() -> None:
    assert 37 < evaluate.span_km([1, 3], PLACES) < 39
    assert 99 < evaluate.span_km([1, 4], PLACES) < 101
    assert evaluate.span_km([5, 6], PLACES) < 45  # twice the degrees at 60 north, half the kilometres
    assert evaluate.span_km([1], PLACES) == evaluate.span_km([], PLACES) == 0
    assert evaluate.span_km([1, 99], PLACES) == 0  # a cell without a place adds nothing


def test_distinct_counts_leave_the_absent_out() -> None:
    assert holds([{"cell": 1}, {"cell": 2}, {"cell": 3}], card="count_distinct(cell) > max_cells")
    assert not holds([{"cell": 1}, {"cell": 2}, {"cell": 0}], card="count_distinct(cell) > max_cells")


def test_a_prone_area_is_known_by_its_number() -> None:
    assert holds([{"area": 3}], record="fraud_prone(area)")
    assert not holds([{"area": 2}], record="fraud_prone(area)")
