from tallyward.console.ports import Traversal
from tallyward.console.show.traversal import coverage
from tests.console.fakes import DAY, NOON


def test_the_statement_names_all_sums() -> None:
    told = coverage(Traversal(DAY, NOON, 10, 9, 1, 100, 98, 2)).model_dump(mode="json")
    assert told == {
        "day": "2026-03-02",
        "cards_expected": 10,
        "cards_read": 9,
        "cards_unknown": 1,
        "records_in": 100,
        "records_used": 98,
        "records_refused": 2,
        "at": "2026-03-02T12:00:00Z",
        "complete": False,
    }
