from dataclasses import replace

from tallyward.console.look_up import LookUp
from tallyward.console.show.sources import sees_all, source_row, visible
from tallyward.kernel.actor import EVERYTHING, PLATFORM, Scope
from tests.console.fakes import source
from tests.console.house import FLEET_A, OPERATOR_A, OPERATOR_B, House

ALPHA, BRAVO = source(1, "alpha", OPERATOR_A), source(2, "bravo", OPERATOR_B)


def test_sources_are_their_operators() -> None:
    assert visible(EVERYTHING, [ALPHA, BRAVO]) == [ALPHA, BRAVO]
    assert visible(Scope(OPERATOR_A), [ALPHA, BRAVO]) == [ALPHA]
    assert visible(Scope(FLEET_A), [ALPHA, BRAVO]) == []


def test_counts_over_all_belong_to_the_only_operator() -> None:
    assert sees_all(Scope(OPERATOR_A), [ALPHA])
    assert not sees_all(Scope(OPERATOR_A), [ALPHA, BRAVO])
    assert not sees_all(Scope(OPERATOR_A), [])
    assert not sees_all(Scope(FLEET_A), [ALPHA])
    assert sees_all(EVERYTHING, [])


def test_a_source_that_never_delivered(reading_house: House) -> None:
    fresh = replace(ALPHA, format=None, last_at=None, newest_ts=None)
    row = source_row(LookUp(reading_house.services, PLATFORM), fresh)
    assert (row.format, row.last_at, row.newest_at) == (None, None, None)
