from tallyward.console.ports import Traversal
from tallyward.console.show.traversal import coverage
from tests.console.fakes import DAY, NOON


def test_the_statement_names_all_sums() -> None:
    told = coverage(Traversal(DAY, NOON, 10, 9, 1, 100, 98, 2, 4), 5).model_dump(mode="json")
    assert told == {
        "day": "2026-03-02",
        "cards_expected": 10,
        "cards_read": 9,
        "cards_unknown": 1,
        "records_in": 105,
        "records_used": 98,
        "records_refused": 7,
        "whitelisted": 4,
        "at": "2026-03-02T12:00:00Z",
        "complete": False,
    }


def test_what_intake_refused_leaves_a_whole_traversal_whole() -> None:
    told = coverage(Traversal(DAY, NOON, 10, 10, 0, 100, 100, 0), 5)
    assert told.complete
    assert told.records_in == told.records_used + told.records_refused == 105
