from datetime import date
from typing import NamedTuple

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tallyward.records.compaction import FAN_IN, MOST_ROWS, groups, is_over, joined
from tests.records.making import usage_rows


class Segment(NamedTuple):
    number: int
    rows: int


def of(*rows: int) -> list[Segment]:
    return [Segment(number, count) for number, count in enumerate(rows)]


def test_a_day_is_over_a_day_after_its_end() -> None:
    assert [is_over(date(2026, 3, day), date(2026, 3, 4)) for day in (1, 2, 3, 4)] == [True, True, False, False]


def test_few_segments_are_left_alone_while_the_day_goes_on() -> None:
    assert groups(of(*[100] * (FAN_IN - 1)), over=False) == []
    assert [len(group) for group in groups(of(*[100] * FAN_IN), over=False)] == [FAN_IN]


def test_a_large_one_is_not_written_again_for_small_ones() -> None:
    (group,) = groups(of(900_000, *[100] * FAN_IN), over=False)
    assert [segment.rows for segment in group] == [100] * FAN_IN
    assert groups(of(900_000, 3, 4), over=True) == []


def test_what_is_left_of_a_day_that_is_over_becomes_one() -> None:
    assert groups(of(100, 200), over=True) == [of(100, 200)]
    assert groups(of(100), over=True) == []
    assert groups([], over=True) == []


@given(st.lists(st.integers(1, MOST_ROWS), max_size=60), st.booleans())
def test_each_segment_is_in_one_group_at_most_and_none_grows_too_large(rows: list[int], over: bool) -> None:
    segments = of(*rows)
    found = groups(segments, over=over)
    members = [segment.number for group in found for segment in group]
    assert len(members) == len(set(members))
    assert all(len(group) > 1 and sum(segment.rows for segment in group) <= MOST_ROWS for group in found)
    assert all(group == sorted(group) for group in found)


def test_a_record_is_written_again_as_often_as_its_segment_grows_fourfold() -> None:
    """An hour of files of 1,000 records each, joined whenever that is due."""
    held, written = of(), 0
    for number in range(1_000):
        held.append(Segment(number, 1_000))
        while due := groups(held, over=False):
            for group in due:
                written += sum(segment.rows for segment in group)
                held = [segment for segment in held if segment not in group]
                held.append(Segment(group[-1].number, sum(segment.rows for segment in group)))
    assert written <= 4 * 1_000_000
    assert len(held) <= 3 * FAN_IN


def test_joined_rows_are_sorted_and_complete() -> None:
    tables = [usage_rows(500, seed=seed, cards=20) for seed in (1, 2, 3)]
    rows = joined(tables)
    order = [("card_id", "ascending"), ("ts", "ascending"), ("dn", "ascending"), ("up", "ascending")]
    keys = [(row["card_id"], row["ts"]) for row in rows.select(["card_id", "ts"]).to_pylist()]
    assert keys == sorted(keys)
    assert rows.sort_by(order).equals(pa.concat_tables(tables).sort_by(order))
