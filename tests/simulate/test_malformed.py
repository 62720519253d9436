import pytest

from tallyward.simulate.arrivals import arrivals
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.malformed import BAD_ROWS, broken_file, with_bad_rows
from tests.simulate.conftest import DAY


def test_good_rows_stay_whole(fleet: Fleet) -> None:
    arrival = next(iter(arrivals(fleet, 40)))
    told = with_bad_rows(arrival)
    lines, good = told.data.split(b"\n"), arrival.data.split(b"\n")
    assert told.records == arrival.records
    assert lines[0] == good[0]
    assert [line for line in lines if line not in BAD_ROWS] == good
    assert sum(line in BAD_ROWS for line in lines) == len(BAD_ROWS)
    assert told.data.endswith(b"\n")


@pytest.mark.parametrize("row", BAD_ROWS)
def test_each_bad_row_has_as_many_fields_as_a_good_one(row: bytes) -> None:
    assert row.count(b",") == 12


def test_the_broken_file_promises_more_than_it_holds() -> None:
    name, data = broken_file(DAY)
    assert name.endswith(".tap")
    assert data[0] == 0x61
    assert len(data) < int.from_bytes(data[2:4], "big")
