import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards import stage_one, tree
from tallyward.detect.cards.stage_one import EVERY_RECORD, Changes, Lack, _once, ask, key_question, pairs, question
from tallyward.detect.cards.vocabulary import PROFILE_COLUMNS, RECORD_COLUMNS
from tests.detect.rule_making import fault, make_rule, random_rule
from tests.detect.stretches import one_fault, stretch
from tests.detect.world import DAY, World

IMEI = RECORD_COLUMNS["imei"]


@pytest.mark.parametrize("seed", range(6))
def test_candidates_contain_every_exact_hit_of_random_rules(seed: int, new_world: Callable[[], World]) -> None:
    dice = random.Random(seed)
    world = new_world()
    for card in range(1, 30):
        world.card(card, fixed=dice.randint(0, 1), imei_bound=dice.choice([0, 1, 2]), roam_ok=dice.randint(0, 1))
        for _ in range(dice.randint(0, 4)):
            world.use(
                card,
                up=dice.randint(0, 4),
                dn=dice.randint(0, 4),
                imei=dice.randint(0, 3),
                cell=dice.randint(0, 4),
                peer=(1 << 60) | dice.randint(1, 4),
                svc=dice.randint(0, 2),
            )
    rules = tuple(random_rule(dice, f"T{number}") for number in range(3))
    exact = world.verdicts(rules)
    report = world.scan(rules).run(DAY)
    assert {(int(one.card), str(one.rule)) for one in report.findings if not one.rule.startswith("R0")} == exact
    assert report.candidates >= len({card for card, _ in exact})


def test_cards_are_named_by_their_id_and_those_without_profile_apart() -> None:
    made = stretch(
        [{"fixed": 1}, None, {"fixed": 1}, {"fixed": 0}],
        [{"card": 0, "up": 9}, {"card": 1, "up": 9}, {"card": 2, "up": 1}, {"card": 3, "up": 9, "cell": 77}],
    )
    found = ask(made, [question(one_fault(record="up > 5", card="fixed = 1"))], [])
    assert found.possible.tolist() == [100]
    assert found.lost.tolist() == [101]
    assert found.strange.tolist() == [103]
    assert found.seen == 3


def test_a_card_without_records_is_never_named() -> None:
    made = stretch([{"rn_active": 0}, {"rn_active": 0}], [{"card": 1}])
    assert ask(made, [question(one_fault(card="rn_active = 0"))], []).possible.tolist() == [101]


def test_what_is_lacking_all_day_is_counted_among_those_it_is_about() -> None:
    made = stretch(
        [{"fixed": 1}, {"fixed": 1}, {"fixed": 0}, {"fixed": 1, "home_area": 0}, None],
        [{"card": 0, "cell": 0}, {"card": 1, "cell": 0}, {"card": 1, "cell": 2}]
        + [{"card": card, "cell": 0} for card in (2, 3, 4)],
    )
    fixed = one_fault(card="fixed = 1").card
    lacks = [Lack(RECORD_COLUMNS["cell"], fixed), Lack(PROFILE_COLUMNS["home_area"], tree.TRUE)]
    assert ask(made, [], lacks).lacking == [2, 1]


def test_pairs_of_a_second_key_leave_out_what_has_none_and_cards_without_profile() -> None:
    made = stretch([{"imei_bound": 5}, {"imei_bound": 0}, None], [
        {"card": 0, "imei": 5}, {"card": 0, "imei": 6}, {"card": 1, "imei": 6}, {"card": 1, "imei": 0},
        {"card": 2, "imei": 6},
    ])  # fmt: skip
    given = one_fault(
        record="absent(imei_bound) OR imei <> imei_bound",
        across={"by": "imei", "count_distinct": "card_id", "at_least": "many"},
    )
    keys, cards = pairs(made, key_question(given, IMEI))
    assert sorted(zip(keys.tolist(), cards.tolist(), strict=True)) == [(6, 100), (6, 101)]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(5, 7)), max_size=30))
def test_the_key_that_a_card_has_with_every_record_comes_once(found: list[tuple[int, int]]) -> None:
    made = stretch([{}] * 5, [{"card": 0}])
    cards = np.array([card for card, _ in found], np.int32)
    keys = np.array([key for _, key in found], np.uint64)
    alone = list(zip(*(part.tolist() for part in _once(keys, cards, made.profiles)), strict=True))
    assert set(alone) == {(key, card + 100) for card, key in found}
    first: dict[int, int] = {}
    for card, key in found:
        first.setdefault(card, key)
    assert all(alone.count((key, card + 100)) == 1 for card, key in first.items())


def test_questions_whose_columns_differ_little_share_their_rows() -> None:
    made = stretch([{}], [{"card": 0, "svc": svc} for svc in (0, 0, 1)])
    rows = Changes(made.day, [frozenset({"peer", "svc"}), frozenset({"svc"}), frozenset({"imei"})])
    assert rows.of(frozenset({"svc"})) is rows.of(frozenset({"peer", "svc"}))
    assert rows.of(frozenset({"up"})) is None
    assert rows.of(EVERY_RECORD) is None
    changes = rows.of(frozenset({"imei"}))
    assert changes is not None
    assert np.flatnonzero(changes).tolist() == [0]


def test_over_rows_that_are_not_sure_no_aggregate_rules_a_card_out() -> None:
    given = one_fault(record="up * 0.3 > 0.1", card="fixed = 1 AND count() < 2")
    assert not tree.aggregates(question(given).card)
    made = stretch([{"fixed": 1}, {"fixed": 0}], [{"card": 0}, {"card": 0}, {"card": 1}])
    assert ask(made, [question(given)], []).possible.tolist() == [100]


def test_pieces_give_what_the_whole_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(5)
    records = sorted(
        ({"card": dice.randint(0, 30), "up": dice.randint(0, 9)} for _ in range(300)), key=lambda row: row["card"]
    )
    rule = make_rule(fault("a", card="sum(up) > day_bytes"), fault("b", record="up = 9"))
    asked = [question(one) for one in rule.faults]
    whole = ask(stretch([{}] * 31, records), asked, [])
    monkeypatch.setattr(stage_one, "_PIECE", 20)
    pieces = ask(stretch([{}] * 31, records), asked, [])
    assert whole.possible.tolist() == pieces.possible.tolist()
    assert (whole.seen, whole.lost.tolist()) == (pieces.seen, pieces.lost.tolist())
