from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallyward.custody.drafting import live_parts, live_runs, read_range
from tallyward.custody.fields import Part
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import lot, new_machine, sell


def test_a_run_is_cut_where_its_events_differ() -> None:
    machine = new_machine()
    first = lot(machine, "LOT", 100)
    sold = sell(machine, "OP", "RES", Part("LOT", 20, 40, first))
    assert live_parts(machine.state, "LOT", 10, 100) == [
        Part("LOT", 10, 20, first),
        Part("LOT", 20, 40, sold),
        Part("LOT", 40, 100, first),
    ]
    for start, end in ((0, 101), (5, 5), (-1, 3)):
        with pytest.raises(TallywardError, match="span_invalid"):
            live_parts(machine.state, "LOT", start, end)
    with pytest.raises(TallywardError, match="lot_unknown"):
        live_parts(machine.state, "NONE", 0, 1)


@given(st.lists(st.tuples(st.sampled_from(["A", "B"]), st.integers(0, 29)), min_size=1, max_size=40))
def test_single_cards_become_the_fewest_parts(places: list[tuple[str, int]]) -> None:
    machine = new_machine()
    causes = {"A": lot(machine, "A", 30), "B": lot(machine, "B", 30)}
    found = live_runs(machine.state, places)
    assert [(part.lot, slot) for part in found for slot in range(part.start, part.end)] == sorted(set(places))
    assert all(one[:1] != other[:1] or one.end < other.start for one, other in pairwise(found))
    assert {part.cause for part in found} <= set(causes.values())


def test_how_people_write_cards() -> None:
    assert read_range("LOT") == ("LOT", None, None)
    assert read_range("LOT:7") == ("LOT", 7, 8)
    assert read_range("a:b:7-9") == ("a:b", 7, 10)
    for text in ("LOT:", "LOT:x", "LOT:1-", "LOT:-1", ":3", "LOT:1-2-3", "LOT:１"):
        with pytest.raises(TallywardError, match="range_form"):
            read_range(text)
