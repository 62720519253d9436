from dataclasses import replace
from datetime import timedelta

from tallyward.console.ports import Traversal
from tests.console.fakes import DAY, NOON
from tests.console.house import OPERATOR_A, House


def situation(house: House, name: str) -> dict[str, object]:
    answer = house.signed_in(name).get("/api/v1/situation")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_numbers_are_those_of_the_rows_one_may_see(reading_house: House) -> None:
    for name, cards, incidents in (("root", 6, 10), ("analyst-alpha", 3, 5), ("fleet-bravo", 3, 4), ("centre", 6, 10)):
        found = situation(reading_house, name)
        assert found["cards"] == {
            "total": cards,
            "real_name": {"none": 0, "requested": 0, "active": cards, "suspended": 0},
        }
        totals = found["incidents"]
        assert isinstance(totals, dict)
        assert (totals["open"], totals["total"]) == (incidents, incidents)
        assert sum(rule["total"] for rule in totals["by_rule"]) == incidents
        assert totals["by_state"]["open"] == incidents


def test_rules_without_incidents_are_named_too(reading_house: House) -> None:
    totals = situation(reading_house, "root")["incidents"]
    assert isinstance(totals, dict)
    by_rule = {rule["rule"]: rule["total"] for rule in totals["by_rule"]}
    assert by_rule["R1"] == 4
    assert by_rule["R7"] == 0
    assert by_rule["R0.unknown_card"] == 2


def test_areas_count_homes_and_what_was_recorded_there(reading_house: House) -> None:
    areas = situation(reading_house, "analyst-alpha")["areas"]
    assert isinstance(areas, list)
    by_code = {area["code"]: (area["cards"], area["incidents"], area["fraud_prone"]) for area in areas}
    assert by_code == {"CN-31": (3, 4, False), "XX": (0, 0, True)}


def test_counts_over_all_records_are_for_those_whose_records_they_are(house: House) -> None:
    house.scans.newest = Traversal(DAY, NOON, 6, 6, 2, 24, 24, 0)
    house.records.put_aside = {DAY: 3, DAY + timedelta(days=1): 8}
    whole, part = situation(house, "root"), situation(house, "analyst-alpha")
    records = whole["records"]
    assert isinstance(records, dict)
    assert (records["total"], sum(records["by_hour"]), len(records["by_hour"])) == (24, 24, 24)
    coverage = whole["coverage"]
    assert isinstance(coverage, dict)
    assert [coverage[f"records_{name}"] for name in ("in", "used", "refused")] == [27, 24, 3]
    assert (part["records"], part["coverage"]) == (None, None)
    sources = part["sources"]
    assert isinstance(sources, list)
    assert [source["name"] for source in sources] == ["alpha-files"]
    house.records.known_sources = [replace(source, operator=OPERATOR_A) for source in house.records.known_sources]
    assert situation(house, "analyst-alpha")["records"] == records
    assert situation(house, "fleet-alpha")["records"] is None


def test_before_the_first_record_the_day_is_today(house: House) -> None:
    house.records.of_card.clear()
    found = situation(house, "root")
    assert found["day"] == NOON.date().isoformat()
    assert found["records"] == {"total": 0, "by_hour": [0] * 24}
    assert found["coverage"] is None
