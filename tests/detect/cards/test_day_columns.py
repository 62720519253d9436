from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.detect.cards.day_columns import DayColumns, Profiles, differs
from tallyward.detect.cards.span import exactly
from tallyward.detect.cards.vocabulary import PROFILE_COLUMNS, limit_column


def profiles(**columns: list[int]) -> Profiles:
    arrays = {name: np.array(values, np.uint64) for name, values in columns.items()}
    unset = {"day_bytes": np.array([False, True, False])} if "day_bytes" in columns else {}
    return Profiles(100, np.array([True, True, False]), arrays, unset, {"up": exactly(np.array([5, 6, 7]), 7)})


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), max_size=60), st.integers(1, 20))
def test_pieces_are_whole_cards_in_order_and_lose_nothing(rows: list[tuple[int, int]], most: int) -> None:
    rows = sorted(rows)
    card = np.array([place for place, _ in rows], np.int32)
    day = DayColumns({"svc": np.array([value for _, value in rows], np.uint8)}, card, (0,) if rows else ())
    pieces = list(day.cut(10, most))
    assert [pieces[0][0], pieces[-1][1]] == [0, 10]
    assert all(end == begin for (_, end, _), (begin, _, _) in pairwise(pieces))
    joined = [
        (int(place) + begin, int(value))
        for begin, _, part in pieces
        for place, value in zip(part.card, part.columns["svc"], strict=True)
    ]
    assert joined == rows
    assert all(0 <= int(place) < end - begin for begin, end, part in pieces for place in part.card)


def test_records_out_of_order_stay_together() -> None:
    day = DayColumns({}, np.array([3, 1, 2], np.int32), (0,))
    assert [(begin, end) for begin, end, _ in day.cut(5, 1)] == [(0, 5)]


def test_changes_are_rows_unlike_the_row_before_of_the_same_card_and_stretch() -> None:
    svc = np.array([1, 1, 2, 2, 2, 2], np.uint8)
    day = DayColumns({"svc": svc}, np.array([0, 0, 0, 1, 1, 1], np.int32), (0, 5))
    assert np.flatnonzero(day.changes(frozenset({"svc"}))).tolist() == [0, 2, 3, 5]
    assert np.flatnonzero(day.changes(frozenset())).tolist() == [0, 3, 5]


def test_the_first_of_some_values_differs_and_of_none_none_does() -> None:
    assert differs(np.array([4, 4, 5])).tolist() == [True, False, True]
    assert differs(np.array([], np.int64)).tolist() == []


@pytest.mark.parametrize(("default", "told"), [(9, [1, 9, 3]), (2.5, [1.0, 2.5, 3.0])])
def test_where_nobody_set_a_limit_the_rules_own_applies(default: float, told: list[float]) -> None:
    span = profiles(day_bytes=[1, 0, 3]).span(limit_column("day_bytes", default), np.arange(3))
    assert np.asarray(span.low).tolist() == pytest.approx(told)
    assert (np.asarray(span.low) <= told).all()
    assert (np.asarray(span.high) >= told).all()


def test_a_limit_of_the_rule_alone_is_one_number() -> None:
    assert profiles().span(limit_column("far_km", 20), np.arange(2)).low == 20


def test_some_places_of_profiles_keep_their_card_ids() -> None:
    part = profiles(fixed=[1, 0, 1], day_bytes=[1, 0, 3]).between(1, 3)
    assert (part.first, part.count, part.known.tolist()) == (101, 2, [True, False])
    assert np.asarray(part.span(PROFILE_COLUMNS["fixed"], np.arange(2)).low).tolist() == [0, 1]
    assert part.unset["day_bytes"].tolist() == [True, False]
    assert np.asarray(part.earlier["up"].low).tolist() == [6, 7]
