import numpy as np

from tallyward.detect.cards.live_state import BucketState, KeyState
from tallyward.detect.cards.stage_one import key_question, question
from tallyward.detect.cards.vocabulary import RECORD_COLUMNS
from tests.detect.stretches import one_fault, stretch

IMEI = RECORD_COLUMNS["imei"]


def state(*texts: dict[str, str], cards: int = 3) -> BucketState:
    return BucketState(100, cards, [question(one_fault(**given)) for given in texts], seed=5)


def test_a_card_is_named_in_the_batch_that_makes_it_guilty_with_the_rows_that_show_it() -> None:
    kept = state({"card": "sum(up) > 5"}, {"record": "up = 4"})
    first = kept.take(stretch([{}] * 3, [{"card": 0, "up": 3}, {"card": 2, "up": 4}, {"card": 2, "up": 1}]))
    assert [(one.question, one.cards.tolist(), one.rows.tolist()) for one in first] == [(1, [102], [1])]
    second = kept.take(stretch([{}] * 3, [{"card": 0, "up": 3}, {"card": 2, "up": 4}]))
    assert [(one.question, one.cards.tolist(), one.rows.tolist()) for one in second] == [(0, [100, 102], [0, 1])]
    assert kept.take(stretch([{}] * 3, [{"card": 0, "up": 9}, {"card": 2, "up": 4}])) == []


def test_a_card_without_profile_is_not_named() -> None:
    assert state({"record": "up = 4"}).take(stretch([None, {}, {}], [{"card": 0, "up": 4}])) == []


def test_what_repeats_the_last_batch_is_left_out_and_what_returns_is_not_counted_again() -> None:
    kept = state({"card": "count_distinct(imei) > 2"}, cards=1)
    for imeis in ([1], [1, 1], [2, 1], [2]):
        assert kept.take(stretch([{}], [{"card": 0, "imei": imei} for imei in imeis])) == []
    (raised,) = kept.take(stretch([{}], [{"card": 0, "imei": 3}]))
    assert raised.cards.tolist() == [100]


def test_a_repeated_first_row_is_not_worth_a_look() -> None:
    kept = state({"record": "imei <> imei_bound"}, cards=1)
    kept.take(stretch([{"imei_bound": 7}], [{"card": 0, "imei": 7}]))
    made = stretch([{"imei_bound": 7}], [{"card": 0, "imei": 7}, {"card": 0, "imei": 7}])
    (asked,) = kept.questions
    worth = kept._worth(made.day.changes(asked.columns), asked.columns, made.day)
    assert worth is not None
    assert not worth.any()


def test_cards_of_one_key_are_named_together_once_there_are_enough_even_from_earlier_batches() -> None:
    given = one_fault(record="up >= 0", across={"by": "imei", "count_distinct": "card_id", "at_least": "many"})
    kept = KeyState(key_question(given, IMEI), at_least=3, seed=5)
    assert kept.take(stretch([{}] * 4, [{"card": 0, "imei": 9}, {"card": 0, "imei": 9}, {"card": 1, "imei": 8}])) == []
    assert kept.take(stretch([{}] * 4, [{"card": 1, "imei": 9}, {"card": 3, "imei": 0}])) == []
    assert kept.take(stretch([{}] * 4, [{"card": 2, "imei": 9}])) == [(9, 100, 3), (9, 101, 3), (9, 102, 3)]
    assert kept.take(stretch([{}] * 4, [{"card": 3, "imei": 9}, {"card": 0, "imei": 9}])) == [(9, 103, 4)]


def test_rows_of_a_named_card_are_those_where_the_record_condition_holds() -> None:
    kept = state({"record": "svc = 'voice'", "card": "count() > 1"}, cards=2)
    rows = [{"card": 1, "svc": 2}, {"card": 0, "svc": 2}, {"card": 1, "svc": 0}, {"card": 1, "svc": 2}]
    (raised,) = kept.take(stretch([{}, {}], rows))
    assert (raised.cards.tolist(), raised.rows.tolist()) == ([101], [0, 3])
    assert np.flatnonzero(kept.named[0]).tolist() == [1]
