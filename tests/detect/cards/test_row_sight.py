import random

import numpy as np
import pytest

from tallyward.detect.cards import tree
from tallyward.detect.cards.peer_ranges import Range
from tallyward.detect.cards.possible import where
from tallyward.detect.cards.row_sight import RowCondition, RowSight, rows_where
from tallyward.detect.cards.stage_one import settled
from tests.detect.rule_making import make_rule, random_fault
from tests.detect.stretches import one_fault, references, stretch

LISTS = [Range(1, 11, 11), Range(2, 12, 13), Range(3, 10, 20), Range(3, 14, 14)]


def sight(seed: int = 1) -> RowSight:
    dice = random.Random(seed)
    profiles = [
        {
            "data_list": dice.randint(0, 3),
            "fixed": dice.randint(0, 1),
            "imei_bound": dice.randint(0, 2),
            "home_area": dice.randint(0, 4),
            "data_mode": dice.randint(0, 2),
        }
        for _ in range(6)
    ]
    records = [
        {
            "card": dice.randint(0, 5),
            "svc": dice.randint(0, 2),
            "peer": dice.choice([0, 11, 12, 13, 14]),
            "imei": dice.randint(0, 2),
            "area": dice.randint(0, 4),
            "up": dice.randint(0, 4),
            "dn": dice.randint(0, 4),
        }
        for _ in range(60)
    ]
    made = stretch(profiles, records, references(LISTS))
    return RowSight(made.day, made.profiles, made.references)


@pytest.mark.parametrize(
    ("text", "wanted"), [("NOT on_list(data_list, peer)", False), ("on_list(data_list, peer)", True)]
)
def test_a_peer_is_looked_up_on_the_cards_own_list(text: str, wanted: bool) -> None:
    beside = sight()
    found = set(rows_where(RowCondition.of(settled(one_fault(record=text))[0]), beside, None).tolist())
    for row, (card, peer) in enumerate(zip(beside.day.card, beside.day.columns["peer"].tolist(), strict=True)):
        own = int(beside.profiles.columns["data_list"][card])
        listed = any(one.list == own and one.low <= peer <= one.high for one in LISTS)
        assert (row in found) == (peer != 0 and own != 0 and listed is wanted)


@pytest.mark.parametrize("seed", range(40))
def test_taking_a_condition_apart_changes_nothing(seed: int) -> None:
    dice = random.Random(seed)
    given = random_fault(dice, "one")
    while "record" not in given or "across" in given:
        given = random_fault(dice, "one")
    condition = settled(make_rule(given).faults[0])[0]
    beside = sight(seed)
    plain = where(condition, beside, np.arange(beside.day.count)).tolist()
    assert rows_where(RowCondition.of(condition), beside, None).tolist() == plain
    worth = np.arange(beside.day.count) % 2 == 0
    assert rows_where(RowCondition.of(condition), beside, worth).tolist() == [row for row in plain if row % 2 == 0]


def test_what_is_of_the_record_alone_is_asked_of_whole_columns_first() -> None:
    condition = settled(one_fault(record="svc = 'data' AND data_mode = 'none' AND imei <> imei_bound"))[0]
    apart = RowCondition.of(condition)
    assert [tree.columns(part)[0].name for part in apart.alone] == ["svc", "imei"]
    assert {column.name for part in apart.of_card for column in tree.columns(part)} == {"data_mode", "imei_bound"}
    assert [column.name for column in tree.columns(apart.rest)] == ["imei", "imei_bound"]
