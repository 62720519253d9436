"""The table of breaks is whole and worded, and its weights say what they should."""

import pytest

from tallyward.custody.break_finding import Subject, found
from tallyward.custody.break_kinds import ACTION, BITS, LITTLE_USE_RECORDS, WEIGHT, Break, action_for, of_bits
from tallyward.kernel.catalogue import LANGUAGES, keys


def test_each_break_has_a_weight_an_action_a_bit_and_words() -> None:
    assert set(WEIGHT) == set(ACTION) == set(BITS) == set(Break)
    for language in LANGUAGES:
        assert {f"custody.break.{one}" for one in Break} <= keys(language)
        assert {f"custody.action.{one}" for one in ACTION.values()} <= keys(language)


@pytest.mark.parametrize("one", list(Break))
def test_bits_come_back(one: Break) -> None:
    assert of_bits(BITS[one]) == (one,)
    assert of_bits(BITS[one] | BITS[Break.NOT_IN_LOT]) == tuple(
        each for each in Break if each in {one, Break.NOT_IN_LOT}
    )


def chance(*breaks: Break, records: int = 100) -> int:
    return found(Subject("number", "1"), breaks, records=records).probability


def test_what_nobody_could_have_registered_is_nearly_certain_and_weak_signs_are_not() -> None:
    assert chance(Break.STOCK_IN_USE) > 950
    assert chance(Break.NOT_IN_LOT) > 980
    assert chance(Break.FAR_FROM_HOLDER) < 100
    assert chance(Break.FAR_FROM_HOLDER, Break.DEVICE_CHANGED) > chance(Break.DEVICE_CHANGED)


def test_a_trial_of_a_card_is_held_against_nobody_as_much() -> None:
    assert chance(Break.STOCK_IN_USE, records=LITTLE_USE_RECORDS - 1) < chance(Break.STOCK_IN_USE) - 100


def test_the_gravest_break_says_what_to_do() -> None:
    assert action_for((Break.DEVICE_CHANGED, Break.STOCK_IN_USE)).value == "stop_card"
